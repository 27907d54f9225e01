import { z } from 'zod'
import { resistances } from './level.ts'
import type { Best } from './verdict.ts'

/**
 * `config/assurance.json`: the best a sign-in can show in this deployment. Levels 3 and 4 need a service of the authority that
 * compares faces; there is none to configure yet, and a level that nobody reaches is not promised (P18). `phrh` is not said here
 * but follows from `config/authenticators.json`.
 */
export const assuranceSchema = z.strictObject({
  source: z.string(),
  best: z.strictObject({
    level: z.union([z.literal(1), z.literal(2)], 'level 1 or 2: nothing here shows more'),
    resistances: z.array(z.enum(resistances)).refine(
      (named) => !named.includes('phrh'), 'phrh is offered where config/authenticators.json has an anchor, and is not named here'),
  }),
})

/** With an anchor that can vouch for keys, hardware can be shown; without one nobody could, whatever key they hold. */
export function withHardwareKeys({ level, resistances: shown }: Best, anchors: readonly unknown[]): Best {
  return { level, resistances: anchors.length > 0 ? [...new Set([...shown, 'phrh' as const])] : shown }
}
