import { describe, expect, test } from 'vitest'
import { checkDigit, expiryDay, readMrz, sameBirth } from '#domain/chip/mrz.ts'
import { zoneFor } from '#chip/synthetic/card.ts'
import { card } from '#test/support/chip.ts'

/** The specimen of ICAO 9303-5 Appendix B. */
const specimen = ['I<UTOD231458907<<<<<<<<<<<<<<<', '7408122F1204159UTO<<<<<<<<<<<6', 'ERIKSSON<<ANNA<MARIA<<<<<<<<<<'].join('')

test('the specimen of ICAO reads as printed', () => {
  expect(readMrz(specimen)).toEqual({
    is: 'read',
    mrz: {
      documentCode: 'I', issuer: 'UTO', documentNumber: 'D23145890', personalNumber: undefined, birth: '740812', sex: 'female', expiry: '120415',
      nationality: 'UTO', name: ['ERIKSSON', 'ANNA MARIA'], nameCut: false,
    },
  })
})

test.each([['520727', '3'], ['AB2134<<<', '5'], ['D23145890', '7'], ['740812', '2'], ['120415', '9'], ['', '0']])('%s has the check digit %s', (field, digit) => {
  expect(checkDigit(field)).toBe(digit)
})

test('a Vietnamese card has the personal number in the optional field, and its end as document number', () => {
  expect(readMrz(zoneFor(card))).toMatchObject({ mrz: { personalNumber: '001190012345', documentNumber: '190012345', nationality: 'VNM' } })
})

test('a name that fills its line may have lost its end', () => {
  const read = readMrz(zoneFor({ ...card, name: 'Công Tằng Tôn Nữ Thị Huyền Trân Ngọc Diệp' }))
  expect(read).toMatchObject({ mrz: { nameCut: true, name: ['CONG', 'TANG TON NU THI HUYEN TR'] } })
})

describe('any one character that is another', () => {
  const zone = zoneFor(card)
  // The sex and the name are under no check digit; the signature covers them.
  const covered = Array.from({ length: 60 }, (_, at) => at).filter((at) => at > 4 && at !== 37 && !(at >= 45 && at < 48))
  test.each(covered)('at %i is seen', (at) => {
    const sign = zone[at] ?? ''
    const other = sign === '<' ? '1' : String((Number(sign) + 1) % 10)
    expect(readMrz(zone.slice(0, at) + other + zone.slice(at + 1))).toMatchObject({ is: 'faulty' })
  })
})

test('the last day is of this century', () => expect(expiryDay({ expiry: '991231' })).toBe('2099-12-31'))

test.each([
  ['900131', '1990-01-31', true], ['900131', '2090-01-31', true], ['900131', '1990-02-01', false],
  ['90<<<<', '1990', true], ['900131', '1990', false], ['90<<<<', '1990-01-31', false], ['91<<<<', '1990', false],
])('%s is the birth date %s: %s', (birth, date, same) => expect(sameBirth({ birth }, date)).toBe(same))
