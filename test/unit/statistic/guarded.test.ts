import { expect, test } from 'vitest'
import { clientId } from '#kernel/id.ts'
import type { Count } from '#domain/statistic/counted.ts'
import { guarded, guardedDays, isOver, plainDays } from '#domain/statistic/guarded.ts'

const now = new Date('2026-11-03T05:00:00Z')
const count = (day: string, outcome: string, times: number, kind: Count['kind'] = 'sign-in'): Count => ({ day, client: clientId.parse('portal'), kind, level: 2, outcome, count: times })

test('of a day that runs nothing is shown, and no cell below five nor one that would give it away', () => {
  const counts = [count('2026-11-01', 'finished', 40), count('2026-11-01', 'account.locked', 2), count('2026-11-02', 'finished', 50), count('2026-11-02', 'account.locked', 9), count('2026-11-02', 'account.expired', 1), count('2026-11-03', 'finished', 7)]
  const shown = guardedDays(counts, '2026-11', now)
  expect(shown.map(({ key }) => key)).toEqual(['2026-11-01', '2026-11-02'])
  expect(shown[0]?.figures[1]).toBeUndefined()
  const told = shown.flatMap(({ figures }) => figures).filter((one) => one !== undefined)
  expect(told.every((one) => one === 0 || one >= 5)).toBe(true)
  // With the sum of the month known, one hidden day would be no secret.
  expect(shown.filter(({ figures }) => figures[1] === undefined).length).toBe(2)
})

test('the organisation sees each of its sign-ins, and nothing else is counted among them', () => {
  expect(plainDays([count('2026-11-01', 'finished', 1), count('2026-11-01', 'cancelled', 2), count('2026-11-01', 'code', 9, 'token')], ['2026-11-01', '2026-11-02'])).toEqual([{ key: '2026-11-01', figures: [1, 0, 2] }, { key: '2026-11-02', figures: [0, 0, 0] }])
})

test('a month is over on the first of the next in Viet Nam; a count below five is not told', () => {
  expect([isOver('2026-10', now), isOver('2026-11', now), isOver('2026-10', new Date('2026-10-31T16:59:59Z'))]).toEqual([true, false, false])
  expect([guarded(4), guarded(5)]).toEqual([undefined, 5])
})
