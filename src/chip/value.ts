import { tags, type Element } from './der.ts'
import { ChipFault, must } from './fault.ts'

/** Values of ASN.1, each in the one encoding that DER has for it (ITU-T X.690 §8, §10, §11). */

function contentOf({ tag, content }: Element, wanted: number): Buffer {
  must(tag === wanted, 'der.tag')
  return content
}

/** A whole number that is not negative, as all of ours are. */
export function integerOf(element: Element): bigint {
  const content = contentOf(element, tags.integer)
  const [leading, next] = content
  must(leading !== undefined && leading < 0x80 && !(leading === 0 && next !== undefined && next < 0x80), 'der.value')
  return BigInt(`0x${content.toString('hex')}`)
}

/** A version, a count, the number of a data group. */
export function smallOf(element: Element): number {
  const value = integerOf(element)
  must(value <= 0xffffn, 'der.value')
  return Number(value)
}

/** Serial numbers should not be negative, but some are (RFC 5280 §4.1.2.2): kept as they are written. */
export const serialOf = (element: Element): string => contentOf(element, tags.integer).toString('hex')

export const octetsOf = (element: Element): Buffer => contentOf(element, tags.octets)

/** A bit string of whole bytes: keys and signatures. */
export function wholeBytesOf(element: Element): Buffer {
  const content = contentOf(element, tags.bits)
  must(content[0] === 0, 'der.value')
  return content.subarray(1)
}

/** A list of named bits (X.690 §11.2.2); bit 0 is the highest of the first byte. */
export function namedBitsOf(element: Element): (bit: number) => boolean {
  const content = contentOf(element, tags.bits)
  const [unused = 8] = content
  const last = content.at(-1) ?? 0
  must(unused < 8 && (content.length > 1 || unused === 0), 'der.value')
  must(content.length === 1 || (last & ((1 << unused) - 1)) === 0, 'der.value')
  return (bit) => ((content[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0
}

export function booleanOf(element: Element): boolean {
  const content = contentOf(element, tags.boolean)
  must(content.length === 1 && (content[0] === 0 || content[0] === 0xff), 'der.value')
  return content[0] === 0xff
}

/** An object identifier in dots (X.690 §8.19). */
export function oidOf(element: Element): string {
  const content = contentOf(element, tags.oid)
  must(content.length > 0 && content.length <= 32 && (content.at(-1) ?? 0x80) < 0x80, 'der.value')
  const arcs: bigint[] = []
  let arc = 0n
  let begins = true
  for (const byte of content) {
    must(!begins || byte !== 0x80, 'der.value')
    arc = arc * 128n + BigInt(byte & 0x7f)
    begins = byte < 0x80
    if (begins) arcs.push(arc)
    if (begins) arc = 0n
  }
  const [joint = 0n, ...rest] = arcs
  const root = joint < 80n ? joint / 40n : 2n
  return [root, joint - root * 40n, ...rest].join('.')
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** `UTF8String`, and `PrintableString` and its like, of which ASCII is read. */
export function textOf({ tag, content }: Element): string | undefined {
  if (tag === tags.utf8) return decoded(content)
  return isText(tag) && content.every((byte) => byte < 0x80) ? content.toString('latin1') : undefined
}

/** PrintableString, TeletexString, IA5String, VisibleString. */
const isText = (tag: number): boolean => [tags.printable, 0x14, 0x16, 0x1a].includes(tag)

function decoded(content: Buffer): string {
  try {
    return utf8.decode(content)
  } catch {
    throw new ChipFault('der.value')
  }
}

/** `UTCTime` and `GeneralizedTime`, in Zulu with seconds and no fraction (RFC 5280 §4.1.2.5). */
export function timeOf({ tag, content }: Element): Date {
  must(tag === tags.utcTime || tag === tags.time, 'der.tag')
  return momentOf(content.toString('latin1'), tag === tags.utcTime)
}

/** The same where a tag of its own context hides which it is. */
export const generalTimeOf = (content: Buffer): Date => momentOf(content.toString('latin1'), false)

function momentOf(written: string, short: boolean): Date {
  must((short ? /^\d{12}Z$/ : /^\d{14}Z$/).test(written), 'der.value')
  const full = short ? `${Number(written.slice(0, 2)) < 50 ? '20' : '19'}${written}` : written
  const iso = full.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6.000Z')
  const at = new Date(iso)
  must(!Number.isNaN(at.getTime()) && at.toISOString() === iso, 'der.value')
  return at
}
