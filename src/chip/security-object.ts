import { hash } from 'node:crypto'
import type { ChipRules, DigestName } from '#domain/chip/rules.ts'
import { digestOf, digestSizes, readAlgorithm, schemeOf } from './algorithm.ts'
import { readCertificate, type Certificate, type Signed } from './certificate.ts'
import { elementsOf, fieldsOf, inner, readElement, tags, type Element, type Fields } from './der.ts'
import { inside, must } from './fault.ts'
import { octetsOf, oidOf, serialOf, smallOf, timeOf } from './value.ts'

const signedDataOid = '1.2.840.113549.1.7.2'
export const securityObjectOid = '2.23.136.1.1.1'
export const attributeOids = { contentType: '1.2.840.113549.1.9.3', messageDigest: '1.2.840.113549.1.9.4', signingTime: '1.2.840.113549.1.9.5' } as const

/** EF.SOD taken apart (ICAO 9303-10 §4.6.2): who has signed which digests. Nothing in it is believed yet but that it fits together. */
export type SecurityObject = {
  signer: Certificate
  /** The signed attributes, as they were signed. */
  signed: Signed
  signedAt: Date | undefined
  digest: DigestName
  digests: ReadonlyMap<number, Buffer>
}

/**
 * Reads EF.SOD: tag 77 around a CMS SignedData (RFC 5652 §5) of one signer whose certificate is in it, with signed attributes and no other. What is not signed and
 * not needed (more certificates, revocation lists, unsigned attributes) is refused: nobody has vouched for it.
 */
export function readSecurityObject(file: Buffer, { digests }: Pick<ChipRules, 'digests'>): SecurityObject {
  const outer = readElement(file)
  must(outer.tag === 0x77, 'der.tag')
  const info = fieldsOf(inner(outer))
  must(oidOf(info.next(tags.oid)) === signedDataOid, 'sod.content-type')
  const data = fieldsOf(inner(info.next(0xa0)))
  info.end()

  must(smallOf(data.next(tags.integer)) === 3, 'sod.version')
  const named = elementsOf(data.next(tags.set), tags.set).map((each) => digestOf(readAlgorithm(each)))
  const content = readContent(fieldsOf(data.next(tags.sequence)))
  const certificates = data.maybe(0xa0)
  must(data.maybe(0xa1) === undefined, 'sod.unsigned-content')
  const signers = elementsOf(data.next(tags.set), tags.set)
  data.end()
  const [certificate, ...otherCertificates] = certificates === undefined ? [] : elementsOf(certificates, 0xa0)
  const [signerInfo, ...otherSigners] = signers
  must(certificate !== undefined && otherCertificates.length === 0, 'sod.certificates')
  must(signerInfo !== undefined && otherSigners.length === 0, 'sod.signers')

  const signer = inside('signer', () => readCertificate(certificate.whole))
  const { digest, signed, signedAt } = readSigner(fieldsOf(signerInfo), signer, content)
  must(named.length === 1 && named[0] === digest, 'sod.digests-differ')
  must(digests.includes(digest), 'algorithm.weak')
  const groups = readDigests(content)
  must(digests.includes(groups.digest), 'algorithm.weak')
  return { signer, signed, signedAt, ...groups }
}

function readContent(fields: Fields): Buffer {
  must(oidOf(fields.next(tags.oid)) === securityObjectOid, 'sod.content-type')
  const content = octetsOf(inner(fields.next(0xa0)))
  fields.end()
  return content
}

/** SignerInfo (RFC 5652 §5.3): the signature is over the attributes, and one of them over the content. */
function readSigner(fields: Fields, signer: Certificate, content: Buffer): { digest: DigestName; signed: Signed; signedAt: Date | undefined } {
  const version = smallOf(fields.next(tags.integer))
  const byKey = fields.maybe(0x80)
  must(version === (byKey === undefined ? 1 : 3), 'sod.version')
  must(byKey === undefined ? isNamed(fields.next(tags.sequence), signer) : byKey.content.toString('hex') === signer.extensions.subjectKey, 'sod.signer')
  const digest = digestOf(readAlgorithm(fields.next(tags.sequence)))
  const attributes = fields.maybe(0xa0)
  const scheme = schemeOf(readAlgorithm(fields.next(tags.sequence)), digest)
  const signature = octetsOf(fields.next(tags.octets))
  must(fields.maybe(0xa1) === undefined, 'sod.unsigned-content')
  fields.end()
  must(attributes !== undefined, 'sod.attributes')
  must(scheme.digest === digest, 'sod.digests-differ')
  const { messageDigest, signedAt } = readAttributes(attributes)
  must(messageDigest.equals(hash(digest, content, 'buffer')), 'sod.message-digest')
  // Signed as a SET, sent as [0] (RFC 5652 §5.4).
  const data = Buffer.concat([Buffer.of(tags.set), attributes.whole.subarray(1)])
  return { digest, signed: { data, scheme, signature }, signedAt }
}

function isNamed(found: Element, { issuer, serial }: Certificate): boolean {
  const fields = fieldsOf(found)
  const [name, number] = [fields.next(tags.sequence).whole, serialOf(fields.next(tags.integer))]
  fields.end()
  return name.equals(issuer) && number === serial
}

/** Each attribute once and with one value; which content it is and its digest must be said (RFC 5652 §11). */
function readAttributes(found: Element): { messageDigest: Buffer; signedAt: Date | undefined } {
  const pairs = elementsOf(found, 0xa0).map((attribute): [string, Element] => {
    const fields = fieldsOf(attribute)
    const oid = oidOf(fields.next(tags.oid))
    const [value, ...more] = elementsOf(fields.next(tags.set), tags.set)
    fields.end()
    must(value !== undefined && more.length === 0, 'sod.attributes')
    return [oid, value]
  })
  const values = new Map(pairs)
  const [type, messageDigest, at] = [attributeOids.contentType, attributeOids.messageDigest, attributeOids.signingTime].map((oid) => values.get(oid))
  must(values.size === pairs.length && type !== undefined && messageDigest !== undefined, 'sod.attributes')
  must(oidOf(type) === securityObjectOid, 'sod.content-type')
  return { messageDigest: octetsOf(messageDigest), signedAt: at && timeOf(at) }
}

/** LDSSecurityObject (ICAO 9303-10 §4.6.2): a digest for each data group, none twice. */
function readDigests(content: Buffer): Pick<SecurityObject, 'digest' | 'digests'> {
  const fields = fieldsOf(readElement(content))
  const version = smallOf(fields.next(tags.integer))
  const digest = digestOf(readAlgorithm(fields.next(tags.sequence)))
  const pairs = elementsOf(fields.next(tags.sequence)).map((group): [number, Buffer] => {
    const parts = fieldsOf(group)
    const pair: [number, Buffer] = [smallOf(parts.next(tags.integer)), octetsOf(parts.next(tags.octets))]
    parts.end()
    return pair
  })
  // Version 1 says of which versions of LDS and Unicode the chip is; nothing hangs on it.
  if (version === 1) fields.maybe(tags.sequence)
  fields.end()
  must(version <= 1, 'sod.version')
  const digests = new Map(pairs)
  const sound = pairs.every(([group, bytes]) => group >= 1 && group <= 16 && bytes.length === digestSizes[digest])
  must(sound && pairs.length > 0 && digests.size === pairs.length, 'sod.data-groups')
  return { digest, digests }
}
