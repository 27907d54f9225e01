import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { personalNumber } from '#domain/registry/person.ts'
import {
  birthRegistrationProvince, centuryDigit, groupedNumber, knownPrefix, maskedNumber, parsePersonalNumber, plausible,
} from '#domain/registry/personal-number.ts'

const number = (digits: string) => personalNumber.parse(digits)
const anyNumber = fc.stringMatching(/^\d{12}$/).map(number)

describe('a typed personal number', () => {
  test.each([
    ['079203001234'], ['079 203 001 234'], ['  079203 001234 '], ['079.203.001.234'], ['079-203-001-234'],
    ['０７９２０３００１２３４'], ['079\u00a0203\u00a0001\u00a0234'], ['079\u2009203\u200b001234'],
  ])('%s is read', (typed) => {
    expect(parsePersonalNumber(typed)).toBe('079203001234')
  })

  test.each([[''], ['07920300123'], ['0792030012345'], ['07920300123a'], ['٠٧٩٢٠٣٠٠١٢٣٤'], ['079/203/001/234'], ['-'.repeat(100)]])(
    '%s is not one', (typed) => {
      expect(parsePersonalNumber(typed)).toBeUndefined()
    })

  test('is read back from the way it is shown', () => {
    fc.assert(fc.property(anyNumber, (known) => parsePersonalNumber(groupedNumber(known)) === known))
  })

  test('keeps leading zeros', () => {
    expect(parsePersonalNumber('001 003 000 007')).toBe('001003000007')
  })
})

test('a masked number shows three digits in front and four behind', () => {
  expect(maskedNumber(number('079203001234'))).toBe('079•••••1234')
  fc.assert(fc.property(anyNumber, (known) => maskedNumber(known).length === 12))
})

test('grouping is for eyes', () => {
  expect(groupedNumber(number('079203001234'))).toBe('079 203 001 234')
})

describe('the digits of a number', () => {
  test('name the province of the 63 where the birth was registered, not the one that has its code today', () => {
    expect(birthRegistrationProvince(number('024090000001'))).toEqual({ code: '024', name: 'Bắc Giang' })
    expect(birthRegistrationProvince(number('101090000001'))).toBeUndefined()
    expect(birthRegistrationProvince(number('003090000001'))).toBeUndefined()
  })

  test('may begin with a country', () => {
    expect(knownPrefix(number('101090000001'))).toBe(true)
    expect(knownPrefix(number('003090000001'))).toBe(false)
  })

  test.each([[1900, 'male', 0], [1999, 'female', 1], [2000, 'male', 2], [2026, 'female', 3], [2100, 'male', 4], [2399, 'female', 9]] as const)(
    'of %i and %s have %i in the fourth place', (year, sex, digit) => {
      expect(centuryDigit(year, sex)).toBe(digit)
    })

  test('are only a hint, and none for foreigners', () => {
    const she = { kind: 'citizen', sex: 'female', birthDate: '2003-03-02' } as const
    expect(plausible(number('079303001234'), she)).toBe(true)
    expect(plausible(number('079203001234'), she)).toBe(false)
    expect(plausible(number('079304001234'), she)).toBe(false)
    expect(plausible(number('079303001234'), { ...she, birthDate: '2003' })).toBe(true)
    expect(plausible(number('079999001234'), { ...she, kind: 'foreigner' })).toBe(true)
  })
})
