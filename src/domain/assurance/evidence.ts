import type { PasskeyId } from '#kernel/id.ts'
import type { Level, Resistance } from './level.ts'

/**
 * What one authentication showed, recorded as it happened. A passkey proves possession; user verification adds a second
 * factor of which the server cannot tell whether it was a PIN or a finger, so it never counts as a biometric
 * (domain.md §6.3). `hardwareBound` is true only for a key that cannot leave attested hardware.
 */
export type Evidence = {
  means: 'passkey'
  passkey: PasskeyId
  userVerified: boolean
  /** WebAuthn L3 §6.1.3 backup eligibility: the key may be copied between devices. */
  backupEligible: boolean
  hardwareBound: boolean
  /** Epoch seconds. */
  at: number
}

/** The level of Decree 69/2024 Art 20.1 that this evidence reaches. */
export function levelOf(evidence: Evidence): Level {
  return evidence.userVerified ? 2 : 1
}

export function resistanceOf(evidence: Evidence): readonly Resistance[] {
  return evidence.hardwareBound ? ['phr', 'phrh'] : ['phr']
}

/** `amr` values of RFC 8176, only what the server knows: `hwk` needs attested hardware, every other passkey is `swk`. */
export function amrOf(evidence: Evidence): readonly string[] {
  return [evidence.hardwareBound ? 'hwk' : 'swk', 'user', ...(evidence.userVerified ? ['mfa'] : [])]
}
