import { hash } from 'node:crypto'
import type { DigestName } from '#domain/chip/rules.ts'
import { element, integer, octets, oid, sequence, set, time } from '#chip/encode.ts'
import { attributeOids, securityObjectOid } from '#chip/security-object.ts'
import { digestAlgorithm, signatureAlgorithm, signWith, type SigningKey } from './signing.ts'

/** The parts of an EF.SOD (ICAO 9303-10 §4.6.2), each of which a forger may replace. */
export type SodPlan = {
  version: number
  digestAlgorithms: readonly DigestName[]
  contentType: string
  content: Buffer
  certificates: readonly Buffer[]
  signers: readonly Buffer[]
}

export type SignerPlan = {
  key: SigningKey
  issuer: Buffer
  serial: number
  /** Named by its key instead (RFC 5652 §5.3). */
  keyId?: Buffer
  version?: number
  digest: DigestName
  /** Empty: none at all. */
  attributes: readonly Buffer[]
  algorithm?: Buffer
  /** Instead of the one over the attributes. */
  signature?: Buffer
  unsigned?: Buffer
}

export const attribute = (name: string, ...values: readonly Buffer[]): Buffer => sequence(oid(name), set(...values))

/** The attributes that have to be there, over this content. */
export const attributesFor = (content: Buffer, digest: DigestName, at?: Date): readonly Buffer[] => [
  attribute(attributeOids.contentType, oid(securityObjectOid)),
  attribute(attributeOids.messageDigest, octets(hash(digest, content, 'buffer'))),
  ...(at ? [attribute(attributeOids.signingTime, time(at))] : []),
]

/** LDSSecurityObject: the digest of each data group. */
export const digestsOf = (groups: ReadonlyMap<number, Buffer>, digest: DigestName): Buffer => sequence(
  integer(0), digestAlgorithm(digest),
  sequence(...[...groups].map(([group, file]) => sequence(integer(group), octets(hash(digest, file, 'buffer'))))),
)

export function signerInfo({ key, issuer, serial, keyId, version, digest, attributes, algorithm, signature, unsigned }: SignerPlan): Buffer {
  const signedOnes = set(...attributes)
  return sequence(
    integer(version ?? (keyId ? 3 : 1)), keyId ? element(0x80, keyId) : sequence(issuer, integer(serial)), digestAlgorithm(digest),
    ...(attributes.length > 0 ? [Buffer.concat([Buffer.of(0xa0), signedOnes.subarray(1)])] : []),
    algorithm ?? signatureAlgorithm({ ...key, digest }),
    octets(signature ?? signWith({ ...key, digest }, signedOnes)),
    ...(unsigned ? [element(0xa1, unsigned)] : []),
  )
}

export function securityObject({ version, digestAlgorithms, contentType, content, certificates, signers }: SodPlan): Buffer {
  return element(0x77, sequence(oid('1.2.840.113549.1.7.2'), element(0xa0, sequence(
    integer(version),
    set(...digestAlgorithms.map(digestAlgorithm)),
    sequence(oid(contentType), element(0xa0, octets(content))),
    ...(certificates.length > 0 ? [element(0xa0, ...certificates)] : []),
    set(...signers),
  ))))
}
