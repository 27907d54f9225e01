import type { Day } from '#kernel/clock.ts'
import type { Dice } from './dice.ts'

const length = 86_400_000

/** Days since 1970, with which days can be counted. */
export const dayNumber = (day: Day): number => Math.floor(Date.parse(day) / length)

export const dayOf = (number: number): Day => new Date(number * length).toISOString().slice(0, 10)

/** Any day from the first to the last; the last when they are the wrong way round. */
export function dayBetween(by: Dice, first: Day, last: Day): Day {
  const [from, to] = [dayNumber(first), dayNumber(last)]
  return from >= to ? last : dayOf(by.between(from, to))
}

/** The later of two days. */
export const later = (one: Day, other: Day): Day => (one > other ? one : other)
