import type { Day } from '#kernel/clock.ts'
import type { Person } from './person.ts'
import { dayBetween, dayNumber, dayOf } from './synthetic/days.ts'
import { dice } from './synthetic/dice.ts'
import type { Household } from './synthetic/household.ts'
import { settled } from './synthetic/household.ts'
import { member } from './synthetic/member.ts'
import type { Making, Role } from './synthetic/member.ts'
import { foreignName, longName, nameOf, peopleOf, pickPeople } from './synthetic/names.ts'
import type { People } from './synthetic/names.ts'
import { numbers } from './synthetic/numbers.ts'
import { origin } from './synthetic/places.ts'

/** The day on which the synthetic people are as old as they are. */
export const referenceDay: Day = '2026-11-22'

type Sex = Person['sex']

/** A day of birth at which somebody is this many years old today. */
function bornAt({ by, today }: Making, age: number): Day {
  const last = dayNumber(today) - Math.ceil(age * 365.25)
  return dayBetween(by, dayOf(last - 360), dayOf(last))
}

const sexOf = ({ by }: Making): Sex => (by.chance(0.5) ? 'male' : 'female')

/** An adult of any age, most of them between 20 and 60. */
const adultAge = ({ by }: Making): number => (by.chance(0.8) ? by.between(20, 59) : by.between(60, 94))

function citizen(making: Making, people: People, fixed: Partial<Role> = {}): Role {
  const { by } = making
  const sex = fixed.sex ?? sexOf(making)
  const name = !fixed.ordinary && by.chance(0.0005) ? longName(by, sex) : nameOf(by, people, { sex, family: people.family(by) })
  return { kind: 'citizen', name, sex, born: bornAt(making, adultAge(making)), home: origin(by), ethnicity: people.ethnicity, ...fixed }
}

/** Children of a couple: the youngest parent was at least 20; they have the father's family name and people. */
function childrenOf(making: Making, { people, family, parents, most }: {
  people: People; family: string; parents: readonly Person[]; most: number
}): readonly Person[] {
  const { by, today } = making
  const youngest = Math.min(...parents.map(({ birthDate }) => Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4)))) - 21
  if (youngest < 0) return []
  const home = origin(by)
  return Array.from({ length: Math.min(most, by.pick([0, 1, 1, 2, 2, 3])) }, () => {
    const sex = sexOf(making)
    const born = bornAt(making, by.between(Math.max(0, youngest - 22), Math.min(youngest, 35)))
    return member(making, citizen(making, people, { sex, name: nameOf(by, people, { sex, family }), born, home }))
  })
}

function family(making: Making, most: number, ordinary = false): Household {
  const { by } = making
  const people = ordinary ? peopleOf('family-first') ?? pickPeople(by) : pickPeople(by)
  // The most frequent name of all, which also has its diacritics.
  const inherited = ordinary ? 'Nguyễn' : people.family(by)
  const age = ordinary ? 34 : adultAge(making)
  const plain = { ...(ordinary && { ordinary }) }
  const name = nameOf(by, people, { sex: 'male', family: inherited })
  const head = member(making, citizen(making, people, { sex: 'male', name, born: bornAt(making, age), ...plain }))
  if (most < 2) return { head, children: [] }
  const wife = citizen(making, people, { sex: 'female', born: bornAt(making, Math.max(20, age - by.between(0, 5))), ...plain })
  const spouse = member(making, wife)
  return { head, spouse, children: childrenOf(making, { people, family: inherited, parents: [head, spouse], most: most - 2 }) }
}

function alone(making: Making, fixed: Partial<Role> = {}, people: People = pickPeople(making.by)): Household {
  return { head: member(making, citizen(making, people, fixed)), children: [] }
}

function foreigner(making: Making, fixed: Partial<Role> = {}): Household {
  const sex = sexOf(making)
  const born = bornAt(making, making.by.between(20, 65))
  const head = member(making, { kind: 'foreigner', sex, born, home: origin(making.by), ...foreignName(making.by, sex), ...fixed })
  return { head, children: [] }
}

const stateless = (making: Making): Household => alone(making, { kind: 'undetermined-nationality' })

/** A young couple with a child of nine: whoever tries the product meets an ordinary family first. */
function firstFamily(making: Making, most: number): Household {
  const { head, spouse } = family(making, Math.min(most, 2), true)
  if (spouse === undefined || most < 3) return { head, ...(spouse && { spouse }), children: [] }
  const [inherited = ''] = head.name.split(' ')
  const people = peopleOf('family-first') ?? pickPeople(making.by)
  const name = nameOf(making.by, people, { sex: 'female', family: inherited })
  const child = member(making, citizen(making, people, { sex: 'female', name, born: bornAt(making, 9), ordinary: true }))
  return { head, spouse, children: [child] }
}

const grown = (making: Making, age: number) => ({ ordinary: true, born: bornAt(making, age) })

/** Households that every population begins with, so that a small one has everybody whom the tests and the demo need. */
const cast: readonly ((making: Making, most: number) => Household)[] = [
  firstFamily,
  (making) => alone(making, grown(making, 41), peopleOf('single')),
  (making) => foreigner(making, grown(making, 38)),
  (making) => alone(making, grown(making, 29), peopleOf('family-first')),
  stateless,
  (making) => alone(making, { sex: 'female', name: longName(making.by, 'female'), ...grown(making, 52) }),
]

function household(making: Making, most: number): Household {
  const roll = making.by.below(1000)
  if (roll < 12) return foreigner(making)
  if (roll < 13) return stateless(making)
  return roll < 180 ? alone(making) : family(making, most)
}

/**
 * A plausible population, one after the other in constant memory: the same seed and day give the same bytes, and households
 * stay together, parents before children. Nobody in it exists: the names are combined, mail goes to `example.com`, phones
 * ring nowhere.
 */
export function* people(options: { people: number; seed: string | number; today?: Day }): Generator<Person, void> {
  const by = dice(`population ${options.seed}`)
  const making: Making = { by, numbers: numbers(by.below(1_000_000)), today: options.today ?? referenceDay }
  let left = options.people
  for (let at = 0; left > 0; at += 1) {
    const members = settled(by, (cast[at] ?? household)(making, left))
    yield* members
    left -= members.length
  }
}
