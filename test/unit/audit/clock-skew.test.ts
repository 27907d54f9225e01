import { describe, expect, test } from 'vitest'
import { judgeClock, skewOf } from '#domain/audit/clock-skew.ts'

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
