import { z } from 'zod'
import { dayInVietnam, type Day } from '#kernel/clock.ts'

/**
 * Statistics are of months and of nothing else: of two periods that overlap as they please, one less the other would tell what neither
 * may (differencing).
 */
export const month = z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/)
export type Month = z.infer<typeof month>

export function monthOf(at: Date): Month {
  return dayInVietnam(at).slice(0, 7)
}

/** The month so many after this one, or before it. */
export function moved(of: Month, by: number): Month {
  const [year, number] = [Number(of.slice(0, 4)), Number(of.slice(5))]
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7)
}

/** Its first day, and the first that is no longer of it. */
export function boundsOf(of: Month): { from: Day; to: Day } {
  return { from: `${of}-01`, to: `${moved(of, 1)}-01` }
}

/** The days of it that have begun. */
export function daysOf(of: Month, now: Date): readonly Day[] {
  const { from, to } = boundsOf(of)
  const count = (Date.parse(to) - Date.parse(from)) / 86_400_000
  const days = Array.from({ length: count }, (_, at) => new Date(Date.parse(from) + at * 86_400_000).toISOString().slice(0, 10))
  return days.filter((day) => day <= dayInVietnam(now))
}
