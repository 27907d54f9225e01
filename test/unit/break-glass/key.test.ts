import { expect, test } from 'vitest'
import { writtenKey } from '#kernel/random.ts'
import { plainKey, readiness } from '#domain/break-glass/key.ts'

const day = (count: number) => new Date(Date.UTC(2026, 10, 1 + count))

test.each([
  ['none was ever sealed', undefined, 'missing'],
  ['it is spent', { sealedAt: day(0), drilledAt: day(30), spentAt: day(31) }, 'missing'],
  ['it was sealed 31 days ago', { sealedAt: day(1) }, 'ready'],
  ['it was sealed 32 days ago', { sealedAt: day(0) }, 'drill-due'],
  ['it was tried since', { sealedAt: day(0), drilledAt: day(20) }, 'ready'],
  ['it was tried too long ago', { sealedAt: day(-90), drilledAt: day(0) }, 'drill-due'],
] as const)('A07: whether the emergency could be met where %s', (_what, key, state) => {
  expect(readiness(key && { id: 'x', ...key }, day(32))).toBe(state)
})

test('A07: a key is typed as it is read: groups, spaces and small letters are no matter', () => {
  const key = writtenKey()
  expect(plainKey(` ${key.toLowerCase().replaceAll('-', ' ')}\n`)).toBe(plainKey(key))
  expect(plainKey(key)).toHaveLength(32)
})
