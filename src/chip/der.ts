import { ChipFault, must } from './fault.ts'

/** One element of ASN.1: its tag with class and form (`0x30`, `0xa0`; two bytes for high tags, `0x5f1f`), what it holds, and the whole of it. */
export type Element = { tag: number; content: Buffer; whole: Buffer }

/**
 * `der` has one encoding for each value (ITU-T X.690 §10), so that nothing that was signed can be written in another way. Data groups are BER-TLV of
 * ISO 7816-4 and may write a length in more bytes than it needs; both know lengths that are told beforehand only.
 */
export type Form = 'der' | 'ber-tlv'

export const tags = {
  boolean: 0x01, integer: 0x02, bits: 0x03, octets: 0x04, nothing: 0x05, oid: 0x06, utf8: 0x0c, printable: 0x13, utcTime: 0x17, time: 0x18,
  sequence: 0x30, set: 0x31,
} as const

/** Exactly one element, nothing behind it. */
export function readElement(bytes: Buffer, form: Form = 'der'): Element {
  const element = first(bytes, form)
  must(element.whole.length === bytes.length, 'der.trailing')
  return element
}

/** The elements one after the other, to the last byte. */
export function readElements(bytes: Buffer, form: Form = 'der'): readonly Element[] {
  const found: Element[] = []
  for (let rest = bytes; rest.length > 0; rest = rest.subarray(found.at(-1)?.whole.length)) found.push(first(rest, form))
  return found
}

function first(bytes: Buffer, form: Form): Element {
  const { tag, size } = tagOf(bytes)
  const { length, start } = lengthOf(bytes, size, form)
  must(start + length <= bytes.length, 'der.truncated')
  return { tag, content: bytes.subarray(start, start + length), whole: bytes.subarray(0, start + length) }
}

function tagOf(bytes: Buffer): { tag: number; size: number } {
  const leading = byteAt(bytes, 0)
  // The end of an indefinite length (X.690 §8.1.5) is no element.
  must(leading !== 0, 'der.tag')
  if ((leading & 0x1f) !== 0x1f) return { tag: leading, size: 1 }
  const next = byteAt(bytes, 1)
  // One more byte is enough for every tag of ICAO 9303, and it is not used where the first would do (X.690 §8.1.2.4).
  must(next >= 0x1f && next < 0x80, 'der.tag')
  return { tag: leading * 0x100 + next, size: 2 }
}

/** Three bytes of length are sixteen million; no file that we take is longer. */
const mostLengthBytes = 3

function lengthOf(bytes: Buffer, at: number, form: Form): { length: number; start: number } {
  const leading = byteAt(bytes, at)
  if (leading < 0x80) return { length: leading, start: at + 1 }
  must(leading !== 0x80, 'der.indefinite')
  const size = leading & 0x7f
  must(size <= mostLengthBytes, 'der.length')
  const start = at + 1 + size
  must(start <= bytes.length, 'der.truncated')
  const length = bytes.readUIntBE(at + 1, size)
  must(form === 'ber-tlv' || (length >= 0x80 && byteAt(bytes, at + 1) !== 0), 'der.length')
  return { length, start }
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at]
  if (byte === undefined) throw new ChipFault('der.truncated')
  return byte
}

/** What stands in a structure, to be asked for in its order (`SEQUENCE`, with what is OPTIONAL). */
export type Fields = {
  /** The next one, which must be of this tag. */
  next: (tag: number) => Element
  /** The next one if it is of this tag. */
  maybe: (tag: number) => Element | undefined
  /** All that are left. */
  rest: () => readonly Element[]
  /** Nothing may be left. */
  end: () => void
}

/** The fields of an element that must have this tag. */
export function fieldsOf(element: Element, tag: number = tags.sequence, form: Form = 'der'): Fields {
  const left = [...elementsOf(element, tag, form)]
  const maybe = (wanted: number) => (left[0]?.tag === wanted ? left.shift() : undefined)
  return {
    maybe,
    next(wanted) {
      const found = maybe(wanted)
      if (found === undefined) throw new ChipFault('der.tag')
      return found
    },
    rest: () => left.splice(0),
    end: () => must(left.length === 0, 'der.tag'),
  }
}

/** The members of an element that must have this tag (`SEQUENCE OF`, `SET OF`). */
export function elementsOf(element: Element, tag: number = tags.sequence, form: Form = 'der'): readonly Element[] {
  must(element.tag === tag, 'der.tag')
  return readElements(element.content, form)
}

/** What an explicit tag is around. */
export const inner = (element: Element, form: Form = 'der'): Element => readElement(element.content, form)
