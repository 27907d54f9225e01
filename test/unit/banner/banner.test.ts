import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { accountId } from '#kernel/id.ts'
import { momentInVietnam, readMoment } from '#kernel/clock.ts'
import { bannerFault, bannersAt, bannerWanted, mostAtOnce, standingOf, type Banner } from '#domain/banner/banner.ts'
import { shownBanners } from '#storage/shown-banners.ts'

const start = new Date('2026-11-26T00:00:00Z')
const hour = (count: number) => new Date(start.getTime() + count * 3_600_000)
const banner = (from: number, to: number, more: Partial<Banner> = {}): Banner => ({
  id: randomUUID(), kind: 'information', text: { vi: 'Chào', en: 'Hello' }, startsAt: hour(from), endsAt: hour(to), by: accountId.parse(randomUUID()), reason: 'x', ...more,
})

describe('what everybody is told', () => {
  test('is up from its start to its end, and not after it was taken off; maintenance comes first', () => {
    const [one, two] = [banner(1, 3), banner(1, 3, { kind: 'maintenance' })]
    const gone = banner(1, 3, { endedAt: hour(1) })
    const at = (moment: number) => bannersAt([one, gone, two], hour(moment))
    expect([at(0.99), at(1), at(2.99), at(3)]).toEqual([[], [two, one], [two, one], []])
    expect([standingOf(one, hour(0)), standingOf(one, hour(1)), standingOf(one, hour(3)), standingOf(gone, hour(2))]).toEqual(['coming', 'shown', 'over', 'ended'])
  })

  test.each([
    ['among two at a time', banner(2, 4), [banner(0, 9), banner(1, 3)], undefined],
    ['as the fourth', banner(2, 4), [banner(0, 9), banner(1, 3), banner(2, 3)], 'too-many'],
    ['as the fourth from some time on', banner(2, 9), [banner(5, 9), banner(6, 7), banner(0, 7)], 'too-many'],
    ['beside three that follow each other', banner(0, 9), [banner(0, 3), banner(3, 6), banner(6, 9)], undefined],
    ['as one of which three end when it begins', banner(3, 4), [banner(0, 3), banner(0, 3), banner(0, 3)], undefined],
    ['beside three of which one was taken off', banner(2, 4), [banner(0, 9), banner(0, 9), banner(0, 9, { endedAt: hour(0) })], undefined],
    ['with its end at its start', banner(2, 2), [], 'ends-before-start'],
    ['when it is over', banner(-2, 0), [], 'over-already'],
    ['when it has begun', banner(-2, 1), [], undefined],
  ] as const)('is taken or refused %s', (_what, wanted, others, fault) => {
    expect(bannerFault(wanted, others, hour(0))).toBe(fault)
    expect(mostAtOnce).toBe(3)
  })

  test.each([
    ['  Bảo trì\n từ 22 giờ ', 'Bảo trì từ 22 giờ'], ['', undefined], [' \n', undefined], ['x'.repeat(301), undefined], ['a\u202Eb', undefined], ['a\u0000b', undefined], ['a\u200Bb', undefined],
    ['<b>x</b>', '<b>x</b>'],
  ])('has the text %j as %j', (typed, kept) => {
    const read = (vi: string, en: string) => bannerWanted.safeParse({ kind: 'information', text: { vi, en }, startsAt: hour(0), endsAt: hour(1) }).data?.text
    expect(read(typed, 'x')).toEqual(kept === undefined ? undefined : { vi: kept, en: 'x' })
    expect(read('x', typed)).toEqual(kept === undefined ? undefined : { vi: 'x', en: kept })
  })

  test.each([['2026-11-26T09:30', '2026-11-26T02:30:00.000Z'], ['2026-02-30T09:00', undefined], ['2026-11-26 09:30', undefined], ['2026-11-26T24:00', undefined], ['', undefined]])('begins at %j in Viet Nam, which is %j', (text, moment) => {
    expect(readMoment(text)?.toISOString()).toBe(moment)
    expect(moment === undefined ? text : momentInVietnam(new Date(moment))).toBe(text)
  })
})

describe('what a process knows of it', () => {
  function known(current: () => Promise<readonly Banner[]>) {
    let now = hour(1)
    let looks = 0
    const shown = shownBanners({ current: async () => {
      looks += 1
      return current()
    } }, { now: () => now })
    return { shown, looks: () => looks, pass: (seconds: number) => void (now = new Date(now.getTime() + seconds * 1000)) }
  }

  test('is looked at once for many pages at a time, again within five seconds, and at once after a change of its own', async () => {
    let up = [banner(0, 2)]
    const { shown, looks, pass } = known(async () => up)
    await Promise.all([shown.refresh(), shown.refresh(), shown.refresh()])
    expect([looks(), shown.at(hour(1)).length]).toEqual([1, 1])
    up = []
    pass(3.9)
    await shown.refresh()
    expect([looks(), shown.at(hour(1)).length, shown.at(hour(2)).length]).toEqual([1, 1, 0])
    pass(0.2)
    await shown.refresh()
    expect([looks(), shown.at(hour(1))]).toEqual([2, []])
    shown.forget()
    await shown.refresh()
    expect(looks()).toBe(3)
  })

  test.each([['refuses', () => Promise.reject(new Error('down'))], ['hangs', () => new Promise<never>(() => undefined)]])('is nothing when the database %s, and the next page does not wait for it again', async (_how, current) => {
    const { shown, looks, pass } = known(current)
    await shown.refresh()
    await shown.refresh()
    expect([looks(), shown.at(hour(1))]).toEqual([1, []])
    pass(5)
    await shown.refresh()
    expect(looks()).toBe(2)
  })
})
