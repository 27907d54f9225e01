import { readSigned, type Signed } from './certificate.ts'
import { elementsOf, fieldsOf, inner, readElement, tags, type Element } from './der.ts'
import { readExtensions } from './extension.ts'
import { must } from './fault.ts'
import { serialOf, smallOf, timeOf } from './value.ts'

/** A list of certificates that were revoked (RFC 5280 §5.1; ICAO 9303-12 §7.2). */
export type RevocationList = { signed: Signed; issuer: Buffer; thisUpdate: Date; nextUpdate: Date; revoked: ReadonlySet<string> }

/** Lists of parts, and lists of changes to others, have a critical extension and are refused by it (RFC 5280 §5.2.4, §5.2.5). */
export function readRevocationList(bytes: Buffer): RevocationList {
  const { fields, algorithm, signed } = readSigned(readElement(bytes))
  must(smallOf(fields.next(tags.integer)) === 1, 'certificate.version')
  must(fields.next(tags.sequence).whole.equals(algorithm), 'certificate.algorithms-differ')
  const issuer = fields.next(tags.sequence).whole
  const thisUpdate = timeOf(nextTime(fields))
  const nextUpdate = timeOf(nextTime(fields))
  const entries = fields.maybe(tags.sequence)
  const extensions = fields.maybe(0xa0)
  fields.end()
  if (extensions) readExtensions(inner(extensions), 'crl.extension')
  return { signed, issuer, thisUpdate, nextUpdate, revoked: new Set(entries === undefined ? [] : elementsOf(entries).map(serialOfEntry)) }
}

/** The next update is never left out (ICAO 9303-12 §7.2). */
const nextTime = (fields: ReturnType<typeof fieldsOf>): Element => fields.maybe(tags.utcTime) ?? fields.next(tags.time)

function serialOfEntry(entry: Element): string {
  const fields = fieldsOf(entry)
  const serial = serialOf(fields.next(tags.integer))
  nextTime(fields)
  const extensions = fields.maybe(tags.sequence)
  fields.end()
  if (extensions) readExtensions(extensions, 'crl.extension')
  return serial
}
