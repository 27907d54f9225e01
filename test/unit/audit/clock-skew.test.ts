import { describe, expect, test } from 'vitest'
import { judgeClock, judgeClocks, skewOf } from '#domain/audit/clock-skew.ts'

const at = (milliseconds: number) => new Date(Date.UTC(2026, 10, 27) + milliseconds)

describe('L05: the clock of a machine beside the database', () => {
  test.each([
    ['the same', 0, 0, 'good'],
    ['a second ahead', 1000, 0, 'good'],
    ['more than a second ahead', 1001, 0, 'alarm'],
    ['more than a second behind', -1001, 0, 'alarm'],
    ['ten seconds behind', -10_000, 0, 'alarm'],
    ['more than ten seconds ahead', 10_001, 0, 'off'],
    ['half a minute behind', -30_000, 0, 'off'],
    ['maybe a second ahead, where the answer took long', 1400, 800, 'good'],
    ['ten seconds ahead, where the answer took long', 10_400, 800, 'alarm'],
  ] as const)('%s', (_name, ahead, took, verdict) => {
    // The database answers in the middle of the question.
    expect(judgeClock(skewOf({ asked: at(ahead), theirs: at(took / 2), answered: at(ahead + took) }))).toBe(verdict)
  })

  test('is known to half the time that the question took', () => {
    expect(skewOf({ asked: at(0), theirs: at(100), answered: at(400) })).toEqual({ milliseconds: 100, within: 200 })
  })
})

test.each([
  ['both others are where it is', 0, 0, 'good'],
  ['the database is far away, and Redis is not', 30_000, 0, 'database'],
  ['the database is far away, and Redis a few seconds', 30_000, 5000, 'database'],
  ['both are far away', 30_000, 30_000, 'off'],
  ['both are far away, each the other way', 30_000, -30_000, 'off'],
  ['the database is far away, and nobody else answers', 30_000, undefined, 'off'],
  ['the database is a few seconds away, and Redis is not asked', 3000, undefined, 'alarm'],
  ['Redis alone is far away', 0, 30_000, 'good'],
] as const)('R15: whose clock it is, of three: %s', (_name, database, other, verdict) => {
  const ahead = (milliseconds: number) => ({ milliseconds, within: 0 })
  expect(judgeClocks(ahead(database), other === undefined ? undefined : ahead(other))).toBe(verdict)
})
