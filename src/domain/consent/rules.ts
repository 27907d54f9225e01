import { z } from 'zod'

/** `config/consent.json`: after how many months an answer is asked for again. */
export const consentSchema = z.strictObject({ monthsRemembered: z.int().positive() })
