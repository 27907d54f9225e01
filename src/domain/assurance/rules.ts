import { z } from 'zod'
import { resistances } from './level.ts'

/**
 * `config/assurance.json`: the best a sign-in can show in this deployment. Levels 3 and 4 need a service of the authority that
 * compares faces; there is none to configure yet, and a level that nobody reaches is not promised (P18).
 */
export const assuranceSchema = z.strictObject({
  source: z.string(),
  best: z.strictObject({
    level: z.union([z.literal(1), z.literal(2)], 'level 1 or 2: nothing here shows more'),
    resistances: z.array(z.enum(resistances)),
  }),
})
