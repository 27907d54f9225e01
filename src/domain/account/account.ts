import type { AccountId, PersonId } from '#kernel/id.ts'
import { epochSeconds, type Day } from '#kernel/clock.ts'
import type { ProblemCode } from '#kernel/problem.ts'
import type { AccountLevel } from '#domain/assurance/level.ts'

/**
 * Why an account is closed for use. Grounds are a set: the account opens again when the last one ends (Law 26/2023 Art 34,
 * Decree 69/2024 Art 15). The holder may clear only `holder-request`.
 */
export const lockGrounds = [
  'holder-request',
  'terms-breach',
  'card-held-or-revoked',
  'card-expired',
  'passport-expired',
  'residence-expired',
  'competent-body',
  'phone-claimed-by-owner',
] as const
export type LockGround = (typeof lockGrounds)[number]

/** `issued` waits for activation within 7 days (Decree 69/2024 Art 14), after that only the hotline activates it. */
export type AccountState = 'issued' | 'active' | 'activation-expired'

export type Account = {
  id: AccountId
  person: PersonId
  level: AccountLevel
  state: AccountState
  locks: readonly { ground: LockGround; since: Date }[]
  /** Last day of use, from the card or passport it follows; none known for a person without a card. */
  expiresOn?: Day | undefined
  createdAt: Date
  /** Whatever began before this moment is over: sessions and tokens, on every node, however long they were good for. */
  signedOutAt?: Date | undefined
}

export type Standing = { is: 'usable' } | { is: 'refused'; problem: ProblemCode; since?: Date | undefined }

type Row = { problem: ProblemCode; holds: (facts: Facts) => boolean; since?: (facts: Facts) => Date | undefined }
type Facts = { account: Account; life: 'alive' | 'deceased' | 'missing'; today: Day }

/** In the order in which a reason is told: what cannot be undone comes first. */
const refusals: readonly Row[] = [
  { problem: 'account.deceased', holds: ({ life }) => life === 'deceased' },
  { problem: 'account.locked', holds: ({ account }) => account.locks.length > 0, since: ({ account }) => earliest(account.locks) },
  { problem: 'account.expired', holds: ({ account, today }) => account.expiresOn !== undefined && account.expiresOn < today },
  { problem: 'account.not-activated', holds: ({ account }) => account.state !== 'active' },
]

/** Whether this account may be used today, and if not, the first reason to tell. A missing person is not a closed account. */
export function standing(account: Account, life: Facts['life'], today: Day): Standing {
  const facts = { account, life, today }
  const refusal = refusals.find((row) => row.holds(facts))
  return refusal ? { is: 'refused', problem: refusal.problem, since: refusal.since?.(facts) } : { is: 'usable' }
}

/** Whether what began in this second (since 1970) is over, because everything was ended after it. */
export function signedOutSince({ signedOutAt }: Pick<Account, 'signedOutAt'>, began: number): boolean {
  return signedOutAt !== undefined && began < epochSeconds(signedOutAt)
}

function earliest(locks: Account['locks']): Date | undefined {
  return locks.map((lock) => lock.since).toSorted((a, b) => a.getTime() - b.getTime())[0]
}
