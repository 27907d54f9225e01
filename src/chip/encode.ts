import { tags } from './der.ts'

/** DER as it is written: for keys whose curve is named anew, and for cards that are made up. */

/** One element around its parts. */
export function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  return Buffer.concat([bytesOf(tag), lengthOf(content.length), content])
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length)
  const bytes = bytesOf(length)
  return Buffer.concat([Buffer.of(0x80 | bytes.length), bytes])
}

/** The bytes of a whole number, highest first. */
function bytesOf(number: number | bigint): Buffer {
  const hex = number.toString(16)
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
}

export const sequence = (...parts: readonly Buffer[]): Buffer => element(tags.sequence, ...parts)

/** The members of a set stand in the order of their bytes (ITU-T X.690 §11.6). */
export const set = (...parts: readonly Buffer[]): Buffer => element(tags.set, ...parts.toSorted((one, other) => one.compare(other)))

export function integer(number: number | bigint): Buffer {
  const bytes = bytesOf(number)
  return element(tags.integer, ...((bytes[0] ?? 0) < 0x80 ? [] : [Buffer.of(0)]), bytes)
}

export const octets = (bytes: Buffer): Buffer => element(tags.octets, bytes)
export const bits = (bytes: Buffer, unused = 0): Buffer => element(tags.bits, Buffer.of(unused), bytes)
export const boolean = (value: boolean): Buffer => element(tags.boolean, Buffer.of(value ? 0xff : 0))
export const nothing = element(tags.nothing)
export const utf8 = (text: string): Buffer => element(tags.utf8, Buffer.from(text))
export const printable = (text: string): Buffer => element(tags.printable, Buffer.from(text, 'latin1'))

export function oid(dotted: string): Buffer {
  const [root = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt)
  return element(tags.oid, ...[root * 40n + second, ...rest].map(arcOf))
}

function arcOf(arc: bigint): Buffer {
  const low = Buffer.of(Number(arc & 0x7fn))
  const groups: Buffer[] = [low]
  for (let left = arc >> 7n; left > 0n; left >>= 7n) groups.unshift(Buffer.of(Number(left & 0x7fn) | 0x80))
  return Buffer.concat(groups)
}

/** `UTCTime` until 2049, `GeneralizedTime` from then on (RFC 5280 §4.1.2.5). */
export function time(at: Date): Buffer {
  const text = `${at.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`
  return at.getUTCFullYear() < 2050 ? element(tags.utcTime, Buffer.from(text.slice(2))) : element(tags.time, Buffer.from(text))
}
