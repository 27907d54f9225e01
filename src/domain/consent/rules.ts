import { z } from 'zod'

/** `config/consent.json`: after how many months an answer is asked for again (ux §4.6). */
export const consentSchema = z.strictObject({ monthsRemembered: z.int().positive() })
