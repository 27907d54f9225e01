import { expect, test } from 'vitest'
import { hoursOf } from '#domain/statistic/system-status.ts'

test('the success of an hour is told for hours that are over, and not of fewer than five', () => {
  const now = new Date('2026-11-26T05:30:00Z')
  const at = (hour: string) => new Date(`2026-11-26T${hour}:00:00Z`)
  const hours = hoursOf([
    { hour: at('05'), ending: 'finished', count: 90 }, { hour: at('04'), ending: 'finished', count: 97 }, { hour: at('04'), ending: 'refused', count: 3 },
    { hour: at('04'), ending: 'cancelled', count: 50 }, { hour: at('03'), ending: 'finished', count: 4 },
  ], now)
  expect(hours).toHaveLength(24)
  expect(hours.slice(0, 3)).toEqual([{ hour: at('04'), success: 97 }, { hour: at('03'), success: undefined }, { hour: at('02'), success: undefined }])
})
