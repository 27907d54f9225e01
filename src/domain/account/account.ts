import type { AccountId, PasskeyId, PersonId } from '#kernel/id.ts'
import { epochSeconds, startOfDay, type Day } from '#kernel/clock.ts'
import type { ProblemCode } from '#kernel/problem.ts'
import type { AccountLevel } from '#domain/assurance/level.ts'
import type { LockGround, Paper } from './ground.ts'

/**
 * `issued` waits for activation, after some days by desk or hotline only (Decree 69/2024 Art 14.1; `config/account.json`). `deceased` is the
 * end: nothing moves it any more. Locks are beside the state, for an account may be both.
 */
export const accountStates = ['issued', 'active', 'deceased'] as const
export type AccountState = (typeof accountStates)[number]

export type Account = {
  id: AccountId
  person: PersonId
  level: AccountLevel
  /** Brought back by a printed code: until then it counts as level 1, whatever its level (`levelAt`). */
  heldUntil?: Date | undefined
  state: AccountState
  /** `lost`: because the device is gone; each passkey opens it some time after its holder has asked for that, and no other does then. `byCode`: nothing but printed codes showed whose it is. `firstReport`: the first of the reports that keep it closed. */
  locks: readonly { ground: LockGround; since: Date; lost?: boolean; byCode?: boolean; firstReport?: Date; openings?: readonly { passkey: PasskeyId; at: Date }[] }[]
  /** The paper it follows, and the last day of that; none known for a person without a card. */
  paper?: Paper | undefined
  expiresOn?: Day | undefined
  createdAt: Date
  /** Whatever began before this moment is over: sessions and tokens, on every node, however long they were good for. */
  signedOutAt?: Date | undefined
  /** Days on which a court's decision begins or ceases to count, until the services were told (`followCourts`). */
  courtDays?: readonly Day[] | undefined
}

export type Standing = { is: 'usable' } | { is: 'refused'; problem: ProblemCode; since?: Date | undefined }

type Row = { problem: ProblemCode; holds: (facts: Facts) => boolean; since?: (facts: Facts) => Date | undefined }
type Facts = { account: Account; life: 'alive' | 'deceased' | 'missing'; today: Day }

/** In the order in which a reason is told: what cannot be undone comes first. */
const refusals: readonly Row[] = [
  { problem: 'account.deceased', holds: ({ account, life }) => account.state === 'deceased' || life === 'deceased' },
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

/** The account that somebody has: one that has ended is none, also where its holder's death was reported in error and they have no new one yet. */
export function notEnded(account: Account | undefined): Account | undefined {
  return account?.state === 'deceased' ? undefined : account
}

/** The level that counts at this moment. */
export function levelAt({ level, heldUntil }: Pick<Account, 'level' | 'heldUntil'>, at: Date): AccountLevel {
  return heldUntil !== undefined && at < heldUntil ? 1 : level
}

/**
 * Whether what began in this second (since 1970) is over, because everything was ended after it: by somebody, or by the day that a court has
 * named, however long before that was imported and whether or not anybody has acted on it yet.
 */
export function signedOutSince({ signedOutAt, courtDays = [] }: Pick<Account, 'signedOutAt' | 'courtDays'>, began: number, now: Date): boolean {
  const ends = [...(signedOutAt === undefined ? [] : [signedOutAt]), ...courtDays.map(startOfDay).filter((begins) => begins <= now)]
  return ends.some((end) => began < epochSeconds(end))
}

function earliest(locks: Account['locks']): Date | undefined {
  return locks.map((lock) => lock.since).toSorted((a, b) => a.getTime() - b.getTime())[0]
}
