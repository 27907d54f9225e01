import { describe, expect, test } from 'vitest'
import { namedCurve } from '#chip/curve.ts'
import { fieldsOf, readElement } from '#chip/der.ts'
import { bits, integer, octets, oid, sequence } from '#chip/encode.ts'

const hex = (text: string): bigint => BigInt(`0x${text.replaceAll(/\s/g, '')}`)

/** brainpoolP256r1 as RFC 5639 §3.4 prints it. */
const brainpool = {
  p: hex('A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377'),
  a: hex('7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9'),
  b: hex('26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6'),
  x: hex('8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262'),
  y: hex('547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997'),
  q: hex('A9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7'),
  h: 1n,
}
type Curve = typeof brainpool

const field = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
const point = ({ x, y }: Curve): Buffer => Buffer.concat([Buffer.of(4), field(x), field(y)])

type Told = Curve & { base?: Buffer; version?: number; fieldType?: string; seed?: Buffer; noCofactor?: boolean }

function told({ base, version = 1, fieldType = '1.2.840.10045.1.1', seed, noCofactor, ...curve }: Told) {
  const coefficients = sequence(octets(field(curve.a)), octets(field(curve.b)), ...(seed ? [bits(seed)] : []))
  return readElement(sequence(
    integer(version), sequence(oid(fieldType), integer(curve.p)), coefficients, octets(base ?? point(curve)), integer(curve.q), ...(noCofactor ? [] : [integer(curve.h)]),
  ))
}

describe('C04 a curve that is spelled out is known by all of it', () => {
  const compressed = Buffer.concat([Buffer.of(3), field(brainpool.x)])
  test.each([
    ['as RFC 5639 prints it', brainpool], ['with its generator compressed', { ...brainpool, base: compressed }], ['with a seed', { ...brainpool, seed: Buffer.of(1, 2) }],
    ['without a cofactor', { ...brainpool, noCofactor: true }],
  ])('%s', (_name, curve) => expect(namedCurve(told(curve))).toBe('1.3.36.3.3.2.8.1.1.7'))

  const other = Object.keys(brainpool).filter((name): name is keyof Curve => name in brainpool)
  test.each(other)('another %s makes it none', (name) => {
    expect(() => namedCurve(told({ ...brainpool, [name]: brainpool[name] + 2n }))).toThrow('key.unknown-parameters')
  })
  test.each([
    ['the other half of a compressed generator', { ...brainpool, base: Buffer.concat([Buffer.of(2), field(brainpool.x)]) }],
    ['a generator at infinity', { ...brainpool, base: Buffer.of(0) }], ['no generator', { ...brainpool, base: Buffer.alloc(0) }],
    ['a binary field', { ...brainpool, fieldType: '1.2.840.10045.1.2' }], ['version 9', { ...brainpool, version: 9 }],
  ])('%s makes it none', (_name, curve) => expect(() => namedCurve(told(curve))).toThrow('key.unknown-parameters'))

  test('what is behind makes it no curve at all', () => {
    expect(() => namedCurve(readElement(sequence(...fieldsOf(told(brainpool)).rest().map(({ whole }) => whole), integer(1))))).toThrow('der.tag')
  })
})
