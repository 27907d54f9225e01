import { constants, createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import type { DigestName } from '#domain/chip/rules.ts'
import { digestOids, mgf1Oid, pssOid, signatureOids } from '#chip/algorithm.ts'
import { element, integer, nothing, oid, sequence } from '#chip/encode.ts'

/** A key that was made for a test or a demonstration, with how it signs. */
export type SigningKey = { privateKey: KeyObject; spki: Buffer; family: 'rsa' | 'rsa-pss' | 'ec'; digest: DigestName }
export type KeyWish =
  | { curve: string; explicit?: boolean; digest?: DigestName }
  | { rsa: number; padding?: 'pss' | 'pkcs1'; digest?: DigestName }

export function makeKey(wish: KeyWish): SigningKey {
  const { digest = 'sha256' } = wish
  const pair = 'rsa' in wish
    ? generateKeyPairSync('rsa', { modulusLength: wish.rsa })
    : generateKeyPairSync('ec', { namedCurve: wish.curve, paramEncoding: wish.explicit ? 'explicit' : 'named' })
  const family = 'curve' in wish ? 'ec' : wish.padding === 'pss' ? 'rsa-pss' : 'rsa'
  return { privateKey: pair.privateKey, spki: pair.publicKey.export({ type: 'spki', format: 'der' }), family, digest }
}

export function oidIn<Value>(table: Readonly<Record<string, Value>>, fits: (value: Value) => boolean): Buffer {
  const found = Object.entries(table).find(([, value]) => fits(value))?.[0]
  if (found === undefined) throw new TypeError('no such algorithm')
  return oid(found)
}

/** AlgorithmIdentifier of a digest. */
export const digestAlgorithm = (digest: DigestName): Buffer => sequence(oidIn<DigestName>(digestOids, (name) => name === digest))

/** AlgorithmIdentifier of what a key signs. */
export function signatureAlgorithm({ family, digest }: Pick<SigningKey, 'family' | 'digest'>): Buffer {
  if (family === 'rsa-pss') return sequence(oid(pssOid), pssParameters(digest))
  const name = oidIn<readonly ['rsa' | 'ec', DigestName]>(signatureOids, ([one, other]) => one === family && other === digest)
  return family === 'rsa' ? sequence(name, nothing) : sequence(name)
}

const saltOf = (digest: DigestName): number => createHash(digest).digest().length

function pssParameters(digest: DigestName): Buffer {
  const hashed = digestAlgorithm(digest)
  return sequence(element(0xa0, hashed), element(0xa1, sequence(oid(mgf1Oid), hashed)), element(0xa2, integer(saltOf(digest))))
}

export function signWith({ privateKey, family, digest }: SigningKey, data: Buffer): Buffer {
  const padded = family === 'rsa-pss' ? { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: saltOf(digest) } : { key: privateKey }
  return sign(digest, data, padded)
}
