import { bits, boolean, element, integer, octets, oid, printable, sequence, set, time, utf8 } from '#chip/encode.ts'
import { signatureAlgorithm, signWith, type SigningKey } from './signing.ts'

/** Certificates and revocation lists as ICAO 9303-12 §7 has them, for countries that are made up. */

/** Who signs: a name, a key, and what the key is called. */
export type Party = { name: Buffer; key: SigningKey; keyId: Buffer }

export const nameOf = (country: string, commonName: string): Buffer =>
  sequence(set(sequence(oid('2.5.4.6'), printable(country))), set(sequence(oid('2.5.4.3'), utf8(commonName))))

export const extension = (name: string, value: Buffer, critical = false): Buffer =>
  sequence(oid(name), ...(critical ? [boolean(true)] : []), octets(value))

/** Bits of KeyUsage: 0 digitalSignature, 5 keyCertSign, 6 cRLSign. */
const usage = (byte: number, unused: number): Buffer => extension('2.5.29.15', bits(Buffer.of(byte), unused), true)
export const usages = { authority: usage(0x06, 1), signer: usage(0x80, 7) } as const
export const isAuthority = extension('2.5.29.19', sequence(boolean(true), integer(0)), true)
export const subjectKey = (keyId: Buffer): Buffer => extension('2.5.29.14', octets(keyId))
export const authorityKey = (keyId: Buffer): Buffer => extension('2.5.29.35', sequence(element(0x80, keyId)))
export const documentTypes = (...types: readonly string[]): Buffer => extension('2.23.136.1.1.6.2', sequence(integer(0), set(...types.map(printable))))

export type CertificateWish = {
  subject: Party
  issuer: Party
  serial: number
  from: Date
  until: Date
  extensions: readonly Buffer[]
}

/** A certificate that says what it is told to say, sound or not. */
export function certify({ subject, issuer, serial, from, until, extensions }: CertificateWish): Buffer {
  const algorithm = signatureAlgorithm(issuer.key)
  return signedFrame(issuer.key, sequence(
    element(0xa0, integer(2)), integer(serial), algorithm, issuer.name, sequence(time(from), time(until)), subject.name, subject.key.spki,
    element(0xa3, sequence(...extensions)),
  ))
}

/** What was signed, how, and the signature (RFC 5280 §4.1, §5.1). */
export const signedFrame = (key: SigningKey, data: Buffer): Buffer => sequence(data, signatureAlgorithm(key), bits(signWith(key, data)))

export type ListWish = { issuer: Party; from: Date; until: Date; revoked?: readonly number[]; extensions?: readonly Buffer[] }

export function revocationList({ issuer, from, until, revoked = [], extensions = [] }: ListWish): Buffer {
  const entries = revoked.map((serial) => sequence(integer(serial), time(from)))
  return signedFrame(issuer.key, sequence(
    integer(1), signatureAlgorithm(issuer.key), issuer.name, time(from), time(until),
    ...(entries.length > 0 ? [sequence(...entries)] : []),
    element(0xa0, sequence(authorityKey(issuer.keyId), extension('2.5.29.20', integer(1)), ...extensions)),
  ))
}
