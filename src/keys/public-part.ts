import type { PrivateJwk } from './ring-file.ts'

/** A public key as RFC 7517 writes it. */
export type PublicJwk = Readonly<Record<string, string>>

/** Names what is taken instead of what is left out: a member that comes later stays private. */
export function publicPart(jwk: PrivateJwk): PublicJwk {
  const { kid, alg, use, kty } = jwk
  const named = { kty, kid, alg, use }
  if (jwk.kty === 'RSA') return { ...named, n: jwk.n, e: jwk.e }
  return jwk.kty === 'EC' ? { ...named, crv: jwk.crv, x: jwk.x, y: jwk.y } : { ...named, crv: jwk.crv, x: jwk.x }
}
