import type { Day } from '#kernel/clock.ts'
import type { Account } from '#domain/account/account.ts'
import { entitlement, hasValidPaper } from '#domain/account/entitlement.ts'
import { isOwnLock } from '#domain/account/unlocking.ts'
import { needOf } from '#domain/acting/representation.ts'
import type { Person } from '#domain/registry/person.ts'
import type { Purpose } from './rules.ts'

/** Why a desk can do nothing for somebody today; an officer who has looked them up reads it. */
export type DeskFault = 'unknown' | 'not-citizen' | 'not-foreigner' | 'not-alive' | 'represented' | 'no-representative' | 'no-valid-card' | 'not-entitled' | 'no-account' | 'already' | 'locked' | 'held' | 'office' | 'elsewhere' | 'chip-doubtful' | 'chip-unread'

type Facts = { person: Person; account: Account | undefined; /** Whether the account has a passkey that signs in. */ keys: boolean; /** Whether a role in office is theirs. */ office: boolean; /** How many may act for them at this moment. */ representatives: number; purpose: Purpose; /** At a desk of the immigration authority. */ immigration: boolean; today: Day }

/** What cannot be helped comes first. */
const checks: readonly { fault: DeskFault; holds: (facts: Facts) => boolean }[] = [
  { fault: 'not-alive', holds: ({ person, account }) => person.life.status !== 'alive' || account?.state === 'deceased' },
  // Foreigners go to the immigration authority, and nobody else does (Decree 69/2024 Art 10.2, 11.2).
  { fault: 'not-citizen', holds: ({ person, immigration }) => person.kind === 'foreigner' && !immigration },
  { fault: 'not-foreigner', holds: ({ person, immigration }) => person.kind !== 'foreigner' && immigration },
  // Whoever is represented has no passkey that opens anything, so there is nothing to get back (Art 14.2).
  { fault: 'represented', holds: ({ person, purpose, today }) => purpose === 'recovery' && needOf(person, today) !== undefined },
  { fault: 'no-valid-card', holds: ({ person, today }) => !hasValidPaper(person, today) },
  { fault: 'not-entitled', holds: ({ person, today }) => entitlement(person, today).level2 === 'no' },
  // They come with a representative, who is known by the register and by their own account of level 2 (Art 10.2, 14.2).
  { fault: 'no-representative', holds: ({ person, representatives, today }) => needOf(person, today) !== undefined && representatives === 0 },
  { fault: 'no-account', holds: ({ account, purpose }) => purpose === 'recovery' && account === undefined },
  // One officer gives a new key to nobody who decides: two people end their roles first, and give them anew afterwards (A01).
  { fault: 'office', holds: ({ office, keys, purpose }) => office && (purpose === 'recovery' || !keys) },
  // Whoever closed their account because the phone is gone comes for just that (Art 30); every other ground ends where it was set.
  { fault: 'locked', holds: ({ account, purpose }) => account !== undefined && account.locks.length > 0 && !(purpose === 'recovery' && isOwnLock(account.locks)) },
  // Somebody came back with a printed code: a desk that takes the phones away settles whose account it is.
  { fault: 'held', holds: ({ account, purpose }) => purpose === 'level-2' && account?.heldUntil !== undefined },
  { fault: 'already', holds: ({ person, account, keys, purpose, today }) => purpose === 'level-2' && (keys || needOf(person, today) !== undefined) && account?.level === 2 },
]

/** Whether a desk may go on with this person (Decree 69/2024 Art 7, 10.2, 11.2), and if not, why. */
export function deskFault(facts: Omit<Facts, 'person'> & { person: Person | undefined }): DeskFault | undefined {
  const { person } = facts
  return person === undefined ? 'unknown' : checks.find(({ holds }) => holds({ ...facts, person }))?.fault
}
