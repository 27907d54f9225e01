import { generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** COSE algorithm identifiers (RFC 9053 §2, RFC 8812 §2) that the software authenticator can hold. */
export const algorithms = { ES256: -7, EdDSA: -8, RS256: -257 } as const
export type Algorithm = keyof typeof algorithms

export type CredentialKey = {
  alg: number
  privateKey: KeyObject
  publicKey: KeyObject
  /** The COSE_Key map of the attested credential data (WebAuthn L3 §6.5.1.1). */
  cose: Map<number, number | Uint8Array>
  /** ES256 signatures are DER here, as WebAuthn L3 §6.5.5 wants them. */
  sign: (data: Uint8Array) => Buffer
}

const makers = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
} satisfies Record<Algorithm, () => { publicKey: KeyObject; privateKey: KeyObject }>

/** A new key pair and its COSE form. */
export function makeKey(algorithm: Algorithm): CredentialKey {
  const { publicKey, privateKey } = makers[algorithm]()
  const digest = algorithm === 'EdDSA' ? null : 'sha256'
  return {
    alg: algorithms[algorithm],
    privateKey,
    publicKey,
    cose: coseOf(algorithm, publicKey),
    sign: (data) => sign(digest, data, privateKey),
  }
}

function coseOf(algorithm: Algorithm, key: KeyObject): CredentialKey['cose'] {
  const jwk = key.export({ format: 'jwk' })
  const bytes = (value: string | undefined) => new Uint8Array(Buffer.from(value ?? '', 'base64url'))
  const alg = algorithms[algorithm]
  if (algorithm === 'RS256') return new Map<number, number | Uint8Array>([[1, 3], [3, alg], [-1, bytes(jwk.n)], [-2, bytes(jwk.e)]])
  if (algorithm === 'EdDSA') return new Map<number, number | Uint8Array>([[1, 1], [3, alg], [-1, 6], [-2, bytes(jwk.x)]])
  return new Map<number, number | Uint8Array>([[1, 2], [3, alg], [-1, 1], [-2, bytes(jwk.x)], [-3, bytes(jwk.y)]])
}
