import { z } from 'zod'
import { passkeyId } from '#kernel/id.ts'
import type { Level, Resistance } from './level.ts'

/**
 * What one authentication showed, recorded as it happened. A passkey proves possession; user verification adds a second
 * factor of which the server cannot tell whether it was a PIN or a finger, so it never counts as a biometric
 * (docs/decisions/0005). `hardwareBound` is true only for a key that cannot leave attested hardware.
 */
export const evidence = z.strictObject({
  means: z.literal('passkey'),
  passkey: passkeyId,
  userVerified: z.boolean(),
  /** WebAuthn L3 §6.1.3 backup eligibility: the key may be copied between devices. */
  backupEligible: z.boolean(),
  hardwareBound: z.boolean(),
  /** Epoch seconds. */
  at: z.int(),
})
export type Evidence = z.infer<typeof evidence>

/** The level of Decree 69/2024 Art 20.1 that this evidence reaches. */
export function levelOf({ userVerified }: Evidence): Level {
  return userVerified ? 2 : 1
}

export function resistanceOf({ hardwareBound }: Evidence): readonly Resistance[] {
  return hardwareBound ? ['phr', 'phrh'] : ['phr']
}

/** `amr` values of RFC 8176, only what the server knows: `hwk` needs attested hardware, every other passkey is `swk`. */
export function amrOf({ hardwareBound, userVerified }: Evidence): readonly string[] {
  return [hardwareBound ? 'hwk' : 'swk', 'user', ...(userVerified ? ['mfa'] : [])]
}
