import { z } from 'zod'
import type { Day } from '#kernel/clock.ts'
import { entitlement, hasValidPaper } from '#domain/account/entitlement.ts'
import { needOf } from '#domain/acting/representation.ts'
import { matches, type Claimed } from '#domain/registry/match.ts'
import { sameName } from '#domain/registry/name.ts'
import { samePassportName } from '#domain/registry/passport.ts'
import type { Person } from '#domain/registry/person.ts'

/** `config/enrolment.json`. */
export const enrolmentSchema = z.strictObject({
  contactCode: z.strictObject({
    digits: z.int().min(6).max(8),
    lifeMinutes: z.int().positive(),
    tries: z.int().positive(),
    resendAfterSeconds: z.int().nonnegative(),
    sends: z.int().positive(),
  }),
})
export type EnrolmentRules = z.infer<typeof enrolmentSchema>

/** Why somebody cannot register online. It is counted and audited, and never told: every reason looks the same outside. */
export type Refusal = 'unknown' | 'mismatch' | 'registered' | 'not-alive' | 'under-age' | 'no-valid-card' | 'not-entitled'

export type Facts = { person: Person | undefined; claimed: Claimed; /** Found by the passport that they named. */ byPassport?: boolean; registered: boolean; today: Day }

const checks: readonly { refusal: Refusal; fails: (facts: Facts & { person: Person }) => boolean }[] = [
  { refusal: 'registered', fails: ({ registered }) => registered },
  { refusal: 'not-alive', fails: ({ person }) => person.life.status !== 'alive' },
  { refusal: 'under-age', fails: ({ person, today }) => !entitlement(person, today).alone || needOf(person, today) !== undefined },
  { refusal: 'no-valid-card', fails: ({ person, today }) => !hasValidPaper(person, today) },
  // A citizen is named by their number, whatever passport they have besides.
  { refusal: 'not-entitled', fails: ({ person, byPassport }) => byPassport === true && person.kind !== 'foreigner' },
  { refusal: 'not-entitled', fails: ({ person, today }) => entitlement(person, today).level1 !== 'yes' },
]

/**
 * Whether this person may open a level 1 account by themselves (Decree 69/2024 Art 7, 10.1, 11.1; `config/account.json`): in the registry, as
 * claimed, without an account, alive, old enough to act alone, with a valid card, and of those whom the law grants one.
 */
export function eligibility(facts: Facts): { is: 'eligible'; person: Person } | { is: 'refused'; because: Refusal } {
  const { person, claimed, byPassport } = facts
  // Compared also when there is nobody to compare with, so that an unknown number costs the same work.
  const matched = matches(person, claimed, byPassport ? samePassportName : sameName)
  if (person === undefined) return { is: 'refused', because: 'unknown' }
  if (!matched) return { is: 'refused', because: 'mismatch' }
  const failed = checks.find((check) => check.fails({ ...facts, person }))
  return failed ? { is: 'refused', because: failed.refusal } : { is: 'eligible', person }
}
