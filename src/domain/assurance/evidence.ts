import { z } from 'zod'
import { accountId, organisationId, passkeyId } from '#kernel/id.ts'
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
  /** When the authority found the face to be that of the account's holder, in the same request; epoch seconds. */
  face: z.int().optional(),
  /** Whose passkey it was, where not the account holder's: whoever acts for them. */
  by: accountId.optional(),
  /** In the name of which organisation the request is that it was shown for; no other request is. */
  organisation: organisationId.optional(),
})
export type Evidence = z.infer<typeof evidence>

/** How long a compared face says who sits there; afterwards it is another sign-in that needs another comparison. */
const faceSeconds = 300

/** How long after the passkey it may be compared: both are of one person at one moment. */
const besideSeconds = 900

/**
 * The level of Decree 69/2024 Art 20.1 that this evidence reaches at `now` (epoch seconds). A face makes it 3 for a short while; 4 would take
 * something known that the server checks besides, and there is none.
 */
export function levelOf({ userVerified, face, at }: Evidence, now: number): Level {
  if (!userVerified) return 1
  return face !== undefined && now - face <= faceSeconds && face - at <= besideSeconds ? 3 : 2
}

export function resistanceOf({ hardwareBound }: Evidence): readonly Resistance[] {
  return hardwareBound ? ['phr', 'phrh'] : ['phr']
}

/** `amr` values of RFC 8176, only what the server knows: `hwk` needs attested hardware, every other passkey is `swk`. */
export function amrOf({ hardwareBound, userVerified, face }: Evidence): readonly string[] {
  return [hardwareBound ? 'hwk' : 'swk', 'user', ...(face === undefined ? [] : ['face']), ...(userVerified ? ['mfa'] : [])]
}
