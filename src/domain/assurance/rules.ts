import { z } from 'zod'
import { resistances } from './level.ts'

/** `config/assurance.json`: the best a sign-in can show in this deployment. */
export const assuranceSchema = z.strictObject({
  source: z.string(),
  best: z.strictObject({
    level: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
    resistances: z.array(z.enum(resistances)),
  }),
})
