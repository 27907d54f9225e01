import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { completedYears, dayInVietnam, epochSeconds } from '#kernel/clock.ts'

describe('days and years', () => {
  test.each([['2026-11-22T16:59:59.999Z', '2026-11-22'], ['2026-11-22T17:00:00Z', '2026-11-23'],
    ['2025-12-31T17:00:00Z', '2026-01-01'], ['2024-02-28T17:00:00Z', '2024-02-29']])(
    '%s is %s in Viet Nam', (at, day) => {
      expect(dayInVietnam(new Date(at))).toBe(day)
    })

  test('whoever is born on 29 February completes a year on 1 March, and on 29 February where there is one', () => {
    expect(['2026-02-28', '2026-03-01', '2028-02-28', '2028-02-29'].map((day) => completedYears('2012-02-29', day)))
      .toEqual([13, 14, 15, 16])
  })

  test('years are completed on the birthday and not a day before', () => {
    fc.assert(fc.property(fc.date({ min: new Date('1900-01-01'), max: new Date('2020-12-31'), noInvalidDate: true }),
      fc.nat(90), (born, years) => {
      const day = (at: Date) => at.toISOString().slice(0, 10)
      const birthday = new Date(Date.UTC(born.getUTCFullYear() + years, born.getUTCMonth(), born.getUTCDate()))
      const eve = new Date(birthday.getTime() - 86_400_000)
      return completedYears(day(born), day(birthday)) === years && completedYears(day(born), day(eve)) === years - 1
    }))
  })

  test('seconds are whole and never ahead', () => {
    expect([epochSeconds(new Date(1_999)), epochSeconds(new Date(2_000))]).toEqual([1, 2])
  })
})
