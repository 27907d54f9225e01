import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareNames, folded, nameParts, normalName, sameName, sortKey } from '#domain/registry/name.ts'

const vietnamese = fc.string({ unit: fc.constantFrom(...'aăâbcdđeêghiklmnoôơpqrstuưvxyằắẳẵặầấẩẫậềếểễệồốổỗộờớởỡợừứửữựỳýỷỹỵ HÒÀ\'-'), maxLength: 30 })

describe('folding a name', () => {
  test('drops what a keyboard may lack', () => {
    expect(folded('  ĐẶNG  Thị Mỹ Duyên ')).toBe('dang thi my duyen')
    expect(folded("H’Hen Niê")).toBe('hhen nie')
    expect(folded('Jean-Pierre')).toBe('jean pierre')
  })

  test('does nothing the second time', () => {
    fc.assert(fc.property(vietnamese, (name) => folded(folded(name)) === folded(name)))
  })

  test('is the same for composed and decomposed letters', () => {
    fc.assert(fc.property(vietnamese, (name) => folded(name.normalize('NFD')) === folded(name.normalize('NFC'))))
  })
})

test('a kept name is composed and has single spaces', () => {
  expect(normalName(' Nguye\u0302\u0303n   Va\u0306n\u00a0An ')).toBe('Nguyễn Văn An')
})

describe('a typed name means the registered one', () => {
  test.each([
    ['Nguyễn Văn An', 'Nguyễn Văn An'],
    ['NGUYEN VAN AN', 'Nguyễn Văn An'],
    ['nguyen  văn an ', 'Nguyễn Văn An'],
    ['Nguyên Van An', 'Nguyễn Văn An'],
    ['Dang Thi Hoa', 'Đặng Thị Hòa'],
    ['Lê Thị Hoà', 'Lê Thị Hòa'],
    ['Thúy', 'Thuý'],
    ['Nguye\u0302\u0303n Va\u0306n An', 'Nguyễn Văn An'],
    ['Nguyê\u0303n', 'Nguyễn'],
    ["H'Hen Niê", 'H’Hen Niê'],
    ['HHen Nie', 'H’Hen Niê'],
    ['Jean Pierre Muller', 'Jean-Pierre Müller'],
    ['Thủy', 'Thủy'],
  ])('%s for %s', (typed, registered) => {
    expect(sameName(typed, registered)).toBe(true)
  })

  test('for whatever is registered, typed as it is, in capitals, decomposed or bare', () => {
    fc.assert(fc.property(vietnamese.filter((name) => folded(name) !== ''), (name) =>
      [name, name.toUpperCase(), name.normalize('NFD'), folded(name)].every((typed) => sameName(typed, name))))
  })
})

describe('a typed name does not mean the registered one', () => {
  test.each([
    ['Lê Thị Hoá', 'Lê Thị Hòa'],
    ['Trần Ân', 'Trần An'],
    ['Đương', 'Dương'],
    ['Nguyễn Văn Ăn', 'Nguyễn Văn Ân'],
    ['Nguyễn Văn', 'Nguyễn Văn An'],
    ['An Nguyễn Văn', 'Nguyễn Văn An'],
    ['Vi', 'Vy'],
    ['', 'An'],
    ['', ''],
    ['Thuỷ', 'Thúy'],
  ])('%s for %s', (typed, registered) => {
    expect(sameName(typed, registered)).toBe(false)
  })
})

describe('the parts of a name', () => {
  test('are family, middle and given name in that order', () => {
    expect(nameParts({ kind: 'citizen', name: 'Trần Thị Ngọc Lan' })).toEqual({ family: 'Trần', middle: 'Thị Ngọc', given: 'Lan' })
    expect(nameParts({ kind: 'citizen', name: 'Lê Hoa' })).toEqual({ family: 'Lê', given: 'Hoa' })
  })

  test('are a given name only for a single name', () => {
    expect(nameParts({ kind: 'citizen', name: 'Y-Bhăm' })).toEqual({ given: 'Y-Bhăm' })
  })

  test('are not guessed for foreigners', () => {
    expect(nameParts({ kind: 'foreigner', name: 'Anna Maria Muster' })).toEqual({})
  })
})

test('a list goes by given name, and by the Vietnamese alphabet', () => {
  const list = ['Trần Văn Ơn', 'Trần Văn An', 'Lê Thị Đào', 'Lê Thị Dung', 'Nguyễn Thị An', 'Ân']
  expect(list.toSorted(compareNames)).toEqual(['Nguyễn Thị An', 'Trần Văn An', 'Ân', 'Lê Thị Dung', 'Lê Thị Đào', 'Trần Văn Ơn'])
  expect(sortKey('Trần Thị Ngọc Lan')).toBe('Lan Trần Thị Ngọc')
})
