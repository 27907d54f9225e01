import { describe, expect, test } from 'vitest'
import { bucketOf, tops, within } from '#domain/statistic/answer-time.ts'
import { waitOf } from '#web/answer/timing.ts'

const counts = (...all: readonly (readonly [milliseconds: number, count: number])[]) => all.map(([milliseconds, count]) => ({ bucket: bucketOf(milliseconds), count }))

describe('how long answers take', () => {
  test('is told in buckets, whose tops belong to them', () => {
    expect([bucketOf(0), bucketOf(5), bucketOf(5.1), bucketOf(3000), bucketOf(3000.1)]).toEqual([0, 0, 1, tops.length - 1, tops.length])
    expect(tops.toSorted((one, other) => one - other)).toEqual(tops)
  })

  test.each([
    ['nothing is said of nothing', [], undefined],
    ['one answer speaks for all', counts([33, 1]), { all: 1, most: 40 }],
    ['five of a hundred may take longer', counts([4, 95], [900, 5]), { all: 100, most: 5 }],
    ['six may not', counts([4, 94], [900, 6]), { all: 100, most: 1000 }],
    ['what takes longer than any top is said to', counts([4, 9], [60_000, 1]), { all: 10, most: 'longer' }],
    ['counts of several servers add up, in whatever order', counts([900, 3], [4, 40], [900, 2], [4, 55]), { all: 100, most: 5 }],
  ] as const)('%s', (_name, all, expected) => {
    expect(within(95, all)).toEqual(expected)
  })

  test.each([
    ['POST', '/par', 'request'], ['GET', '/authorize', 'request'], ['GET', '/authorize/Ab_1-', 'request'], ['GET', '/interaction/Ab_1-', 'page'], ['POST', '/interaction/Ab_1-/passkey', 'passkey'], ['POST', '/token', 'token'],
    ['POST', '/authorize', undefined], ['GET', '/interaction/a/passkey', undefined], ['GET', '/interaction/a/register', undefined], ['GET', '/token', undefined], ['GET', '/quan-tri', undefined], ['GET', '/tokens', undefined],
  ] as const)('%s %s is %s', (method, path, wait) => {
    expect(waitOf(method, path)).toBe(wait)
  })
})
