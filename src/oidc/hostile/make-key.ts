import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import { privateMembers } from '#domain/client/private-parts.ts'
import type { HostileJwk } from '#domain/sandbox/fault.ts'

/** A fresh private key for an algorithm, named by its thumbprint (RFC 7638). */
export async function makeHostileKey(alg: string): Promise<HostileJwk> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true, ...(/^[PR]S/.test(alg) && { modulusLength: 2048 }) })
  const { ext: _ext, key_ops: _ops, ...jwk } = await exportJWK(privateKey)
  const kid = await calculateJwkThumbprint(jwk)
  return { ...textsIn(jwk), kid, alg, use: 'sig' }
}

/** What may be published of it. */
export function publicHalf(jwk: HostileJwk): HostileJwk {
  return Object.fromEntries(Object.entries(jwk).filter(([name]) => !privateMembers.has(name)))
}

function textsIn(jwk: object): HostileJwk {
  return Object.fromEntries(Object.entries(jwk).flatMap(([name, value]: [string, unknown]) => (typeof value === 'string' ? [[name, value]] : [])))
}
