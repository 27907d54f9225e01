import { generateKeyPairSync } from 'node:crypto'
import { fieldsOf, readElement, tags, type Element } from './der.ts'
import { must } from './fault.ts'
import { integerOf, octetsOf, oidOf, smallOf } from './value.ts'

/** The curves that ICAO 9303-12 and BSI TR-03111 name, by OpenSSL's names, with their sizes in bits (RFC 5480 §2.1.1.1, RFC 5639 §3). */
export const curves = {
  '1.3.132.0.33': { name: 'secp224r1', bits: 224 },
  '1.2.840.10045.3.1.7': { name: 'prime256v1', bits: 256 },
  '1.3.132.0.34': { name: 'secp384r1', bits: 384 },
  '1.3.132.0.35': { name: 'secp521r1', bits: 521 },
  '1.3.36.3.3.2.8.1.1.5': { name: 'brainpoolP224r1', bits: 224 },
  '1.3.36.3.3.2.8.1.1.7': { name: 'brainpoolP256r1', bits: 256 },
  '1.3.36.3.3.2.8.1.1.9': { name: 'brainpoolP320r1', bits: 320 },
  '1.3.36.3.3.2.8.1.1.11': { name: 'brainpoolP384r1', bits: 384 },
  '1.3.36.3.3.2.8.1.1.13': { name: 'brainpoolP512r1', bits: 512 },
} as const satisfies Record<string, { name: string; bits: number }>
export type CurveOid = keyof typeof curves

export const isCurve = (oid: string): oid is CurveOid => Object.hasOwn(curves, oid)

/** All that makes a curve: prime, coefficients, generator, order, cofactor. */
type Parameters = { prime: bigint; a: bigint; b: bigint; x: bigint; y: bigint | 'even' | 'odd'; order: bigint; cofactor: bigint | undefined }

const primeField = '1.2.840.10045.1.1'

/** ECParameters (RFC 3279 §2.3.5; BSI TR-03111 §5.2.1). The seed says where a curve comes from and nothing about what it is. */
function readParameters(found: Element): Parameters {
  const fields = fieldsOf(found)
  must([1, 2, 3].includes(smallOf(fields.next(tags.integer))), 'key.unknown-parameters')
  const [field, curve] = [fieldsOf(fields.next(tags.sequence)), fieldsOf(fields.next(tags.sequence))]
  must(oidOf(field.next(tags.oid)) === primeField, 'key.unknown-parameters')
  const prime = integerOf(field.next(tags.integer))
  const [a, b] = [number(octetsOf(curve.next(tags.octets))), number(octetsOf(curve.next(tags.octets)))]
  curve.maybe(tags.bits)
  const generator = octetsOf(fields.next(tags.octets))
  const order = integerOf(fields.next(tags.integer))
  const cofactor = fields.maybe(tags.integer)
  for (const part of [field, curve, fields]) part.end()
  return { prime, a, b, ...pointOf(generator), order, cofactor: cofactor && integerOf(cofactor) }
}

/** A point, whole or compressed to the parity of its second half (SEC 1 §2.3.3). */
function pointOf(point: Buffer): Pick<Parameters, 'x' | 'y'> {
  const [form] = point
  const whole = form === 4
  must(whole ? point.length % 2 === 1 : form === 2 || form === 3, 'key.unknown-parameters')
  const half = whole ? (point.length + 1) / 2 : point.length
  const y = form === 2 ? 'even' : 'odd'
  return { x: number(point.subarray(1, half)), y: whole ? number(point.subarray(half)) : y }
}

const number = (bytes: Buffer): bigint => BigInt(`0x0${bytes.toString('hex')}`)

const known = new Map<CurveOid, Parameters>()

/** What OpenSSL has for a name, told by itself in a key that spells its curve out. */
function parametersOf(oid: CurveOid): Parameters {
  const kept = known.get(oid)
  if (kept !== undefined) return kept
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: curves[oid].name, paramEncoding: 'explicit' })
  const algorithm = fieldsOf(fieldsOf(readElement(publicKey.export({ type: 'spki', format: 'der' }))).next(tags.sequence))
  algorithm.next(tags.oid)
  const parameters = readParameters(algorithm.next(tags.sequence))
  known.set(oid, parameters)
  return parameters
}

/**
 * The named curve that spelled-out parameters are. Every one of them is compared: a generator of the forger's own makes a key whose private half the
 * forger knows (CVE-2020-0601). What is no curve of the table is refused, never used as it is.
 */
export function namedCurve(found: Element): CurveOid {
  const told = readParameters(found)
  const oid = Object.keys(curves).filter(isCurve).find((each) => same(told, parametersOf(each)))
  must(oid !== undefined, 'key.unknown-parameters')
  return oid
}

function same(told: Parameters, own: Parameters): boolean {
  const y = typeof told.y === 'bigint' ? told.y === own.y : typeof own.y === 'bigint' && own.y % 2n === (told.y === 'odd' ? 1n : 0n)
  return y && told.prime === own.prime && told.a === own.a && told.b === own.b && told.x === own.x && told.order === own.order
    && (told.cofactor === undefined || told.cofactor === own.cofactor)
}
