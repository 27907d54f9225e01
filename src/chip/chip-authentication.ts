import { diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { ChipRules } from '#domain/chip/rules.ts'
import { curves, type CurveOid } from './curve.ts'
import { securityInfosOf, type SecurityInfo } from './data-group.ts'
import { readElement, tags, fieldsOf } from './der.ts'
import { inside, must } from './fault.ts'
import { readPublicKey } from './public-key.ts'
import { ciphers, macKeyOf, protectedRead, type CipherNumber } from './secure-messaging.ts'
import { oidOf, smallOf, wholeBytesOf } from './value.ts'

const publicKeyOid = '0.4.0.127.0.7.2.2.1.2'
export const agreementOid = '0.4.0.127.0.7.2.2.3.2'

/** What DG14 offers for agreeing on keys (ICAO 9303-11 §9.2.2, §9.2.3). */
export type Offer = { publicKey: KeyObject; curve: CurveOid; keyId: number | undefined; cipher: CipherNumber }

/** The first key of an elliptic curve with a cipher to it; `undefined` where there is none. Where a key comes without a word on ciphers, it is triple DES. */
export function offerOf(dg14: Buffer, { smallestKeys }: Pick<ChipRules, 'smallestKeys'>): Offer | undefined {
  const infos = securityInfosOf(dg14)
  return inside('dg14', () => {
    const named = infos.map((info) => ({ ...info, oid: oidOf(info.protocol) }))
    const found = named.find(({ oid }) => oid === publicKeyOid)
    if (found === undefined) return undefined
    const keyId = idOf(found)
    const ways = named.filter((info) => info.oid.startsWith(`${agreementOid}.`) && (keyId === undefined || idOf(info) === keyId))
    const cipher = ways.map(({ oid }) => cipherOf(oid)).find((number) => number !== undefined)
    if (cipher === undefined && ways.length > 0) return undefined
    const { key, curve } = readPublicKey(found.required, smallestKeys.chip)
    must(curve !== undefined, 'key.unreadable')
    return { publicKey: key, curve, keyId, cipher: cipher ?? 1 }
  })
}

const idOf = ({ optional }: SecurityInfo): number | undefined => optional && smallOf(optional)

function cipherOf(oid: string): CipherNumber | undefined {
  const number = Number(oid.slice(agreementOid.length + 1))
  return isCipher(number) ? number : undefined
}

export const isCipher = (number: number): number is CipherNumber => Object.hasOwn(ciphers, number)

/** Our half of an agreement that nobody has seen before, and the key that only the chip can come to as well (ICAO 9303-11 §6.2). */
export function agree({ publicKey, curve, keyId, cipher }: Offer) {
  const own = generateKeyPairSync('ec', { namedCurve: curves[curve].name })
  const macKey = macKeyOf(diffieHellman({ privateKey: own.privateKey, publicKey }), cipher)
  return {
    macKey,
    asked: { publicKey: pointOf(own.publicKey), ...(keyId !== undefined && { keyId }), oid: `${agreementOid}.${cipher}`, command: protectedRead(macKey, cipher) },
  }
}

/** The point of a key, as the chip takes it (MSE:Set KAT tag 91, GENERAL AUTHENTICATE tag 80). */
function pointOf(key: KeyObject): Buffer {
  const fields = fieldsOf(readElement(key.export({ type: 'spki', format: 'der' })))
  fields.next(tags.sequence)
  return wholeBytesOf(fields.next(tags.bits))
}
