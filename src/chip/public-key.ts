import { createPublicKey, type KeyObject } from 'node:crypto'
import type { SmallestKey } from '#domain/chip/rules.ts'
import { pssOid, readAlgorithm, rsaOid } from './algorithm.ts'
import { curves, isCurve, namedCurve, type CurveOid } from './curve.ts'
import { fieldsOf, tags, type Element } from './der.ts'
import { bits, oid as encodedOid, sequence } from './encode.ts'
import { ChipFault, must } from './fault.ts'
import { oidOf, wholeBytesOf } from './value.ts'

export type PublicKey = { key: KeyObject; bits: number; curve: CurveOid | undefined }

export const ecOid = '1.2.840.10045.2.1'
const dhOids = ['1.2.840.10046.2.1', '1.2.840.113549.1.3.1']

/** SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) of a key that is large enough. A curve that is spelled out is given its name before OpenSSL sees it. */
export function readPublicKey(found: Element, smallest: SmallestKey): PublicKey {
  const fields = fieldsOf(found)
  const algorithm = readAlgorithm(fields.next(tags.sequence))
  const bytes = wholeBytesOf(fields.next(tags.bits))
  fields.end()
  if (algorithm.oid === ecOid) return onCurve(curveOf(algorithm.parameters), bytes, smallest)
  must(algorithm.oid === rsaOid || algorithm.oid === pssOid, dhOids.includes(algorithm.oid) ? 'algorithm.unknown' : 'key.unreadable')
  const key = keyFrom(found.whole)
  const size = key.asymmetricKeyDetails?.modulusLength ?? 0
  must(size >= smallest.rsa, 'key.weak')
  return { key, bits: size, curve: undefined }
}

function curveOf(parameters: Element | undefined): CurveOid {
  must(parameters !== undefined, 'key.unreadable')
  if (parameters.tag === tags.sequence) return namedCurve(parameters)
  const oid = oidOf(parameters)
  must(isCurve(oid), 'key.unknown-curve')
  return oid
}

/** Whole or compressed (SEC 1 §2.3.3): neither infinity nor the hybrid form, both of which OpenSSL takes. It checks that the point is on the curve. */
function onCurve(curve: CurveOid, point: Buffer, smallest: SmallestKey): PublicKey {
  must([2, 3, 4].includes(point[0] ?? 0), 'key.unreadable')
  const size = curves[curve].bits
  must(size >= smallest.ec, 'key.weak')
  return { key: keyFrom(namedKey(curve, point)), bits: size, curve }
}

/** The SubjectPublicKeyInfo of a point on a curve that is called by its name. */
export const namedKey = (curve: CurveOid, point: Buffer): Buffer => sequence(sequence(encodedOid(ecOid), encodedOid(curve)), bits(point))

function keyFrom(spki: Buffer): KeyObject {
  try {
    return createPublicKey({ key: spki, format: 'der', type: 'spki' })
  } catch {
    throw new ChipFault('key.unreadable')
  }
}
