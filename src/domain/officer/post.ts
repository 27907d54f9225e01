import { z } from 'zod'
import { momentInVietnam } from '#kernel/clock.ts'

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { abort: true })
const placeName = z.string().trim().min(1).max(80).transform((text) => text.normalize('NFC')).pipe(z.string().regex(/^[^\p{C}]*$/u))

/** On which days of the week a desk is open: Monday to Friday, to Saturday, or all. */
export const shiftDays = [5, 6, 7] as const

/** Where and when an officer works at a desk: part of what two people decided. A shift does not go past midnight. */
export const post = z.strictObject({
  desk: placeName,
  commune: placeName,
  from: timeOfDay,
  until: timeOfDay,
  /** How citizens read who serves them, as the officer allows it: a name, or the number of a badge. */
  badge: placeName.optional(),
  days: z.union(shiftDays.map((days) => z.literal(days))),
}).refine(({ from, until }) => from < until, { path: ['until'], message: 'a shift ends after it began' })
export type Post = z.output<typeof post>

/** Whether this moment is in the shift, by the clock and the calendar of Viet Nam. */
export function onShift({ from, until, days }: Pick<Post, 'from' | 'until' | 'days'>, now: Date): boolean {
  const time = momentInVietnam(now).slice(11)
  return weekdayInVietnam(now) <= days && from <= time && time < until
}

/** Monday is 1, Sunday 7. */
function weekdayInVietnam(now: Date): number {
  return new Date(`${momentInVietnam(now)}Z`).getUTCDay() || 7
}

/** Whether it is night in Viet Nam, when no desk is open: what is done then is looked at (A04). */
export function isNight(now: Date, { from, until }: { from: string; until: string }): boolean {
  const time = momentInVietnam(now).slice(11)
  return time >= from || time < until
}
