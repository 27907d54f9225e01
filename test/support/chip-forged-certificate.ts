import { bits, boolean, element, integer, octets, oid, sequence, time } from '#chip/encode.ts'
import {
  authorityKey, certify, documentTypes, extension, isAuthority, nameOf, revocationList, signedFrame, subjectKey, usages, type CertificateWish, type Party,
} from '#chip/synthetic/certificate.ts'
import { partyOf } from '#chip/synthetic/card.ts'
import { makeKey, signatureAlgorithm, signWith, type SigningKey } from '#chip/synthetic/signing.ts'
import { days, signerCertificate, sodOver, type World } from './chip.ts'
import { sound, withSod, type Forgery } from './chip-forgery.ts'

const { country } = sound
const { authority, signer } = country

const base = [usages.signer, subjectKey(signer.keyId), authorityKey(authority.keyId)]

type SodChanges = Parameters<typeof sodOver>[2]

/** The security object with another certificate of its signer. */
const certified = (changes: Partial<CertificateWish>, more: SodChanges = {}) =>
  withSod(sodOver(country, sound.files.groups, { certificate: signerCertificate(country, { extensions: base, ...changes }, base), ...more }))

/** The security object by a signer with another key. */
function keyed(spki: Buffer, key: SigningKey = signer.key) {
  const subject = { ...signer, key: { ...key, spki } }
  return withSod(sodOver({ ...country, signer: { ...signer, key } }, sound.files.groups, { certificate: signerCertificate(country, { subject }, base) }))
}

const trusting = (certificates: readonly Buffer[], lists: readonly Buffer[] = [country.revocations]): (() => Partial<World>) => () => ({ trust: { certificates, lists } })
const listed = (...lists: readonly Buffer[]) => trusting([country.authorityCertificate], lists)

const authorityExtensions = [usages.authority, isAuthority, subjectKey(authority.keyId)]
const anchor = (changes: Partial<CertificateWish>): Buffer =>
  certify({ subject: authority, issuer: authority, serial: 1, from: days(-700), until: days(4000), extensions: authorityExtensions, ...changes })

/** Has the name of the authority and not its key. */
const impostor: Party = { ...partyOf(authority.name, { curve: 'brainpoolP256r1' }), keyId: authority.keyId }
const stranger = partyOf(nameOf('VN', 'Another CSCA'), { curve: 'brainpoolP256r1' })
const sha1 = (party: Party): Party => ({ ...party, key: { ...party.key, digest: 'sha1' } })

/** Another country that the operator trusts as well. */
const elsewhere = partyOf(nameOf('ZZ', 'Elsewhere CSCA'), { curve: 'prime256v1' })
const bothTrusted = [country.authorityCertificate, anchor({ subject: elsewhere, issuer: elsewhere, extensions: [usages.authority, isAuthority, subjectKey(elsewhere.keyId)] })]

/** A signer of that country, with this country in its name, signs a Vietnamese card. */
function signedElsewhere(claims: string): () => Partial<World> {
  const subject = { ...signer, name: nameOf(claims, 'Signer') }
  const certificate = signerCertificate(country, { issuer: elsewhere, subject, extensions: [usages.signer, subjectKey(signer.keyId), authorityKey(elsewhere.keyId)] }, base)
  const sod = sodOver({ ...country, authority: elsewhere }, sound.files.groups, { certificate })
  const lists = [country.revocations, revocationList({ issuer: elsewhere, from: days(-10), until: days(60) })]
  return () => ({ files: { ...sound.files, sod }, trust: { certificates: bothTrusted, lists } })
}

const list = { issuer: authority, from: days(-10), until: days(60) }
const explicit = makeKey({ curve: 'brainpoolP256r1', explicit: true })

/** With a generator of the forger's own every key has a private half that the forger knows (CVE-2020-0601): here the key itself is the generator. */
function ownGenerator({ spki }: SigningKey): Buffer {
  const point = spki.subarray(-64)
  const generator = spki.indexOf(Buffer.from('8bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262', 'hex'))
  return replaced(spki, generator, point)
}

function replaced(bytes: Buffer, start: number, by: Buffer): Buffer {
  if (start < 0) throw new TypeError('nothing to replace')
  return Buffer.concat([bytes.subarray(0, start), by, bytes.subarray(start + by.length)])
}

/** The order of brainpoolP256r1 ends in `...56A7` (RFC 5639 §3.4); one that is smaller would be another curve. */
function otherOrder({ spki }: SigningKey): Buffer {
  const order = spki.indexOf(Buffer.from('a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7', 'hex'))
  return replaced(spki, order + 31, Buffer.of(0xa5))
}

/** A certificate without its version, and so without extensions that count. */
function versionOne(): Buffer {
  return signedFrame(authority.key, sequence(
    integer(country.signerSerial), signatureAlgorithm(authority.key), authority.name, sequence(time(days(-1)), time(days(1))), signer.name, signer.key.spki,
  ))
}

/** Says one algorithm where it is signed and another outside. */
function twoAlgorithms(): Buffer {
  const other = { ...authority.key, digest: 'sha384' as const }
  const data = sequence(
    element(0xa0, integer(2)), integer(country.signerSerial), signatureAlgorithm(authority.key), authority.name, sequence(time(days(-1)), time(days(1))),
    signer.name, signer.key.spki, element(0xa3, sequence(...base)),
  )
  return sequence(data, signatureAlgorithm(other), bits(signWith(other, data)))
}

const offCurve = replaced(signer.key.spki, signer.key.spki.length - 1, Buffer.of((signer.key.spki.at(-1) ?? 0) ^ 1))
const koblitz = makeKey({ curve: 'secp256k1' })
const keyPeriod = (until: string): Buffer => extension('2.5.29.16', sequence(element(0x81, Buffer.from(until))))

export const certificateForgeries: readonly Forgery[] = [
  { name: 'the trust store is empty', reason: 'trust.empty', part: 'signer', change: trusting([], []) },
  { name: 'another authority is trusted', reason: 'authority.unknown', part: 'signer', change: trusting([anchor({ subject: stranger, issuer: stranger, extensions: [usages.authority, isAuthority, subjectKey(stranger.keyId)] })]) },
  { name: 'the authority is known by another key identifier', reason: 'authority.unknown', part: 'signer', change: trusting([anchor({ extensions: [usages.authority, isAuthority, subjectKey(Buffer.of(1))] })]) },
  { name: 'an authority of the same name has signed the signer', reason: 'signer.signature', part: 'signer', change: certified({ issuer: impostor }) },
  { name: 'an anchor is no authority', reason: 'authority.usage', part: 'authority', change: trusting([anchor({ extensions: [usages.authority, subjectKey(authority.keyId)] })]) },
  { name: 'an anchor may not sign certificates', reason: 'authority.usage', part: 'authority', change: trusting([anchor({ extensions: [usages.signer, isAuthority] })]) },
  { name: 'an anchor has a key of RSA-2048', reason: 'key.weak', part: 'authority', change: trusting([anchor({ subject: partyOf(authority.name, { rsa: 2048 }) })]) },
  { name: 'the authority is not in force yet', reason: 'authority.not-yet-valid', part: 'authority', change: trusting([anchor({ from: days(1) })]) },
  { name: 'the authority has expired', reason: 'authority.expired', part: 'authority', change: trusting([anchor({ until: days(-1) })]) },

  { name: 'the signer is not in force yet', reason: 'signer.not-yet-valid', part: 'signer', change: certified({ from: days(1) }) },
  { name: 'the signer has expired', reason: 'signer.expired', part: 'signer', change: certified({ until: days(-1) }) },
  { name: 'it was signed before the signer was in force', reason: 'signer.signing-time', part: 'signer', change: certified({ from: days(-10) }, { signedAt: days(-11) }) },
  { name: 'it was signed tomorrow', reason: 'signer.signing-time', part: 'signer', change: certified({}, { signedAt: days(1) }) },
  { name: 'it was signed when the key might no longer sign', reason: 'signer.signing-time', part: 'signer', change: certified({ extensions: [...base, keyPeriod('20260901000000Z')] }, { signedAt: days(-30) }) },
  { name: 'the signer may not sign', reason: 'signer.usage', part: 'signer', change: certified({ extensions: base.slice(1) }) },
  { name: 'the signer is an authority', reason: 'signer.usage', part: 'signer', change: certified({ extensions: [...base, isAuthority] }) },
  { name: 'the signer signs master lists', reason: 'signer.usage', part: 'signer', change: certified({ extensions: [...base, extension('2.5.29.37', sequence(oid('2.23.136.1.1.3')), true)] }) },
  { name: 'the signer signs passports only', reason: 'signer.document-type', change: certified({ extensions: [...base, documentTypes('P')] }) },
  { name: 'the signer is of another country than its authority', reason: 'signer.country', part: 'signer', change: certified({ subject: { ...signer, name: nameOf('ZZ', 'Elsewhere') } }) },
  { name: 'another country that is trusted has signed a Vietnamese card', reason: 'signer.country', change: signedElsewhere('ZZ') },
  { name: 'another country that is trusted has made a Vietnamese signer', reason: 'signer.country', part: 'signer', change: signedElsewhere('VN') },
  { name: 'the rules know no such state', reason: 'signer.country', change: ({ rules }) => ({ rules: { ...rules, states: [{ mrz: 'VNM', certificate: 'ZZ' }] } }) },
  { name: 'a certificate has a critical extension that nobody knows', reason: 'certificate.extension', part: 'signer', change: certified({ extensions: [...base, extension('1.2.3.4', octets(Buffer.of(1)), true)] }) },
  { name: 'a certificate says something twice', reason: 'certificate.extension', part: 'signer', change: certified({ extensions: [...base, usages.signer] }) },
  { name: 'a certificate is of version 1', reason: 'certificate.version', part: 'signer', change: withSod(sodOver(country, sound.files.groups, { certificate: versionOne() })) },
  { name: 'a certificate names two algorithms', reason: 'certificate.algorithms-differ', part: 'signer', change: withSod(sodOver(country, sound.files.groups, { certificate: twoAlgorithms() })) },
  { name: 'a certificate is signed over SHA-1', reason: 'algorithm.weak', part: 'signer', change: certified({ issuer: sha1(authority) }) },
  { name: 'something stands behind a certificate\'s end', reason: 'der.tag', part: 'signer', change: withSod(sodOver(country, sound.files.groups, { certificate: sequence(country.signerCertificate, boolean(true)) })) },

  { name: 'the signer is on a curve outside the table', reason: 'key.unknown-curve', part: 'signer', change: keyed(koblitz.spki, koblitz) },
  { name: 'explicit parameters have a generator of the forger\'s own', reason: 'key.unknown-parameters', part: 'signer', change: keyed(ownGenerator(explicit), explicit) },
  { name: 'explicit parameters have another order', reason: 'key.unknown-parameters', part: 'signer', change: keyed(otherOrder(explicit), explicit) },
  { name: 'the signer\'s key is no point of its curve', reason: 'key.unreadable', part: 'signer', change: keyed(offCurve) },
  { name: 'the signer has a key of RSA-1024', reason: 'key.weak', part: 'signer', change: (() => {
    const key = makeKey({ rsa: 1024 })
    return keyed(key.spki, key)
  })() },

  { name: 'the signer is revoked', reason: 'signer.revoked', part: 'crl', change: listed(revocationList({ ...list, revoked: [3, country.signerSerial] })) },
  { name: 'the signer is revoked on an older list', reason: 'signer.revoked', part: 'crl', change: listed(revocationList(list), revocationList({ ...list, from: days(-20), until: days(-1), revoked: [country.signerSerial] })) },
  { name: 'there is no list of the revoked', reason: 'crl.missing', part: 'crl', change: listed() },
  { name: 'the list is of another authority', reason: 'crl.missing', part: 'crl', change: listed(revocationList({ ...list, issuer: stranger })) },
  { name: 'the list was not signed by the authority', reason: 'crl.signature', part: 'crl', change: listed(revocationList({ ...list, issuer: impostor })) },
  { name: 'the list is signed over SHA-1', reason: 'algorithm.weak', part: 'crl', change: listed(revocationList({ ...list, issuer: sha1(authority) })) },
  { name: 'the list is outdated', reason: 'crl.outdated', part: 'crl', change: listed(revocationList({ ...list, until: days(-1) })) },
  { name: 'the list is of tomorrow', reason: 'crl.not-yet-valid', part: 'crl', change: listed(revocationList({ ...list, from: days(1) })) },
  { name: 'the list says only what has changed', reason: 'crl.extension', part: 'crl', change: listed(revocationList({ ...list, extensions: [extension('2.5.29.27', integer(1), true)] })) },
  { name: 'the list is cut off', reason: 'der.truncated', part: 'crl', change: listed(country.revocations.subarray(0, -1)) },
]
