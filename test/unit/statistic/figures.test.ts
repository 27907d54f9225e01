import { describe, expect, test } from 'vitest'
import { clientId } from '#kernel/id.ts'
import type { Ending } from '#domain/statistic/counted.ts'
import { accountsOf, figuresOf, provincesOf, successOf } from '#domain/statistic/figures.ts'
import { boundsOf, daysOf, monthOf, moved } from '#domain/statistic/period.ts'
import type { Sums } from '#domain/statistic/store.ts'

const of = <Key>(key: Key, counts: Partial<Record<Ending, number>>) =>
  (['finished', 'refused', 'cancelled'] as const).flatMap((ending) => (counts[ending] === undefined ? [] : [{ key, ending, count: counts[ending] }]))

const sums: Sums = {
  byDay: [...of('2026-11-01', { finished: 60, refused: 8 }), ...of('2026-11-02', { finished: 40, refused: 12, cancelled: 6 })],
  byClient: [...of(clientId.parse('tax'), { finished: 97, refused: 17, cancelled: 6 }), ...of(clientId.parse('bank'), { finished: 3, refused: 3 })],
  byLevel: [...of(2, { finished: 100 }), ...of(0, { refused: 20 })],
  byReason: [{ key: 'account.locked', count: 18 }, { key: 'passkey.removed', count: 2 }],
}

describe('the figures of a month', () => {
  test('show the same sums in every table, and nothing of fewer than five', () => {
    const figures = figuresOf(sums, ['2026-11-01', '2026-11-02', '2026-11-03'])
    expect(figures.total).toEqual([100, 20, 6, 126])
    expect(figures.byDay).toEqual([
      { key: '2026-11-01', figures: [60, 8, 0, 68] }, { key: '2026-11-02', figures: [40, 12, 6, 58] }, { key: '2026-11-03', figures: [0, 0, 0, 0] },
    ])
    // What is left of the greater service would tell the smaller one.
    expect(figures.byClient?.map(({ figures: [finished, refused] }) => [finished, refused])).toEqual([[undefined, undefined], [undefined, undefined]])
    expect(figures.byReason?.map(({ figures: [count] }) => count)).toEqual([undefined, undefined])
    expect(figures.byLevel).toEqual([{ key: 2, figures: [100] }])
  })

  test('name the greatest services and put the others in one line', () => {
    const many = Array.from({ length: 70 }, (_, at) => of(clientId.parse(`c${at}`), { finished: 100 + at })).flat()
    const all = many.reduce((sum, { count }) => sum + count, 0)
    const { byClient } = figuresOf({ ...sums, byDay: of('2026-11-01', { finished: all }), byClient: many }, ['2026-11-01'])
    expect([byClient?.length, byClient?.[0]?.key, byClient?.at(-1)]).toEqual([50, 'c69', { key: 'others', figures: [2310, 0, 0, 2310] }])
  })

  test('of fewer than five altogether tell nothing', () => {
    const few = { byDay: of('2026-11-01', { finished: 3 }), byClient: of(clientId.parse('tax'), { finished: 3 }), byLevel: of(2, { finished: 3 }), byReason: [] }
    const { total, byDay, byClient, byLevel } = figuresOf(few, ['2026-11-01'])
    expect([total[0], total[3]]).toEqual([undefined, undefined])
    expect(JSON.stringify([byDay, byClient, byLevel])).not.toContain('3]')
  })

  test('leave out what people cancelled when they say how many succeeded', () => {
    expect([successOf([95, 5, 50]), successOf([0, 0]), successOf([undefined, 5])]).toEqual([95, undefined, undefined])
  })
})

test('accounts stand by province and level, whoever lives nowhere known at the end, and the country below', () => {
  const accounts = accountsOf([{ province: '01', level: 1, count: 30 }, { province: '01', level: 2, count: 10 }, { province: '', level: 1, count: 5 }, { province: '99', level: 1, count: 5 }], ['01', '79'])
  expect(accounts).toEqual([
    { key: '01', figures: [30, 10, 40] }, { key: '79', figures: [0, 0, 0] }, { key: '', figures: [10, 0, 10] }, { key: undefined, figures: [40, 10, 50] },
  ])
})

test('sign-ins stand by province with the sum of the other tables, and no small one can be worked out', () => {
  const counts = [{ province: '01', count: 40 }, { province: '46', count: 3 }, { province: '79', count: 50 }, { province: '99', count: 6 }]
  const shown = provincesOf(counts, ['01', '46', '79'], 99)
  expect(shown?.map(({ key }) => key)).toEqual(['01', '46', '79', ''])
  const hidden = shown?.filter(({ figures: [one] }) => one === undefined).map(({ key }) => key)
  expect(hidden).toEqual(['46', ''])
  expect(provincesOf([{ province: '46', count: 3 }], ['46'], 3)).toBeUndefined()
  expect(provincesOf([{ province: '46', count: 30 }, { province: '01', count: 40 }], ['01', '46'], undefined)?.filter(({ figures: [one] }) => one === undefined)).not.toEqual([])
})

test('a month is one in Viet Nam, and its days are those that have begun', () => {
  const at = new Date('2026-11-30T17:30:00Z')
  expect([monthOf(at), moved('2026-12', 1), moved('2027-01', -1)]).toEqual(['2026-12', '2027-01', '2026-12'])
  expect(boundsOf('2026-12')).toEqual({ from: '2026-12-01', to: '2027-01-01' })
  expect([daysOf('2026-12', at), daysOf('2026-11', at).length, daysOf('2027-02', at)]).toEqual([['2026-12-01'], 30, []])
})
