import { z } from 'zod'

/** `config/connection.json`: how long a request may wait (Decree 69/2024 Art 18), and how old a self-test may be. */
export const connectionSchema = z.strictObject({ checkDays: z.int().positive(), selfTestDays: z.int().positive() })
export type ConnectionRules = z.infer<typeof connectionSchema>
