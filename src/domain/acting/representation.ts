import { completedYears, type Day } from '#kernel/clock.ts'
import { birthDay } from '#domain/account/entitlement.ts'
import type { PersonId } from '#kernel/id.ts'
import { accountRules } from '#domain/account/rules.ts'
import type { Person } from '#domain/registry/person.ts'
import { actingGrounds, actingRules, type ActingGround, type ActingRules } from './rules.ts'

/** By what somebody acts for a person: why that one does not act alone, and what they are to them. */
export type Tie = { ground: ActingGround; as: 'parent' | 'guardian' }

type Subject = Pick<Person, 'birthDate' | 'guardianship'>
type Ward = Subject & Pick<Person, 'id' | 'relations' | 'life'>
type Representative = Subject & Pick<Person, 'id' | 'life'>

/** Whose each of these numbers is: those who have it or had it, if that is one person alone (`RegistryStore.whose`). */
export type Holders = ReadonlyMap<string, PersonId>

const holds: Readonly<Record<ActingGround, (person: Subject, today: Day) => boolean>> = {
  guardianship: ({ guardianship: court }, today) =>
    court !== undefined && court !== null && court.since <= today && (court.until === undefined || today < court.until),
  'under-age': (person, today) => ageOf(person, today) < accountRules.entitlement.actsAloneFrom.age,
}

/**
 * Why this person does not act alone today, or `undefined` (Decree 69/2024 Art 14.2). It follows from the record and the day, so it
 * ends by itself: at 14, on the day a court has named, or with the import that says that it is over.
 */
export function needOf(person: Subject, today: Day): ActingGround | undefined {
  return actingGrounds.find((ground) => holds[ground](person, today))
}

/** The days after this one on which what a court has decided begins or ceases to count. */
export function courtDaysOf({ guardianship: court }: Pick<Person, 'guardianship'>, today: Day): readonly Day[] {
  return [court?.since, court?.until].filter((day) => day !== undefined).filter((day) => day > today)
}

type Named = Person['relations'][number]

/** Whom the register names to act for this person today; nobody where they act alone, or where it names nobody. */
export function namedFor(ward: Ward, today: Day, { grounds }: ActingRules = actingRules): readonly Named[] {
  const ground = needOf(ward, today)
  if (ground === undefined) return []
  return grounds[ground].by.map((kinds) => ward.relations.filter(({ kind }) => kinds.includes(kind))).find((named) => named.length > 0) ?? []
}

/** Who acted for this person by what was known before, and is not named any more. */
export function noLongerNamed(before: Ward, now: Ward, today: Day): boolean {
  const named = namedFor(now, today)
  return namedFor(before, today).some(({ number }) => number !== undefined && !named.some((one) => one.number === number))
}

type Known = { today: Day; holders: Holders; rules?: ActingRules }

/**
 * By what this representative acts for this ward today, or `undefined`: the ward needs somebody, the register names this very person by a
 * number that is theirs alone, both live, and whoever acts is of full age and acts alone themself. A name proves nothing, and so does a number
 * that was one person's and is another's: it says nothing of which of them is meant.
 */
export function tieBetween(representative: Representative, ward: Ward, { today, holders, rules = actingRules }: Known): Tie | undefined {
  const ground = needOf(ward, today)
  if (ground === undefined || ward.id === representative.id || !isAble(representative, today, rules) || ward.life.status !== 'alive') return undefined
  const named = namedFor(ward, today, rules).find(({ number }) => number !== undefined && holders.get(number) === representative.id)
  return named && { ground, as: named.kind === 'legal-representative' ? 'guardian' : 'parent' }
}

function isAble(person: Representative, today: Day, { representative }: ActingRules): boolean {
  return person.life.status === 'alive' && needOf(person, today) === undefined && ageOf(person, today) >= representative.age
}

/** Where only the year is known, nobody is made older than the record shows. */
function ageOf(person: Pick<Person, 'birthDate'>, today: Day): number {
  return completedYears(birthDay(person), today)
}
