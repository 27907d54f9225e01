import { dayInVietnam, type Day } from '#kernel/clock.ts'
import { endingOf, type Count } from './counted.ts'
import { endings, type Figure, type Line } from './figures.ts'
import { daysOf, monthOf, type Month } from './period.ts'
import { least, suppress } from './suppress.ts'

/**
 * The sign-ins of one service day by day, as whoever is not of its organisation may see them: days that are over, for of one that runs
 * two looks tell what happened between them, and of each month what its table may show beside its sums.
 */
export function guardedDays(counts: readonly Count[], month: Month, now: Date): readonly Line<Day>[] {
  const days = daysOf(month, now).filter((day) => day < dayInVietnam(now))
  const cells = days.map((key) => cellsOf(counts, key))
  const shown = suppress(cells)
  return days.map((key, row) => ({ key, figures: endings.map((_, column): Figure => shown?.[row]?.[column]) }))
}

/** Each count as it is: an organisation was told each of them. */
export function plainDays(counts: readonly Count[], days: readonly Day[]): readonly Line<Day>[] {
  return days.map((key) => ({ key, figures: cellsOf(counts, key) }))
}

const cellsOf = (counts: readonly Count[], day: Day): readonly number[] =>
  endings.map((ending) => counts.filter((one) => one.kind === 'sign-in' && one.day === day && endingOf(one.outcome) === ending).reduce((sum, { count }) => sum + count, 0))

/** The month is over, and its figures stay as they are. */
export const isOver = (month: Month, now: Date): boolean => month < monthOf(now)

/** A count that stands alone. */
export const guarded = (count: number): Figure => (count < least ? undefined : count)
