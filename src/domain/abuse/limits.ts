import { z } from 'zod'

/** What is limited. How much of it is allowed is data: `config/limits.json`. */
export const limitNames = [
  'registration-per-number',
  'registration-per-number-and-network',
  'registration-per-address',
  'mail-per-contact',
  'mail-per-network',
  'contact-changes-per-account',
  'warning-per-account',
  'narrowing-per-address',
  'sign-in-failures-per-address',
  'asking-per-client',
  'asking-per-client-and-person',
  'asking-misses-per-client',
  'device-codes-per-network',
  'device-codes-per-session',
  'test-sign-ins-per-network',
  'sandbox-requests-per-network',
  'sandbox-pushes-per-client',
  'developer-acts-per-account',
  'developer-tries-per-account',
  'api-calls-per-client',
  'suspensions-per-officer',
  'look-ups-per-officer',
  'recovery-per-network',
  'lost-per-network',
  'lost-per-number-and-network',
  'mandate-offers-per-account',
  'organisation-applications-per-account',
  'exports-per-officer',
  'face-comparisons-per-account',
  'line-numbers-per-network',
  'line-numbers-per-site',
  'desk-codes-per-network',
  'desk-codes-per-number',
] as const
export type LimitName = (typeof limitNames)[number]

const rule = z.strictObject({ points: z.int().positive(), seconds: z.int().positive(), earned: z.int().positive().optional() })

/** So many `points` in `seconds`; the window starts with the first. `earned` points are added to them for each good outcome within it. */
export const limitsSchema = z.record(z.enum(limitNames), rule)
export type LimitRules = z.infer<typeof limitsSchema>

/**
 * Counts atomically and over all nodes (W11). Keys are hashed before they are stored. Without its store, a
 * stricter limiter in this process takes over; it never opens.
 */
export type Limits = {
  /** Throws `Problem('limit.exceeded')` with `retryAfter` in seconds when the allowance is used up. */
  spend: (limit: LimitName, key: string) => Promise<void>
  /** Gives one `spend` back that turned out to be none, or what a good outcome has earned by the rule. */
  give: (limit: LimitName, key: string, what: 'back' | 'earned') => Promise<void>
  /** Seconds until the next `spend` would not throw, 0 when it would not now; counts nothing. */
  wait: (limit: LimitName, key: string) => Promise<number>
}
