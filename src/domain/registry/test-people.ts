import type { Day } from '#kernel/clock.ts'
import { ageOn } from './synthetic/member.ts'
import { folded, normalName } from './name.ts'
import type { Person } from './person.ts'
import { referenceDay } from './synthetic.ts'

/** Whom somebody tries the product as. */
export const purposes = ['adult', 'single-name', 'foreigner', 'minor', 'locked'] as const
export type Purpose = (typeof purposes)[number]
export type TestPerson = { purpose: Purpose; person: Person }

const isGrown = (person: Person, today: Day): boolean =>
  ageOn(person.birthDate, today) >= 18 && person.life.status === 'alive' && person.emails.length > 0 &&
  person.card !== undefined && (person.card.expiresOn ?? today) >= today
const isMarked = ({ name }: Person): boolean => folded(name) !== normalName(name).toLowerCase()
const isSingle = ({ name }: Person): boolean => !name.includes(' ')

const wanted: readonly { purpose: Purpose; fits: (person: Person, today: Day) => boolean }[] = [
  { purpose: 'adult', fits: (person, today) =>
    person.kind === 'citizen' && isGrown(person, today) && isMarked(person) && !isSingle(person) && person.relations.length > 0 },
  { purpose: 'single-name', fits: (person, today) => person.kind === 'citizen' && isGrown(person, today) && isSingle(person) },
  { purpose: 'foreigner', fits: (person, today) => person.kind === 'foreigner' && isGrown(person, today) },
  { purpose: 'minor', fits: (person, today) => person.life.status === 'alive' && ageOn(person.birthDate, today) < 14 &&
    person.relations.some(({ kind, number }) => kind === 'mother' && number !== undefined) },
  { purpose: 'locked', fits: (person, today) =>
    person.kind === 'citizen' && isGrown(person, today) && !isSingle(person) && person.relations.length === 0 },
]

/**
 * Five people of a population, always the same: an ordinary adult, somebody with a single name, a foreigner, a child whose
 * mother is in the population, and an adult whose account is meant to be locked. Reads no further than it must.
 */
export function testPeople(population: Iterable<Person>, today: Day = referenceDay): readonly TestPerson[] {
  const found = new Map<Purpose, Person>()
  for (const person of population) {
    const open = wanted.find(({ purpose, fits }) => !found.has(purpose) && fits(person, today))
    if (open !== undefined) found.set(open.purpose, person)
    if (found.size === wanted.length) break
  }
  return wanted.flatMap(({ purpose }) => {
    const person = found.get(purpose)
    return person === undefined ? [] : [{ purpose, person }]
  })
}
