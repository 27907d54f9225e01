import type { Ending } from './counted.ts'
import { least } from './suppress.ts'

/** What of the system works right now, for everybody to know; never why it does not. `hours` is absent where it cannot be read. */
export type SystemStatus = { at: Date; signIn: boolean; registry: boolean; hours: readonly HourOfSuccess[] | undefined }
/** Of a hundred tries, how many succeeded; nothing where there were fewer than five. */
export type HourOfSuccess = { hour: Date; success: number | undefined }

const hourMilliseconds = 3_600_000
const hoursShown = 24

/** The hours of a day that are over, newest first. */
export function hoursOf(counts: readonly { hour: Date; ending: Ending; count: number }[], now: Date): readonly HourOfSuccess[] {
  const current = Math.floor(now.getTime() / hourMilliseconds) * hourMilliseconds
  const of = (hour: number, ending: Ending) => counts.find((one) => one.hour.getTime() === hour && one.ending === ending)?.count ?? 0
  return Array.from({ length: hoursShown }, (_, back) => {
    const hour = current - (back + 1) * hourMilliseconds
    const [finished, tries] = [of(hour, 'finished'), of(hour, 'finished') + of(hour, 'refused')]
    return { hour: new Date(hour), success: tries < least ? undefined : Math.round((finished / tries) * 100) }
  })
}
