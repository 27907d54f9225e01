import { hash } from 'node:crypto'
import { bits, element, integer, nothing, octets, oid, printable, sequence, set } from '#chip/encode.ts'
import { attributeOids, securityObjectOid } from '#chip/security-object.ts'
import { digestAlgorithm, makeKey, signatureAlgorithm, signWith } from '#chip/synthetic/signing.ts'
import { attribute, attributesFor, digestsOf, signerInfo } from '#chip/synthetic/security-object.ts'
import { regrouped, rules, sodOver, type World } from './chip.ts'
import { sodChanged, sound, withSod, type Forgery } from './chip-forgery.ts'

const { country, files: { sod, groups } } = sound
const content = digestsOf(groups, 'sha256')
const [type, messageDigest] = attributesFor(content, 'sha256')

/** The signed attributes replaced, and signed as they are. */
const attributed = (...attributes: readonly (Buffer | undefined)[]) =>
  sodChanged({ signer: () => ({ attributes: attributes.filter((each) => each !== undefined) }) })

const other = makeKey({ curve: 'brainpoolP256r1' })
const entry = (group: number, bytes: Buffer): Buffer => sequence(integer(group), octets(bytes))
const digested = (...entries: readonly Buffer[]): Buffer => sequence(integer(0), digestAlgorithm('sha256'), sequence(...entries))
const entries = [...groups].map(([group, file]) => entry(group, hash('sha256', file, 'buffer')))

/** The same bytes from here on, with those in front replaced. */
const headed = (...head: readonly number[]): Buffer => Buffer.concat([Buffer.from(head), sod.subarray(4)])

/** A signer after the sound one, so that there are two. */
const second = signerInfo({ key: other, issuer: country.authority.name, serial: 7, digest: 'sha256', attributes: attributesFor(content, 'sha256') })

/** A list of revoked certificates beside the certificates, which nobody has signed for. */
function withRevocations(): Buffer {
  const list = element(0xa1, country.revocations)
  const whole = sodOver(country, groups)
  const at = whole.indexOf(country.signerCertificate) + country.signerCertificate.length
  // Its frames grow with it: built anew from what is inside.
  const inside = Buffer.concat([whole.subarray(whole.indexOf(Buffer.from('020103', 'hex')), at), list, whole.subarray(at)])
  return element(0x77, sequence(oid('1.2.840.113549.1.7.2'), element(0xa0, sequence(inside))))
}

const longer = (most: number) => (world: World): Partial<World> => ({ rules: { ...world.rules, largest: { ...world.rules.largest, sod: most } } })
const unknownDigest = sequence(oid('1.2.840.113549.2.5'), nothing)

export const sodForgeries: readonly Forgery[] = [
  { name: 'the security object is cut off', reason: 'der.truncated', part: 'sod', change: withSod(sod.subarray(0, -1)) },
  { name: 'the security object is one byte', reason: 'der.truncated', part: 'sod', change: withSod(sod.subarray(0, 1)) },
  { name: 'the security object is nothing', reason: 'der.truncated', part: 'sod', change: withSod(Buffer.alloc(0)) },
  { name: 'a length is indefinite', reason: 'der.indefinite', part: 'sod', change: withSod(Buffer.concat([headed(0x77, 0x80), Buffer.alloc(2)])) },
  { name: 'a length is of two gigabytes', reason: 'der.length', part: 'sod', change: withSod(headed(0x77, 0x84, 0x7f, 0xff, 0xff, 0xff)) },
  { name: 'a length is of sixteen megabytes', reason: 'der.truncated', part: 'sod', change: withSod(headed(0x77, 0x83, 0xff, 0xff, 0xff)) },
  { name: 'a length has more bytes than it needs', reason: 'der.length', part: 'sod', change: withSod(Buffer.concat([Buffer.of(0x77, 0x83, 0), sod.subarray(2)])) },
  { name: 'something stands behind the end', reason: 'der.trailing', part: 'sod', change: withSod(Buffer.concat([sod, Buffer.of(0)])) },
  { name: 'the security object is another file', reason: 'der.tag', part: 'sod', change: withSod(groups.get(13) ?? Buffer.alloc(0)) },
  { name: 'a tag is longer than any', reason: 'der.tag', part: 'sod', change: withSod(headed(0x7f, 0xff, 0xff)) },
  { name: 'the security object is too large', reason: 'file.too-large', part: 'sod', change: longer(sod.length - 1) },
  { name: 'a version is no number', reason: 'der.value', part: 'sod', change: sodChanged({ content: sequence(integer(0).fill(0xff, 2), digestAlgorithm('sha256')), sod: () => ({}) }) },

  { name: 'the content is of another type', reason: 'sod.content-type', part: 'sod', change: sodChanged({ sod: () => ({ contentType: '1.2.840.113549.1.7.1' }) }) },
  { name: 'the signed type of the content is another', reason: 'sod.content-type', part: 'sod', change: attributed(attribute(attributeOids.contentType, oid('1.2.840.113549.1.7.1')), messageDigest) },
  { name: 'the signed data are of version 1', reason: 'sod.version', part: 'sod', change: sodChanged({ sod: () => ({ version: 1 }) }) },
  { name: 'the signer is of another version', reason: 'sod.version', part: 'sod', change: sodChanged({ signer: () => ({ version: 3 }) }) },
  { name: 'there are two signers', reason: 'sod.signers', part: 'sod', change: sodChanged({ sod: ({ signers }) => ({ signers: [...signers, second] }) }) },
  { name: 'there is no signer', reason: 'sod.signers', part: 'sod', change: sodChanged({ sod: () => ({ signers: [] }) }) },
  { name: 'there is no certificate', reason: 'sod.certificates', part: 'sod', change: sodChanged({ sod: () => ({ certificates: [] }) }) },
  { name: 'the authority came along', reason: 'sod.certificates', part: 'sod', change: sodChanged({ sod: ({ certificates }) => ({ certificates: [...certificates, country.authorityCertificate] }) }) },
  { name: 'a list of the revoked came along', reason: 'sod.unsigned-content', part: 'sod', change: withSod(withRevocations()) },
  { name: 'there is an attribute that is not signed', reason: 'sod.unsigned-content', part: 'sod', change: sodChanged({ signer: () => ({ unsigned: attribute('1.2.3', printable('A')) }) }) },
  { name: 'no attributes are signed', reason: 'sod.attributes', part: 'sod', change: sodChanged({ signer: () => ({ attributes: [], signature: signWith(country.signer.key, content) }) }) },
  { name: 'the digest of the content is not signed', reason: 'sod.attributes', part: 'sod', change: attributed(type) },
  { name: 'the type of the content is not signed', reason: 'sod.attributes', part: 'sod', change: attributed(messageDigest) },
  { name: 'the digest of the content is said twice', reason: 'sod.attributes', part: 'sod', change: attributed(type, messageDigest, attribute(attributeOids.messageDigest, octets(Buffer.alloc(32)))) },
  { name: 'an attribute has two values', reason: 'sod.attributes', part: 'sod', change: attributed(type, attribute(attributeOids.messageDigest, octets(hash('sha256', content, 'buffer')), octets(Buffer.alloc(32)))) },
  { name: 'the signed digest is of another content', reason: 'sod.message-digest', part: 'sod', change: attributed(type, attribute(attributeOids.messageDigest, octets(Buffer.alloc(32)))) },
  { name: 'the content was replaced after it was signed', reason: 'sod.message-digest', part: 'sod', change: sodChanged({ sod: () => ({ content: digestsOf(regrouped(groups, 1, Buffer.of(1)), 'sha256') }) }) },
  { name: 'the signature is over other attributes', reason: 'sod.signature', part: 'sod', change: sodChanged({ signer: () => ({ signature: signWith(country.signer.key, set(...attributesFor(Buffer.of(1), 'sha256'))) }) }) },
  { name: 'the signature is over the content itself', reason: 'sod.signature', part: 'sod', change: sodChanged({ signer: () => ({ signature: signWith(country.signer.key, content) }) }) },
  { name: 'somebody else has signed', reason: 'sod.signature', part: 'sod', change: sodChanged({ signer: () => ({ key: other }) }) },
  { name: 'the signature is empty', reason: 'sod.signature', part: 'sod', change: sodChanged({ signer: () => ({ signature: Buffer.alloc(0) }) }) },
  { name: 'the signer is said to be another certificate', reason: 'sod.signer', part: 'sod', change: sodChanged({ signer: () => ({ serial: 7 }) }) },
  { name: 'the signer is said to have another key', reason: 'sod.signer', part: 'sod', change: sodChanged({ signer: () => ({ keyId: Buffer.of(7) }) }) },
  { name: 'the digest is another than was announced', reason: 'sod.digests-differ', part: 'sod', change: sodChanged({ sod: () => ({ digestAlgorithms: ['sha512'] }) }) },
  { name: 'two digests were announced', reason: 'sod.digests-differ', part: 'sod', change: sodChanged({ sod: () => ({ digestAlgorithms: ['sha256', 'sha512'] }) }) },
  { name: 'the signature has another digest than its signer', reason: 'sod.digests-differ', part: 'sod', change: sodChanged({ signer: ({ key }) => ({ algorithm: signatureAlgorithm({ ...key, digest: 'sha512' }) }) }) },
  { name: 'the signature is over SHA-1', reason: 'algorithm.weak', part: 'sod', change: sodChanged({ digest: 'sha1' }) },
  { name: 'the data groups are digested with SHA-1', reason: 'algorithm.weak', part: 'sod', change: sodChanged({ content: digestsOf(groups, 'sha1') }) },
  { name: 'the signature is made in a way that nobody knows', reason: 'algorithm.unknown', part: 'sod', change: sodChanged({ signer: () => ({ algorithm: sequence(oid('1.2.840.10040.4.3')) }) }) },
  { name: 'the signature is one of RSA by an EC key', reason: 'sod.signature', part: 'sod', change: sodChanged({ signer: ({ digest }) => ({ algorithm: signatureAlgorithm({ family: 'rsa', digest }) }) }) },
  { name: 'the mask of PSS has another digest', reason: 'algorithm.unknown', part: 'sod', change: sodChanged({ signer: () => ({ algorithm: sequence(oid('1.2.840.113549.1.1.10'), sequence(element(0xa0, digestAlgorithm('sha256')))) }) }) },
  { name: 'the data groups are digested with MD5', reason: 'algorithm.unknown', part: 'sod', change: sodChanged({ content: sequence(integer(0), unknownDigest, sequence(...entries)) }) },

  { name: 'a data group has two digests', reason: 'sod.data-groups', part: 'sod', change: sodChanged({ content: digested(...entries, entry(1, Buffer.alloc(32))) }) },
  { name: 'a digest is too short', reason: 'sod.data-groups', part: 'sod', change: sodChanged({ content: digested(...entries, entry(3, Buffer.alloc(20))) }) },
  { name: 'there is a data group 17', reason: 'sod.data-groups', part: 'sod', change: sodChanged({ content: digested(...entries, entry(17, Buffer.alloc(32))) }) },
  { name: 'no data group has a digest', reason: 'sod.data-groups', part: 'sod', change: sodChanged({ content: digested() }) },
  { name: 'the list of digests is of version 2', reason: 'sod.version', part: 'sod', change: sodChanged({ content: sequence(integer(2), digestAlgorithm('sha256'), sequence(...entries)) }) },
  { name: 'a key is half a byte', reason: 'der.value', part: 'signer', change: sodChanged({ certificate: sequence(sequence(), signatureAlgorithm(country.authority.key), bits(Buffer.of(1), 4)) }) },
  { name: 'the digest rules are stricter than the card', reason: 'algorithm.weak', part: 'signer', change: () => ({ rules: { ...rules, digests: ['sha512'] }, files: { groups, sod: sodOver({ ...country, signer: { ...country.signer, key: { ...country.signer.key, digest: 'sha512' } } }, groups) } }) },
  { name: 'the content is a data group', reason: 'der.tag', part: 'sod', change: sodChanged({ content: groups.get(1) ?? Buffer.alloc(0), sod: () => ({ contentType: securityObjectOid }) }) },
]
