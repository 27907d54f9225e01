import { constants, verify, type KeyObject } from 'node:crypto'
import type { DigestName } from '#domain/chip/rules.ts'
import { fieldsOf, inner, tags, type Element } from './der.ts'
import { ChipFault, must } from './fault.ts'
import { oidOf, smallOf } from './value.ts'

/** `AlgorithmIdentifier` (RFC 5280 §4.1.1.2). */
export type Algorithm = { oid: string; parameters: Element | undefined }

export function readAlgorithm(found: Element): Algorithm {
  const fields = fieldsOf(found)
  const oid = oidOf(fields.next(tags.oid))
  const [parameters, ...more] = fields.rest()
  must(more.length === 0, 'der.tag')
  return { oid, parameters }
}

/** Digests by their object identifiers (RFC 5754 §2, RFC 3370 §2.1). */
export const digestOids = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
} as const satisfies Record<string, DigestName>

export const digestSizes = { sha1: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 } as const satisfies Record<DigestName, number>

/** Signatures that say their digest (RFC 4055 §5, RFC 5758 §3.2). */
export const signatureOids = {
  '1.2.840.113549.1.1.5': ['rsa', 'sha1'],
  '1.2.840.113549.1.1.14': ['rsa', 'sha224'],
  '1.2.840.113549.1.1.11': ['rsa', 'sha256'],
  '1.2.840.113549.1.1.12': ['rsa', 'sha384'],
  '1.2.840.113549.1.1.13': ['rsa', 'sha512'],
  '1.2.840.10045.4.1': ['ec', 'sha1'],
  '1.2.840.10045.4.3.1': ['ec', 'sha224'],
  '1.2.840.10045.4.3.2': ['ec', 'sha256'],
  '1.2.840.10045.4.3.3': ['ec', 'sha384'],
  '1.2.840.10045.4.3.4': ['ec', 'sha512'],
} as const satisfies Record<string, readonly ['rsa' | 'ec', DigestName]>

export const rsaOid = '1.2.840.113549.1.1.1'
export const pssOid = '1.2.840.113549.1.1.10'
export const mgf1Oid = '1.2.840.113549.1.1.8'

const lookUp = <Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined => (Object.hasOwn(table, key) ? table[key] : undefined)

/** Absent or NULL, which mean the same (RFC 5754 §2). */
const isEmpty = ({ parameters }: Algorithm): boolean => parameters === undefined || (parameters.tag === tags.nothing && parameters.content.length === 0)

export function digestOf(algorithm: Algorithm): DigestName {
  const digest = lookUp<DigestName>(digestOids, algorithm.oid)
  if (digest === undefined || !isEmpty(algorithm)) throw new ChipFault('algorithm.unknown')
  return digest
}

export type Scheme = { family: 'rsa' | 'rsa-pss' | 'ec'; digest: DigestName; salt?: number }

/** How something was signed. `told` is the digest that a CMS signature by the plain RSA key leaves to its own field (RFC 3370 §3.2). */
export function schemeOf(algorithm: Algorithm, told?: DigestName): Scheme {
  if (algorithm.oid === pssOid) return pssOf(algorithm)
  if (algorithm.oid === rsaOid && told !== undefined && isEmpty(algorithm)) return { family: 'rsa', digest: told }
  const known = lookUp<readonly ['rsa' | 'ec', DigestName]>(signatureOids, algorithm.oid)
  if (known === undefined) throw new ChipFault('algorithm.unknown')
  const [family, digest] = known
  // RFC 4055 §5: NULL for RSA; RFC 5758 §3.2: nothing for ECDSA.
  must(family === 'rsa' ? isEmpty(algorithm) : algorithm.parameters === undefined, 'algorithm.unknown')
  return { family, digest }
}

/** RSASSA-PSS-params (RFC 4055 §3.1); what is left out is SHA-1 and a salt of 20. The mask has to use the same digest. */
function pssOf({ parameters }: Algorithm): Scheme {
  must(parameters !== undefined, 'algorithm.unknown')
  const fields = fieldsOf(parameters)
  const [hash, mask, salt, trailer] = [0xa0, 0xa1, 0xa2, 0xa3].map(fields.maybe)
  fields.end()
  const digest = hash === undefined ? 'sha1' : digestOf(readAlgorithm(inner(hash)))
  const masked = mask === undefined ? 'sha1' : maskDigest(readAlgorithm(inner(mask)))
  must(masked === digest && (trailer === undefined || smallOf(inner(trailer)) === 1), 'algorithm.unknown')
  return { family: 'rsa-pss', digest, salt: salt === undefined ? 20 : smallOf(inner(salt)) }
}

function maskDigest({ oid, parameters }: Algorithm): DigestName {
  must(oid === mgf1Oid && parameters !== undefined, 'algorithm.unknown')
  return digestOf(readAlgorithm(parameters))
}

/** Whether this key has signed these bytes in this way. A signature that cannot even be read is none. */
export function signed(key: KeyObject, { family, digest, salt }: Scheme, { data, signature }: { data: Buffer; signature: Buffer }): boolean {
  if (!keysOf[family].includes(key.asymmetricKeyType ?? '')) return false
  const padded = family === 'rsa-pss' && salt !== undefined ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: salt } : { key }
  try {
    // OpenSSL takes an ECDSA-Sig-Value in strict DER only.
    return verify(digest, data, padded, signature)
  } catch {
    return false
  }
}

const keysOf: Readonly<Record<Scheme['family'], readonly string[]>> = { rsa: ['rsa'], 'rsa-pss': ['rsa', 'rsa-pss'], ec: ['ec'] }
