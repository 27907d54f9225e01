import { z } from 'zod'
import { resistances } from './level.ts'
import type { Best } from './verdict.ts'

/**
 * `config/assurance.json`: the best a sign-in can show in this deployment. Level 3 follows from a service of the authority that
 * compares faces (`FACE_MATCHER_URL`) and `phrh` from `config/authenticators.json`; neither is said here, for a level that nobody reaches
 * is not promised (P18). Level 4 takes something known that the server checks, and there is nothing of the kind.
 */
export const assuranceSchema = z.strictObject({
  source: z.string(),
  best: z.strictObject({
    level: z.union([z.literal(1), z.literal(2)], 'level 1 or 2: what shows more follows from the services there are'),
    resistances: z.array(z.enum(resistances)).refine(
      (named) => !named.includes('phrh'), 'phrh is offered where config/authenticators.json has an anchor, and is not named here'),
  }),
})

/** With a service that compares faces, level 3 is reached; level 4 needs something known besides. */
export function withFaces({ level, resistances: shown }: Best, offered: boolean): Best {
  return { level: offered && level === 2 ? 3 : level, resistances: shown }
}

/** With an anchor that can vouch for keys, hardware can be shown; without one nobody could, whatever key they hold. */
export function withHardwareKeys({ level, resistances: shown }: Best, anchors: readonly unknown[]): Best {
  return { level, resistances: anchors.length > 0 ? [...new Set([...shown, 'phrh' as const])] : shown }
}
