import { base64url, decodeJwt, decodeProtectedHeader, importJWK, SignJWT, type JWTPayload } from 'jose'
import { acrOf } from '#domain/assurance/level.ts'
import type { HostileJwk, IdTokenFault } from '#domain/sandbox/fault.ts'

/** Whose keys are at hand. An honest token is signed by one of `own`. */
export type HostileKeys = {
  own: readonly HostileJwk[]
  /** Published a moment ago, as after a rotation. */
  staged: HostileJwk
  /** Published nowhere. */
  foreign: HostileJwk
}

type Signer = 'own' | 'staged' | 'foreign' | 'nobody'
type Said = { header: { alg: string; kid?: string | undefined }; payload: JWTPayload }
type Lie = { by: Signer; tell: (said: Said) => Said }

/** Another server, which exists nowhere (RFC 2606). */
export const otherIssuer = 'https://hostile.invalid'
const anotherClient = 'another-client'
const anotherNonce = 'a-nonce-of-another-sign-in'
const longAgo = 3600

const claim = (change: (payload: JWTPayload) => JWTPayload): Lie => ({ by: 'own', tell: ({ header, payload }) => ({ header, payload: { ...payload, ...change(payload) } }) })
const as = (by: Signer, tell: Lie['tell'] = (said) => said): Lie => ({ by, tell })

/** One lie each, and everything else as it should be: a program that takes such a token has not looked at just that. */
const lies: Readonly<Record<IdTokenFault, Lie>> = {
  'rotated-key': as('staged'),
  'foreign-key': as('foreign'),
  unsigned: as('nobody', ({ payload }) => ({ header: { alg: 'none' }, payload })),
  'no-kid': as('own', ({ header, payload }) => ({ header: { alg: header.alg }, payload })),
  iss: claim(() => ({ iss: otherIssuer })),
  aud: claim(() => ({ aud: anotherClient })),
  nonce: claim(() => ({ nonce: anotherNonce })),
  expired: claim(({ iat = 0, exp = 0 }) => ({ iat: iat - longAgo, exp: exp - longAgo })),
  acr: claim(() => ({ acr: acrOf(1) })),
}

/** What an ID token says it is signed with, so that a key of that kind can be made for the lie. */
export function algorithmOf(idToken: string): string {
  return decodeProtectedHeader(idToken).alg ?? 'ES256'
}

/**
 * The ID token that a hostile provider would send in place of this one. Pure: the fault, the token and the keys say it all. One
 * that is encrypted stays as it is, for only its client can open it.
 */
export async function hostileIdToken(fault: IdTokenFault, idToken: string, keys: HostileKeys): Promise<string> {
  if (idToken.split('.').length !== 3) return idToken
  const { alg = 'ES256', kid } = decodeProtectedHeader(idToken)
  const { by, tell } = lies[fault]
  const { header, payload } = tell({ header: { alg, kid }, payload: decodeJwt(idToken) })
  if (by === 'nobody') return unsigned(header, payload)
  const key = by === 'own' ? keys.own.find((one) => one['kid'] === kid) : keys[by]
  if (key === undefined) throw new Error('the token is signed by none of these keys')
  // A foreign key poses as ours; a staged one is ours and says so.
  const named = by === 'staged' ? { ...header, kid: key['kid'] } : header
  return signedWith(key, named, payload)
}

/** RFC 7519 §6. */
export function unsigned(header: Said['header'] & { typ?: string }, payload: JWTPayload): string {
  return `${base64url.encode(JSON.stringify(header))}.${base64url.encode(JSON.stringify(payload))}.`
}

/** A JWT as it stands, times and all. */
export async function signedWith(key: HostileJwk, { alg, kid, typ }: Said['header'] & { typ?: string }, payload: JWTPayload): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg, ...(kid !== undefined && { kid }), ...(typ !== undefined && { typ }) }).sign(await importJWK(key, alg))
}
