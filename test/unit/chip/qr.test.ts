import { describe, expect, test } from 'vitest'
import { readCardQr } from '#domain/chip/qr.ts'

const whole = '001190012345|012345678|Nguyễn Thị Thử|31011990|Nữ|Số 1, phố Thử Nghiệm, Hà Nội|31012022'
const read = {
  number: '001190012345', oldNumber: '012345678', name: 'Nguyễn Thị Thử', birthDate: '1990-01-31', sex: 'female',
  residence: 'Số 1, phố Thử Nghiệm, Hà Nội', issuedOn: '2022-01-31',
}
const { oldNumber: _, ...young } = read

describe('C05 the square code of a card fills in', () => {
  test.each([
    ['all that the cards of 2021 say', whole, read],
    ['the same without an old number', whole.replace('012345678', ''), young],
    ['the same with the old number left out', whole.replace('|012345678', ''), young],
    ['the same with more fields behind', `${whole}||001090000001|x`, read],
    ['the same with other spaces and decomposed letters', ` ${whole.normalize('NFD')} `.replaceAll('|', ' | '), read],
    ['what is there', '001190012345||Lê An|31011990', { number: '001190012345', name: 'Lê An', birthDate: '1990-01-31' }],
  ])('%s', (_name, text, expected) => expect(readCardQr(text)).toEqual(expected))

  test.each([
    ['nothing', ''], ['a number alone', '001190012345'], ['eleven digits', whole.slice(1)], ['a day that is none', whole.replace('31011990', '31021990')],
    ['an address of a page', 'https://example.com/?a|b|c|d|e|f|g'], ['a name of digits', whole.replace('Nguyễn Thị Thử', '12345')],
    ['a name with marks of HTML', whole.replace('Nguyễn Thị Thử', '<b>An</b>')], ['far too much', whole + '|'.repeat(3_000)],
  ])('nothing from %s', (_name, text) => expect(readCardQr(text)).toBeUndefined())
})
