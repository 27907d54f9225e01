import { elementsOf, fieldsOf, readElement, tags, type Element } from './der.ts'
import { must } from './fault.ts'
import { booleanOf, generalTimeOf, namedBitsOf, octetsOf, oidOf, smallOf, textOf } from './value.ts'

/** What the extensions of a certificate or a revocation list say, as far as ICAO 9303-12 §7.1 uses them. */
export type Extensions = {
  keyUsage?: (bit: number) => boolean
  authority?: boolean
  /** Any extended key usage: a document signer has none; signers of master and deviation lists, of the same authority, have. */
  extendedUsage?: readonly string[]
  subjectKey?: string
  authorityKey?: string
  documentTypes?: readonly string[]
  /** When the key may sign, which is shorter than its signatures may be checked (RFC 3280 §4.2.1.4). */
  signsFrom?: Date
  signsUntil?: Date
}

/** Bits of KeyUsage (RFC 5280 §4.2.1.3). */
export const keyUsages = { digitalSignature: 0, keyCertSign: 5, crlSign: 6 } as const

type Reader = (value: Element) => Extensions

const readers: Readonly<Record<string, Reader>> = {
  '2.5.29.14': (value) => ({ subjectKey: octetsOf(value).toString('hex') }),
  '2.5.29.15': (value) => ({ keyUsage: namedBitsOf(value) }),
  '2.5.29.16': keyPeriod,
  '2.5.29.19': constraints,
  '2.5.29.35': authorityKey,
  '2.5.29.37': (value) => ({ extendedUsage: elementsOf(value).map(oidOf) }),
  '2.23.136.1.1.6.2': documentTypes,
}

/** Reads `Extensions`. One that is critical and not known here would change what the rest means (RFC 5280 §4.2). */
export function readExtensions(found: Element, reason: 'certificate.extension' | 'crl.extension'): Extensions {
  const seen = new Set<string>()
  const read = elementsOf(found).map((extension): Extensions => {
    const fields = fieldsOf(extension)
    const oid = oidOf(fields.next(tags.oid))
    const flag = fields.maybe(tags.boolean)
    const value = octetsOf(fields.next(tags.octets))
    fields.end()
    must(!seen.has(oid), reason)
    seen.add(oid)
    const reader = Object.hasOwn(readers, oid) ? readers[oid] : undefined
    must(reader !== undefined || flag === undefined || !booleanOf(flag), reason)
    return reader?.(readElement(value)) ?? {}
  })
  return read.reduce((all, each) => ({ ...all, ...each }), {})
}

/** `authority` is said only of those that are. */
function constraints(value: Element): Extensions {
  const fields = fieldsOf(value)
  const flag = fields.maybe(tags.boolean)
  fields.maybe(tags.integer)
  fields.end()
  return { authority: flag !== undefined && booleanOf(flag) }
}

function authorityKey(value: Element): Extensions {
  const key = fieldsOf(value).maybe(0x80)
  return key === undefined ? {} : { authorityKey: key.content.toString('hex') }
}

function keyPeriod(value: Element): Extensions {
  const fields = fieldsOf(value)
  const [from, until] = [fields.maybe(0x80), fields.maybe(0x81)]
  fields.end()
  return { ...(from && { signsFrom: generalTimeOf(from.content) }), ...(until && { signsUntil: generalTimeOf(until.content) }) }
}

/** DocumentTypeList (ICAO 9303-12 §7.1): the document codes of the MRZ that the signer may sign for. */
function documentTypes(value: Element): Extensions {
  const fields = fieldsOf(value)
  smallOf(fields.next(tags.integer))
  const types = elementsOf(fields.next(tags.set), tags.set).flatMap((type) => textOf(type) || [])
  fields.end()
  return { documentTypes: types }
}
