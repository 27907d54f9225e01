import { hash } from 'node:crypto'
import { readAlgorithm, schemeOf, signed, type Scheme } from './algorithm.ts'
import { elementsOf, fieldsOf, inner, readElement, tags, type Element } from './der.ts'
import { readExtensions, type Extensions } from './extension.ts'
import { must } from './fault.ts'
import type { PublicKey } from './public-key.ts'
import { oidOf, serialOf, smallOf, textOf, timeOf, wholeBytesOf } from './value.ts'

/** What somebody has signed: the bytes, how, and the signature. */
export type Signed = { data: Buffer; scheme: Scheme; signature: Buffer }

export const signedBy = ({ key }: PublicKey, { data, scheme, signature }: Signed): boolean => signed(key, scheme, { data, signature })

/** A certificate of X.509 version 3 (RFC 5280 §4.1). Names are compared byte by byte: a name that is written otherwise is another. */
export type Certificate = {
  signed: Signed
  serial: string
  issuer: Buffer
  subject: Buffer
  country: string | undefined
  notBefore: Date
  notAfter: Date
  spki: Element
  extensions: Extensions
  /** SHA-256 of the whole, as people compare it. */
  fingerprint: string
}

export function readCertificate(bytes: Buffer): Certificate {
  const { fields, ...signedPart } = readSigned(readElement(bytes))
  const version = fields.maybe(0xa0)
  must(version !== undefined && smallOf(inner(version)) === 2, 'certificate.version')
  const serial = serialOf(fields.next(tags.integer))
  must(fields.next(tags.sequence).whole.equals(signedPart.algorithm), 'certificate.algorithms-differ')
  const issuer = fields.next(tags.sequence).whole
  const [notBefore, notAfter] = elementsOf(fields.next(tags.sequence)).map(timeOf)
  const subject = fields.next(tags.sequence)
  const spki = fields.next(tags.sequence)
  const extensions = fields.maybe(0xa3)
  fields.end()
  must(notBefore !== undefined && notAfter !== undefined, 'der.value')
  must(extensions !== undefined, 'certificate.version')
  return {
    signed: signedPart.signed, serial, issuer, subject: subject.whole, country: countryOf(subject), notBefore, notAfter, spki,
    extensions: readExtensions(inner(extensions), 'certificate.extension'),
    fingerprint: hash('sha256', bytes, 'hex'),
  }
}

/** The frame that certificates and revocation lists share: what is signed, how, and the signature (RFC 5280 §4.1, §5.1). */
export function readSigned(found: Element): { fields: ReturnType<typeof fieldsOf>; algorithm: Buffer; signed: Signed } {
  const frame = fieldsOf(found)
  const content = frame.next(tags.sequence)
  const algorithm = frame.next(tags.sequence)
  const signature = wholeBytesOf(frame.next(tags.bits))
  frame.end()
  return {
    fields: fieldsOf(content),
    algorithm: algorithm.whole,
    signed: { data: content.whole, scheme: schemeOf(readAlgorithm(algorithm)), signature },
  }
}

const countryName = '2.5.4.6'

function countryOf(name: Element): string | undefined {
  const attributes = elementsOf(name).flatMap((relative) => elementsOf(relative, tags.set))
  return attributes.map((attribute) => elementsOf(attribute)).flatMap(([type, value]) =>
    type && value && oidOf(type) === countryName ? [textOf(value)] : [])[0]
}
