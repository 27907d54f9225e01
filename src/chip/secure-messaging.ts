import { createCipheriv, hash, timingSafeEqual } from 'node:crypto'
import { readElements } from './der.ts'
import { must } from './fault.ts'

/** Ciphers of the keys agreed by chip authentication, by the last arc of their protocol (ICAO 9303-11 §9.2.2). */
export const ciphers = {
  1: { block: 8, keyBytes: 16, digest: 'sha1', mac: retailMac },
  2: { block: 16, keyBytes: 16, digest: 'sha1', mac: aesMac },
  3: { block: 16, keyBytes: 24, digest: 'sha256', mac: aesMac },
  4: { block: 16, keyBytes: 32, digest: 'sha256', mac: aesMac },
} as const
export type CipherNumber = keyof typeof ciphers

/** The key for message authentication out of the shared secret (ICAO 9303-11 §9.7.1; counter 2). */
export function macKeyOf(shared: Buffer, cipher: CipherNumber): Buffer {
  const { digest, keyBytes } = ciphers[cipher]
  return hash(digest, Buffer.concat([shared, Buffer.of(0, 0, 0, 2)]), 'buffer').subarray(0, keyBytes)
}

const header = Buffer.of(0x0c, 0xb0, 0x8e, 0x00)
const expected = Buffer.of(0x97, 0x01, 0x04)

/**
 * READ BINARY of the first bytes of EF.DG14 under the new keys: the first command after chip authentication, with the send sequence counter at one
 * (ICAO 9303-11 §6.2, §9.8). Only who knows the keys can make it, and only who knows them can answer.
 */
export function protectedRead(key: Buffer, cipher: CipherNumber): Buffer {
  const mac = macOf(key, cipher, 1, Buffer.concat([padded(header, ciphers[cipher].block), expected]))
  return Buffer.concat([header, Buffer.of(expected.length + 10), expected, Buffer.of(0x8e, 0x08), mac, Buffer.of(0)])
}

/** Whether an answer to that command was made with the same keys: its status and data are under its cryptographic checksum. */
export function answeredUnder(key: Buffer, cipher: CipherNumber, response: Buffer): boolean {
  must(response.length > 2, 'der.truncated')
  const objects = readElements(response.subarray(0, -2), 'ber-tlv')
  const [status, checksum] = [objects.at(-2), objects.at(-1)]
  const before = objects.slice(0, -2)
  const shaped = status?.tag === 0x99 && checksum?.tag === 0x8e && before.every(({ tag }) => tag === 0x87) && before.length <= 1
  if (!shaped || !status.content.equals(Buffer.of(0x90, 0x00)) || checksum.content.length !== 8) return false
  const covered = Buffer.concat(objects.slice(0, -1).map(({ whole }) => whole))
  return timingSafeEqual(macOf(key, cipher, 2, covered), checksum.content)
}

/** The checksum over counter and data, eight bytes of it (ICAO 9303-11 §9.8.6). */
export function macOf(key: Buffer, cipher: CipherNumber, counter: number, data: Buffer): Buffer {
  const { block, mac } = ciphers[cipher]
  const sequence = Buffer.alloc(block)
  sequence.writeUInt32BE(counter, block - 4)
  return mac(key, Buffer.concat([sequence, padded(data, block)]))
}

/** One bit and as many zeros as it takes (ISO/IEC 9797-1 padding method 2). */
function padded(data: Buffer, block: number): Buffer {
  return Buffer.concat([data, Buffer.of(0x80), Buffer.alloc(block - 1 - (data.length % block))])
}

/** MAC algorithm 3 of ISO/IEC 9797-1 with DES, over whole blocks. OpenSSL has single DES as triple DES with three equal keys. */
export function retailMac(key: Buffer, data: Buffer): Buffer {
  const [one, two] = [key.subarray(0, 8), key.subarray(8, 16)]
  const chain = des([one, one, one], data.subarray(0, -8))
  const last = xor(chain.subarray(-8), data.subarray(-8), 8)
  return des([one, two, one], last)
}

function des(keys: readonly Buffer[], data: Buffer): Buffer {
  if (data.length === 0) return Buffer.alloc(8)
  const cipher = createCipheriv('des-ede3-cbc', Buffer.concat(keys), Buffer.alloc(8)).setAutoPadding(false)
  return Buffer.concat([cipher.update(data), cipher.final()])
}

/** The first eight bytes of AES-CMAC (RFC 4493; NIST SP 800-38B) over data that is padded already and so is whole blocks. */
export function aesMac(key: Buffer, data: Buffer): Buffer {
  const first = doubled(aes(key, Buffer.alloc(16)))
  const last = xor(data.subarray(-16), first, 16)
  return aes(key, Buffer.concat([data.subarray(0, -16), last])).subarray(-16).subarray(0, 8)
}

function aes(key: Buffer, data: Buffer): Buffer {
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, Buffer.alloc(16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(data), cipher.final()])
}

/** Times x in the field of 128 bits (RFC 4493 §2.3). */
function doubled(block: Buffer): Buffer {
  const value = (BigInt(`0x${block.toString('hex')}`) << 1n) ^ ((block[0] ?? 0) & 0x80 ? 0x87n : 0n)
  return Buffer.from((value & ((1n << 128n) - 1n)).toString(16).padStart(32, '0'), 'hex')
}

const xor = (one: Buffer, other: Buffer, size: number): Buffer => Buffer.from(Array.from({ length: size }, (_, at) => (one[at] ?? 0) ^ (other[at] ?? 0)))
