import { expect, test } from 'vitest'
import { matches } from '#domain/registry/match.ts'

const lan = { name: 'Trần Thị Lan', birthDate: '2003-03-02' }

test('name and birth date of the record match, with or without diacritics', () => {
  expect(matches(lan, { name: 'Tran Thi Lan', birthDate: '2003-03-02' })).toBe(true)
  expect(matches(lan, { name: 'TRẦN THỊ LAN', birthDate: '2003-03-02' })).toBe(true)
})

test.each([
  ['another name', { name: 'Trần Thị Hoa', birthDate: '2003-03-02' }],
  ['another day', { name: 'Trần Thị Lan', birthDate: '2003-03-03' }],
  ['only the year', { name: 'Trần Thị Lan', birthDate: '2003' }],
  ['nothing', { name: '', birthDate: '' }],
])('%s does not match', (_what, claimed) => {
  expect(matches(lan, claimed)).toBe(false)
})

test('a record that knows only the year is met by the year, with or without a day', () => {
  const old = { ...lan, birthDate: '1940' }
  expect(matches(old, { name: 'Tran Thi Lan', birthDate: '1940' })).toBe(true)
  expect(matches(old, { name: 'Tran Thi Lan', birthDate: '1940-05-06' })).toBe(true)
  expect(matches(old, { name: 'Tran Thi Lan', birthDate: '1941-05-06' })).toBe(false)
})

test('nobody matches nobody, not even by the stand-in', () => {
  expect(matches(undefined, { name: 'Nguyễn Thị Không Có Ai', birthDate: '0000-00-00' })).toBe(false)
})
