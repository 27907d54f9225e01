import { z } from 'zod'

/** What is limited. How much of it is allowed is data: `config/limits.json`. */
export const limitNames = [
  'registration-per-number',
  'registration-per-number-and-network',
  'registration-per-address',
  'mail-per-contact',
  'mail-per-network',
  'warning-per-account',
  'narrowing-per-address',
  'sign-in-failures-per-address',
  'asking-per-client',
  'asking-per-client-and-person',
  'asking-misses-per-client',
  'device-codes-per-network',
  'device-codes-per-session',
] as const
export type LimitName = (typeof limitNames)[number]

/** So many `points` in `seconds`; the window starts with the first. */
export const limitsSchema = z.record(z.enum(limitNames), z.strictObject({ points: z.int().positive(), seconds: z.int().positive() }))
export type LimitRules = z.infer<typeof limitsSchema>

/**
 * Counts atomically and over all nodes (W11). Keys are hashed before they are stored. Without its store, a
 * stricter limiter in this process takes over; it never opens.
 */
export type Limits = {
  /** Throws `Problem('limit.exceeded')` with `retryAfter` in seconds when the allowance is used up. */
  spend: (limit: LimitName, key: string) => Promise<void>
  /** Seconds until the next `spend` would not throw, 0 when it would not now; counts nothing. */
  wait: (limit: LimitName, key: string) => Promise<number>
}
