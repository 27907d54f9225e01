import { z } from 'zod'

/** `config/keys.json`: how signing keys follow each other (K03). */
export const keyRulesSchema = z.strictObject({
  source: z.string(),
  /** A planned change stands in the public log for so long before it counts. */
  noticeHours: z.int().min(0),
  /** A key is published for so long before it signs, so that services which keep the JWKS know it by then. */
  publishedHours: z.int().min(0),
  /** A key stays published for so long after the last token that it signed has expired. */
  keptHours: z.int().min(0),
  /** A key that signs for longer than this is too old: its follower is due. */
  oldestDays: z.int().min(1),
  /** So many days before that its follower is asked for, where none is decided. */
  dueDays: z.int().min(0),
  /** A service has so long after a key was published to fetch the key set, before it is written that it has not. */
  fetchHours: z.int().min(0),
  /** So many days before a key begins to sign that is written; 0 where an edge answers `/jwks` in place of these servers, who then see nothing. */
  warnDays: z.int().min(0),
})
export type KeyRules = z.infer<typeof keyRulesSchema>

const hour = 3_600_000

export const hours = (count: number): number => count * hour

/** Whether a key has signed for longer than it should. */
export function isTooOld(activeSince: Date, now: Date, { oldestDays }: Pick<KeyRules, 'oldestDays'>): boolean {
  return now.getTime() - activeSince.getTime() > hours(24 * oldestDays)
}
