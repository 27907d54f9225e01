import { generateKeyPairSync } from 'node:crypto'
import type { JWK } from 'jose'

/** A key for an algorithm of RFC 7518 or RFC 9864, as a client shows and holds it. */
export type Pair = { shown: JWK & { kid: string }; held: JWK & { kid: string } }

function generated(alg: string) {
  if (/^ES256|^ECDH/.test(alg)) return generateKeyPairSync('ec', { namedCurve: 'P-256' })
  if (alg === 'ES384') return generateKeyPairSync('ec', { namedCurve: 'P-384' })
  return /^Ed/.test(alg) ? generateKeyPairSync('ed25519') : generateKeyPairSync('rsa', { modulusLength: 2048 })
}

export function keysFor(alg: string, use: 'sig' | 'enc' = 'sig'): Pair {
  const { publicKey, privateKey } = generated(alg)
  const named = { use, kid: `${use}-${alg}`, alg }
  return { shown: { ...publicKey.export({ format: 'jwk' }), ...named }, held: { ...privateKey.export({ format: 'jwk' }), ...named } }
}
