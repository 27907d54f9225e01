import { constants, hash, publicDecrypt, verify, type KeyObject } from 'node:crypto'
import type { ChipRules, DigestName } from '#domain/chip/rules.ts'
import { digestSizes } from './algorithm.ts'
import { securityInfosOf, wrapped } from './data-group.ts'
import { ChipFault, inside, must } from './fault.ts'
import { readPublicKey } from './public-key.ts'
import { oidOf } from './value.ts'

const activeOid = '2.23.136.1.1.5'

/** Signatures that are two numbers side by side (BSI TR-03111 §5.2.2). */
export const plainSignatureOids = {
  '0.4.0.127.0.7.1.1.4.1.1': 'sha1',
  '0.4.0.127.0.7.1.1.4.1.2': 'sha224',
  '0.4.0.127.0.7.1.1.4.1.3': 'sha256',
  '0.4.0.127.0.7.1.1.4.1.4': 'sha384',
  '0.4.0.127.0.7.1.1.4.1.5': 'sha512',
} as const satisfies Record<string, DigestName>

type Rules = Pick<ChipRules, 'answerDigests' | 'smallestKeys'>
type Said = { dg15: Buffer; dg14: Buffer | undefined; nonce: Buffer; signature: Buffer }

/** Whether the chip holds the private half of the key in DG15: it has signed our eight bytes (ICAO 9303-11 §6.1). */
export function provesActive({ dg15, dg14, nonce, signature }: Said, rules: Rules): void {
  const found = wrapped(15, dg15)
  const { key } = inside('dg15', () => readPublicKey(found, rules.smallestKeys.chip))
  const right = key.asymmetricKeyType === 'ec' ? signedPlain(key, { dg14, nonce, signature }, rules) : recovered(key, nonce, signature, rules)
  must(right, 'chip.answer-wrong', 'answer')
}

function signedPlain(key: KeyObject, { dg14, nonce, signature }: Omit<Said, 'dg15'>, { answerDigests }: Rules): boolean {
  const digest = plainDigest(dg14)
  must(answerDigests.includes(digest), 'algorithm.weak', 'dg14')
  try {
    return verify(digest, nonce, { key, dsaEncoding: 'ieee-p1363' }, signature)
  } catch {
    return false
  }
}

/** ActiveAuthenticationInfo (ICAO 9303-11 §9.2): without it nobody knows the digest of an ECDSA answer. */
function plainDigest(dg14: Buffer | undefined): DigestName {
  const info = (dg14 === undefined ? [] : securityInfosOf(dg14)).find(({ protocol }) => inside('dg14', () => oidOf(protocol)) === activeOid)
  const told = info?.optional && inside('dg14', () => oidOf(info.optional ?? info.protocol))
  const digest = Object.entries(plainSignatureOids).find(([oid]) => oid === told)?.[1]
  if (digest === undefined) throw new ChipFault('algorithm.unknown', 'dg14')
  return digest
}

/** The digest by the byte before `CC` (ISO/IEC 10118-3); `BC` alone is SHA-1. */
const trailers: Readonly<Record<number, DigestName>> = { 0x33: 'sha1', 0x34: 'sha256', 0x35: 'sha512', 0x36: 'sha384', 0x38: 'sha224' }

/**
 * ISO/IEC 9796-2 scheme 1 with partial recovery: `6A`, what the chip has added of its own, the digest of that and our bytes, and a trailer that
 * names the digest.
 */
function recovered(key: KeyObject, nonce: Buffer, signature: Buffer, { answerDigests }: Rules): boolean {
  const message = opened(key, signature)
  if (message?.[0] !== 0x6a) return false
  const short = message.at(-1) === 0xbc
  const digest = short ? 'sha1' : trailers[message.at(-1) === 0xcc ? (message.at(-2) ?? 0) : 0]
  if (digest === undefined) return false
  must(answerDigests.includes(digest), 'algorithm.weak', 'answer')
  const end = message.length - (short ? 1 : 2)
  const start = end - digestSizes[digest]
  const own = message.subarray(1, start)
  return start > 1 && hash(digest, Buffer.concat([own, nonce]), 'buffer').equals(message.subarray(start, end))
}

/** RSA the other way round, with nothing taken off; what is no number below the modulus is no signature. */
function opened(key: KeyObject, signature: Buffer): Buffer | undefined {
  try {
    return publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, signature)
  } catch {
    return undefined
  }
}
