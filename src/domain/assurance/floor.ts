import { levelOf, resistanceOf, type Evidence } from './evidence.ts'
import { atLeast, type Level, type Resistance } from './level.ts'

/** What a page of our own needs of the one sign-in that it is used under. */
export type Floor = { level: Level; resistance?: Resistance; /** How old it may be, in seconds. */ within?: number }

/** For changes to one's own account. */
export const justNow = { level: 2, within: 300 } as const satisfies Floor

/** For staff who change something: an attested key, and that moments ago. */
export const staffJustNow = { level: 2, resistance: 'phrh', within: 300 } as const satisfies Floor

/** Whether this sign-in shows all of it by itself; `now` in epoch seconds. */
export function suffices(evidence: Evidence, { level, resistance, within }: Floor, now: number): boolean {
  if (!atLeast(levelOf(evidence, now), level)) return false
  if (resistance !== undefined && !resistanceOf(evidence).includes(resistance)) return false
  return within === undefined || now - evidence.at <= within
}
