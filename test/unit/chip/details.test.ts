import { describe, expect, test } from 'vitest'
import { readDetails } from '#domain/chip/details.ts'
import { numberedTextsOf } from '#chip/data-group.ts'
import { element, integer, octets, printable, sequence, set, utf8 } from '#chip/encode.ts'
import { detailsFor } from '#chip/synthetic/card.ts'
import { card } from '#test/support/chip.ts'

const field = (number: number, ...texts: readonly string[]): Buffer => sequence(integer(number), ...texts.map(utf8))
const must = [field(1, '001190012345'), field(2, 'Lê Thị An'), field(3, '31/01/1990')]
const read = (file: Buffer) => readDetails(numberedTextsOf(file))
const minimal = { number: '001190012345', name: 'Lê Thị An', birthDate: '1990-01-31', endless: false, oldNumbers: [] }

test('DG13 of a card of 2021 is read whole', () => {
  expect(read(detailsFor(card))).toEqual({
    number: '001190012345', name: 'Nguyễn Thị Thử Nghiệm', birthDate: '1990-01-31', sex: 'female', nationality: 'Việt Nam', ethnicity: 'Kinh', religion: 'Không',
    origin: 'Hoàn Kiếm, Hà Nội', residence: 'Số 1 phố Thử Nghiệm, Hà Nội', marks: 'Nốt ruồi C: 1 cm dưới mắt trái', issuedOn: '2022-01-31',
    expiresOn: '2030-01-31', father: 'Nguyễn Văn Cha', mother: 'Trần Thị Mẹ', oldNumbers: ['012345678'], endless: false,
  })
})

describe('what is not published is read with tolerance', () => {
  test.each([
    ['fields nobody knows', element(0x6d, sequence(...must, field(40, 'x'), sequence(utf8('no number'))))],
    ['a set for a sequence, and frames around', element(0x6d, sequence(integer(0), sequence(set(...must))))],
    ['texts in frames of their own', element(0x6d, ...must.slice(0, 2), sequence(integer(3), element(0xa0, utf8('31/01/1990'))))],
    ['printable text', element(0x6d, sequence(integer(1), printable('001190012345')), ...must.slice(1))],
    ['spaces and decomposed letters', element(0x6d, must[0] ?? Buffer.of(), field(2, '  Lê   Thị An '.normalize('NFD')), must[2] ?? Buffer.of())],
    ['bytes that are no text', element(0x6d, ...must, sequence(integer(8), octets(Buffer.of(0, 1))))],
  ])('%s', (_name, file) => expect(read(file)).toEqual(minimal))

  test('a card without an end says so in words', () => {
    expect(read(element(0x6d, ...must, field(12, 'Không thời hạn')))).toEqual({ ...minimal, endless: true })
  })

  test('of whom only the year is known', () => {
    expect(read(element(0x6d, ...must.slice(0, 2), field(3, '1950')))).toMatchObject({ birthDate: '1950' })
  })

  test('a field that says nothing sensible is left out', () => {
    expect(read(element(0x6d, ...must, field(4, 'X'), field(11, '99/99/9999'), field(15, '12'), field(5, '  ')))).toEqual(minimal)
  })
})

test.each([
  ['no number', must.slice(1)], ['a number of eleven digits', [field(1, '00119001234'), ...must.slice(1)]],
  ['no name', [must[0], must[2]]], ['no birth date', must.slice(0, 2)], ['a birth date that is no day', [...must.slice(0, 2), field(3, '31/02/1990')]],
])('without what cannot be missing it is nothing: %s', (_name, fields) => {
  expect(read(element(0x6d, ...fields.filter((each) => each !== undefined)))).toBeUndefined()
})
