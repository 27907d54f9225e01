import { completedYears, type Day } from '#kernel/clock.ts'
import type { Person } from '#domain/registry/person.ts'
import { livesIn } from '#domain/registry/residence.ts'

/** Completed years at which law or services draw a line; `config/scopes.json` has a claim for each. */
export const thresholds = [14, 16, 18, 60] as const

/**
 * Whether this many years are completed on the day. Where only the year of birth is known both its ends are tried, and a year that
 * leaves it open answers nothing: nobody is called too young, or old enough, on a guess.
 */
export function isOver(years: number, { birthDate }: Pick<Person, 'birthDate'>, today: Day): boolean | undefined {
  const [first, last] = birthDate.length === 4 ? [`${birthDate}-01-01`, `${birthDate}-12-31`] : [birthDate, birthDate]
  const [atMost, atLeast] = [completedYears(first, today) >= years, completedYears(last, today) >= years]
  return atMost === atLeast ? atLeast : undefined
}

/** Whether the person lives in one of these places; one that the register cannot tell of leaves a "no" open. */
export function livesInAny(person: Person, places: readonly string[]): boolean | undefined {
  const answers = places.map((place) => livesIn(person, place))
  if (answers.includes(true)) return true
  return answers.length === 0 || answers.includes(undefined) ? undefined : false
}
