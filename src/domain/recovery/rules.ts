import { z } from 'zod'

/** `config/recovery.json`: how many codes are printed at once, for how long an account brought back by one counts as level 1, and how long a
 * passkey waits to open an account that was closed as lost. */
export const recoverySchema = z.strictObject({ source: z.string(), codes: z.int().min(1).max(20), holdHours: z.int().positive(), openingHours: z.int().positive() })
export type RecoveryRules = z.output<typeof recoverySchema>
