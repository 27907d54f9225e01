import { dayInVietnam, type Clock } from '#kernel/clock.ts'
import type { AccountId, PersonId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { LimitName, Limits } from '#domain/abuse/limits.ts'
import { networkOf } from '#domain/abuse/network.ts'
import { notEnded } from '#domain/account/account.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { officeFor, type Office } from '#domain/notice/office.ts'
import type { Claimed } from '#domain/registry/match.ts'
import type { Person } from '#domain/registry/person.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import type { Notices } from '#domain/signal/notice.ts'
import { eligibility, type EnrolmentRules } from './eligibility.ts'
import { counterOf, findNamed, namedOf, type Named } from './named.ts'

type Tools = {
  limits: Limits
  registry: Pick<RegistryStore, 'findByNumber' | 'findByPassport'>
  accounts: Pick<AccountStore, 'findByPerson' | 'contacts'>
  notices: Pick<Notices, 'registrationTried'>
  /** Runs after the answer has left, so that its length says nothing. */
  later: (task: () => Promise<void>) => void
  clock: Clock
  rules: EnrolmentRules
}

type Asking = Named & { claimed: Claimed; address: string }
export type Comparison = { is: 'eligible'; person: Person } | { is: 'refused'; person?: PersonId | undefined }

/**
 * Compares what somebody claims with the registry. Every reason to refuse looks the same; who has an account already hears of
 * the attempt. Guesses are counted by number or passport and network, so that a stranger cannot use them up for the person whose it
 * is, and more loosely by number or passport alone. Each is counted before anything is looked at, so that of guesses made at once no more are
 * heard than of those made one after the other (CVE-2024-4629); who was right gets it back.
 */
export async function compare(tools: Tools, { claimed, address, ...asking }: Asking): Promise<Comparison> {
  const named = namedOf(asking)
  const counter = counterOf(named)
  const counters: readonly (readonly [LimitName, string])[] = [
    ['registration-per-number-and-network', `${counter} ${networkOf(address)}`],
    ['registration-per-number', counter],
  ]
  const paid = await Promise.all(counters.map(([limit, key]) => tools.limits.spend(limit, key).then(() => true, onlyLimit)))
  const person = await findNamed(tools.registry, named)
  // Whose death was reported in error has a new account once the registry says that they live; the old one stays ended.
  const registered = person && notEnded(await tools.accounts.findByPerson(person.id))
  const today = dayInVietnam(tools.clock.now())
  const verdict = eligibility({ person, claimed, byPassport: named.passport !== undefined, registered: registered !== undefined, today })
  if (registered) tools.later(() => tell(tools, registered.id, officeFor(person)))
  if (verdict.is !== 'eligible' || !paid.every(Boolean)) return { is: 'refused', person: person?.id }
  for (const [limit, key] of counters) await tools.limits.give(limit, key, 'back')
  return verdict
}

/** Used up: the guess is not heard, and the answer is that to a wrong one. */
function onlyLimit(error: unknown): false {
  if (error instanceof Problem && error.code === 'limit.exceeded') return false
  throw error
}

/** Warnings have a counter of their own: nobody can use them up by asking for codes, or learn of them that way. */
async function tell(tools: Pick<Tools, 'accounts' | 'notices' | 'limits'>, account: AccountId, office: Office): Promise<void> {
  await tools.limits.spend('warning-per-account', account)
  for (const { value } of await tools.accounts.contacts(account)) await tools.notices.registrationTried(value, office)
}
