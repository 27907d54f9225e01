import { describe, expect, test } from 'vitest'
import { elementsOf, fieldsOf, readElement, tags } from '#chip/der.ts'
import { element, integer, oid, sequence, time } from '#chip/encode.ts'
import { booleanOf, integerOf, namedBitsOf, oidOf, textOf, timeOf, wholeBytesOf } from '#chip/value.ts'

const read = (hex: string) => readElement(Buffer.from(hex, 'hex'))
const long = (length: number) => element(tags.octets, Buffer.alloc(length))

describe('one element, in one encoding', () => {
  test.each([0, 1, 127, 128, 255, 256, 65_535, 65_536])('of %i bytes is read', (length) => expect(readElement(long(length)).content).toHaveLength(length))
  test('with a tag of two bytes is read', () => expect(read('5f1f0141')).toMatchObject({ tag: 0x5f1f, content: Buffer.from('A') }))

  test.each([
    ['', 'der.truncated'], ['04', 'der.truncated'], ['0401', 'der.truncated'], ['0482', 'der.truncated'], ['048201', 'der.truncated'],
    ['04800000', 'der.indefinite'], ['0484ffffffff', 'der.length'], ['04ff', 'der.length'], ['048100', 'der.length'], ['04817f', 'der.length'],
    ['04820080', 'der.length'], ['04818000', 'der.truncated'], ['040000', 'der.trailing'], ['0000', 'der.tag'], ['1f0100', 'der.tag'], ['1fff0100', 'der.tag'], ['5f', 'der.truncated'],
  ])('%s is refused: %s', (hex, reason) => expect(() => read(hex)).toThrow(reason))

  test.each([`04817f${'00'.repeat(127)}`, `04820080${'00'.repeat(128)}`])('a longer length than needed is refused, but in data groups', (hex) => {
    expect(() => read(hex)).toThrow('der.length')
    expect(readElement(Buffer.from(hex, 'hex'), 'ber-tlv').content.length).toBeGreaterThan(126)
  })
})

describe('values', () => {
  test.each(['0200', '0202007f', '02028000', '0201ff'])('%s is no number of ours', (hex) => expect(() => integerOf(read(hex))).toThrow('der.value'))
  test('a number of any size is read', () => expect(integerOf(readElement(integer(2n ** 300n + 7n)))).toBe(2n ** 300n + 7n))
  test.each(['0.9.2342', '1.2.840.113549.1.7.2', '2.23.136.1.1.1', '2.999.1'])('the object identifier %s', (dotted) => expect(oidOf(readElement(oid(dotted)))).toBe(dotted))
  test.each(['0600', '060180', '06022a80', '06032a8001', `0621${'2a'.repeat(33)}`])('%s is no object identifier', (hex) => expect(() => oidOf(read(hex))).toThrow('der.value'))
  test.each(['0100', '010101', '01020000'])('%s is neither true nor false', (hex) => expect(() => booleanOf(read(hex))).toThrow('der.value'))
  test.each(['0300', '030108', '03020800', '030201ff', '030101'])('%s is no list of bits', (hex) => expect(() => namedBitsOf(read(hex))).toThrow('der.value'))
  test.each(['0300', '030201fe'])('%s is no string of whole bytes', (hex) => expect(() => wholeBytesOf(read(hex))).toThrow('der.value'))
  test('text that is not UTF-8 is refused', () => expect(() => textOf(read('0c01ff'))).toThrow('der.value'))

  test.each(['2026-11-26T03:00:00.000Z', '1999-12-31T23:59:59.000Z', '2050-01-01T00:00:00.000Z'])('the moment %s', (moment) => {
    expect(timeOf(readElement(time(new Date(moment)))).toISOString()).toBe(moment)
  })
  test.each(['2611260300Z', '261126030000+0700', '261326030000Z', '260230030000Z', '261126030000'])('%s is no moment', (text) => {
    expect(() => timeOf(readElement(element(tags.utcTime, Buffer.from(text))))).toThrow('der.value')
  })
})

test('fields come in their order, none is passed over and none is left', () => {
  const fields = fieldsOf(readElement(sequence(integer(1), oid('1.2.3'))))
  expect(() => fields.next(tags.oid)).toThrow('der.tag')
  expect(fields.maybe(tags.oid)).toBeUndefined()
  fields.next(tags.integer)
  expect(() => fields.end()).toThrow('der.tag')
  expect(() => elementsOf(readElement(integer(1)))).toThrow('der.tag')
})
