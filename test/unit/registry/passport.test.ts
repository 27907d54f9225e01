import { describe, expect, test } from 'vitest'
import { maskedPassport, parsePassportNumber, samePassportName } from '#domain/registry/passport.ts'

test.each([
  [' m 1234-5678 ', 'M12345678'], ['M1234567<<', 'M1234567'], ['ｍ１２３４５６７', 'M1234567'], ['C01X00T47', 'C01X00T47'],
  ['', undefined], ['ABC', undefined], ['Đ1234567', undefined], ['M1234567\u202e', undefined], ['A'.repeat(21), undefined], [' '.repeat(60) + 'M12345', undefined],
])('the passport number %j is read as %s', (typed, number) => {
  expect(parsePassportNumber(typed)).toBe(number)
})

test('a masked passport number keeps two signs at either end', () => {
  const number = parsePassportNumber('C01X00T47')
  expect(number && maskedPassport(number)).toBe('C0•••••47')
})

describe('a name as on the passport (ICAO Doc 9303-3)', () => {
  test.each([
    ['Jörg Müller', 'MUELLER JOERG'], ['Jörg Müller', 'MULLER JORG'], ['Jorg Muller', 'Jörg Müller'], ['joerg mueller', 'Müller Jörg'], ['Agüero Muñoz', 'MUNXXOZ AGUXXERO'], ['Aguero Munoz', 'Muñoz Agüero'],
    ['Jean-Pierre d’Arc', 'DARC JEAN PIERRE'], ["O'Brien, Seán", 'OBRIEN SEAN'], ['SØREN ÅKESSON', 'AAKESSON SOEREN'], ['Soren Akesson', 'Søren Åkesson'],
    ['Weiß Anna', 'WEISS ANNA'], ['Łukasz Żółć', 'ZOLC LUKASZ'], ['Işıl Yılmaz', 'YILMAZ ISIL'], ['Nguyễn Văn Đức', 'NGUYEN<<VAN<DUC'], ['Min Jun Kim', 'KIM MIN JUN'],
    ['Papandropoulous Jonathon Warren Trevor', 'PAPANDROPOULOUS JONATHON WARREN TREVOR'],
    ['Papandropoulous Jonathon Warren Trevor Alexander', 'PAPANDROPOULOUS JONATHON WARREN TREVOR'],
  ])('%s is %s', (typed, registered) => {
    expect(samePassportName(typed, registered)).toBe(true)
  })

  test.each([
    ['Min Kim', 'KIM MIN JUN'], ['Kim Min Jun Ho', 'KIM MIN JUN'], ['KIM MINJUN', 'KIM MIN JUN'], ['', 'KIM MIN JUN'], ['KIM', ''], ['', ''], ['Kim Min Min', 'KIM KIM MIN'], ['Ким', 'KIM'],
    ['Mueller Anna', 'MULER ANNA'],
  ])('%j is not %j', (typed, registered) => {
    expect(samePassportName(typed, registered)).toBe(false)
  })
})
