import { createPublicKey, diffieHellman, hash, privateEncrypt, constants, randomBytes, sign } from 'node:crypto'
import type { ChipQuestion } from '#domain/chip/reading.ts'
import type { DigestName } from '#domain/chip/rules.ts'
import { digestSizes } from '#chip/algorithm.ts'
import { plainSignatureOids } from '#chip/active-authentication.ts'
import { agreementOid } from '#chip/chip-authentication.ts'
import { curves, isCurve } from '#chip/curve.ts'
import { element, integer, oid, sequence, set } from '#chip/encode.ts'
import { namedKey } from '#chip/public-key.ts'
import { macKeyOf, macOf, type CipherNumber } from '#chip/secure-messaging.ts'
import { makeKey, oidIn, type KeyWish, type SigningKey } from './signing.ts'

/** The half of a card that answers: it holds keys whose public parts are in DG14 and DG15. */
export type SyntheticChip = {
  groups: ReadonlyMap<14 | 15, Buffer>
  /** INTERNAL AUTHENTICATE (ICAO 9303-11 §6.1). */
  signNonce: (nonce: Buffer) => Buffer
  /** Chip authentication and the first command after it (ICAO 9303-11 §6.2). */
  agree: (asked: NonNullable<ChipQuestion['agreement']>) => Buffer
}

/** `agreement` is on a curve; `cipher` as the last arc of its protocol. */
export type ChipWish = { active?: KeyWish | undefined; agreement?: { curve: string; cipher: CipherNumber } | undefined }

export function makeChip({ active, agreement }: ChipWish): SyntheticChip {
  const [signing, agreeing] = [active && makeKey(active), agreement && makeKey({ curve: agreement.curve })]
  const infos = [
    ...(signing?.family === 'ec' ? [activeInfo(signing.digest)] : []),
    ...(agreeing && agreement ? agreementInfos(agreeing, agreement.cipher) : []),
  ]
  const groups = new Map<14 | 15, Buffer>()
  if (infos.length > 0) groups.set(14, element(0x6e, set(...infos)))
  if (signing) groups.set(15, element(0x6f, signing.spki))
  return {
    groups,
    signNonce: (nonce) => answerOf(signing, nonce),
    agree: (asked) => agreedAnswer(agreeing, agreement, asked),
  }
}

function activeInfo(digest: DigestName): Buffer {
  return sequence(oid('2.23.136.1.1.5'), integer(1), oidIn<DigestName>(plainSignatureOids, (name) => name === digest))
}

const agreementInfos = (key: SigningKey, cipher: CipherNumber): readonly Buffer[] => [
  sequence(oid(`${agreementOid}.${cipher}`), integer(1)),
  sequence(oid('0.4.0.127.0.7.2.2.1.2'), key.spki),
]

function answerOf(key: SigningKey | undefined, nonce: Buffer): Buffer {
  if (key === undefined) throw new TypeError('this chip has no key to sign with')
  return key.family === 'ec' ? sign(key.digest, nonce, { key: key.privateKey, dsaEncoding: 'ieee-p1363' }) : recoverable(key, nonce)
}

const trailers: Readonly<Record<DigestName, Buffer>> = {
  sha1: Buffer.of(0xbc), sha224: Buffer.of(0x38, 0xcc), sha256: Buffer.of(0x34, 0xcc), sha384: Buffer.of(0x36, 0xcc), sha512: Buffer.of(0x35, 0xcc),
}

/** ISO/IEC 9796-2 scheme 1 with partial recovery. */
function recoverable({ privateKey, digest }: SigningKey, nonce: Buffer): Buffer {
  const size = (privateKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8
  const trailer = trailers[digest]
  const own = randomBytes(size - 1 - digestSizes[digest] - trailer.length)
  const message = Buffer.concat([Buffer.of(0x6a), own, hash(digest, Buffer.concat([own, nonce]), 'buffer'), trailer])
  return privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, message)
}

function agreedAnswer(key: SigningKey | undefined, agreement: ChipWish['agreement'], asked: NonNullable<ChipQuestion['agreement']>): Buffer {
  if (key === undefined || agreement === undefined) throw new TypeError('this chip has no key to agree with')
  const curve = Object.keys(curves).filter(isCurve).find((each) => curves[each].name === agreement.curve)
  if (curve === undefined) throw new TypeError('no such curve')
  const publicKey = createPublicKey({ key: namedKey(curve, asked.publicKey), format: 'der', type: 'spki' })
  const macKey = macKeyOf(diffieHellman({ privateKey: key.privateKey, publicKey }), agreement.cipher)
  // The data of the answer is enciphered; what it says is not asked.
  const covered = Buffer.concat([element(0x87, Buffer.of(1), randomBytes(agreement.cipher === 1 ? 8 : 16)), element(0x99, Buffer.of(0x90, 0x00))])
  return Buffer.concat([covered, element(0x8e, macOf(macKey, agreement.cipher, 2, covered)), Buffer.of(0x90, 0x00)])
}
