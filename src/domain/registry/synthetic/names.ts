import pools from '#config/name-pools.json' with { type: 'json' }
import type { Person } from '#domain/registry/person.ts'
import { weighted } from './dice.ts'
import type { Dice } from './dice.ts'

type Sex = Person['sex']

/** One of the peoples of Viet Nam with its names. */
export type People = (typeof pools.peoples)[number] & { family: (by: Dice) => string }

const peoples: readonly People[] = pools.peoples.map((people) => {
  const pick = weighted(people.families, ({ weight }) => weight)
  return { ...people, family: (by: Dice) => pick(by).text }
})

export const pickPeople = weighted(peoples, ({ weight }) => weight)

/** The first people of this ethnicity, for those who are cast on purpose. */
export const peopleOf = (order: People['order']): People | undefined => peoples.find((people) => people.order === order)

const join = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ')

/** A name of this people: `family` is inherited; those with single names have none. */
export function nameOf(by: Dice, people: People, { sex, family }: { sex: Sex; family: string }): string {
  const middle = by.pick(people[sex].middles)
  const given = by.pick(people[sex].givens)
  if (people.order === 'single') return given
  return people.order === 'given-first' ? join(middle, given, family) : join(family, middle, given)
}

/** The longest names the old families give. */
export const longName = (by: Dice, sex: Sex): string => by.pick(pools.longNames[sex])

const pickCountry = weighted(pools.foreigners, ({ weight }) => weight)

/** A foreigner's name as their passport writes it, with the country. */
export function foreignName(by: Dice, sex: Sex): { name: string; nationality: string } {
  const country = pickCountry(by)
  const [family, given] = [by.pick(country.families), by.pick(country[sex])]
  const asian = ['KOR', 'CHN', 'JPN'].includes(country.nationality)
  return { name: asian ? `${family} ${given}` : `${given} ${family}`, nationality: country.nationality }
}

const pickReligion = weighted(pools.religions, ({ weight }) => weight)
export const religionOf = (by: Dice): string => pickReligion(by).text
export const streetOf = (by: Dice): string => by.pick(pools.streets)
