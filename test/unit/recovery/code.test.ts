import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeCode, printed, readCode } from '#domain/recovery/code.ts'

test('a code is twelve signs of which none is taken for another, and no two are alike', () => {
  const codes = Array.from({ length: 2000 }, makeCode)
  expect(codes.filter((code) => !/^[0-9A-HJKMNP-TV-Z]{12}$/.test(code))).toEqual([])
  expect(new Set(codes).size).toBe(codes.length)
  expect(new Set(codes.join('')).size).toBe(32)
})

test('what is printed is read again, however it is typed', () => {
  fc.assert(fc.property(fc.constantFrom('-', ' ', '', '–', '\u00a0'), fc.boolean(), (between, small) => {
    const code = makeCode()
    const typed = printed(code).replaceAll('-', between)
    expect(readCode(small ? ` ${typed.toLowerCase()} ` : typed)).toBe(code)
  }))
})

test.each([
  ['O and I and l for digits', 'o0Il-29QD-X0WA', '001129QDX0WA'],
  ['in full width', '７Ｆ３Ｋ29QDX0WA', '7F3K29QDX0WA'],
  ['one sign short', '7F3K-29QD-X0W', undefined],
  ['one sign long', '7F3K-29QD-X0WAA', undefined],
  ['a sign that is none', '7F3K-29QD-X0WU', undefined],
  ['nothing', '', undefined],
])('%s', (_how, typed, read) => expect(readCode(typed)).toBe(read))
