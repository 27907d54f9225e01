import { randomBytes } from 'node:crypto'
import type { Draft } from './authenticator.ts'
import { makeKey } from './authenticator-key.ts'

/**
 * One lie in one field each: what a server must refuse in an assertion. Loop over the entries, so that a lie added here is
 * a lie tested everywhere. Lies that need a history (a counter that does not grow, a userHandle of another account) are
 * told with `get(options, { counter })` and `get(options, { userHandle })`.
 */
export const assertionLies = {
  'challenge of another ceremony': () => ({ challenge: randomBytes(32).toString('base64url') }),
  'origin of a look-alike site': () => ({ origin: 'https://dinhdanh.example' }),
  'origin on another port': () => ({ origin: 'http://localhost:6666' }),
  'rpIdHash of another site': () => ({ rpId: 'dinhdanh.example' }),
  'user not verified': () => ({ userVerified: false }),
  'user not present': () => ({ userPresent: false }),
  'signed by another key': () => ({ signer: makeKey('ES256') }),
  'a registration shown as a sign-in': () => ({ type: 'webauthn.create' }),
  'backed up without being eligible': () => ({ backupEligible: false, backedUp: true }),
  'unknown credential': () => ({ credentialId: randomBytes(32).toString('base64url') }),
  'asked from inside a named site': () => ({ crossOrigin: true, topOrigin: 'https://other.example' }),
  'asked from inside another site': () => ({ crossOrigin: true }),
  'userHandle of another account': () => ({ userHandle: randomBytes(16).toString('base64url') }),
} satisfies Record<string, () => Partial<Draft>>

export type AssertionLie = keyof typeof assertionLies

/**
 * What verifyAuthenticationResponse lets pass, so that the house must look itself (WebAuthn L3 §7.2): the credential and the
 * account it is looked up by, and an embedding that does not say where, as Safari's does.
 */
export const leftToTheServer: ReadonlySet<string> = new Set<AssertionLie>([
  'unknown credential',
  'asked from inside another site',
  'userHandle of another account',
])
