import { describe, expect, test } from 'vitest'
import { lineStore } from '#storage/line.ts'
import { volatiles } from '#test/support/engines.ts'

const day = 20_784
const began = Date.parse('2026-11-27T02:00:00Z')
const after = (seconds: number) => new Date(began + seconds * 1000)

describe.each(Object.entries(volatiles))('the line of people who begin, on %s', (_name, open) => {
  test('R09: of all processes that call at once none calls a number that nobody has', async () => {
    const line = lineStore(await open())
    for (let person = 0; person < 25; person += 1) await line.give(day)
    const { given } = await line.counts(day, after(0))
    await Promise.all(Array.from({ length: 10 }, () => line.call(day, 10, given, after(0))))
    expect(await line.counts(day, after(0))).toMatchObject({ given: 25, called: 25 })
    expect(await line.give(day)).toBe(26)
    await Promise.all(Array.from({ length: 3 }, () => line.call(day, 0, 26, after(0))))
    expect(await line.counts(day, after(0))).toMatchObject({ given: 26, called: 25 })
  })

  test('R09: who was called is waited for four to six minutes, and whoever takes numbers to keep them has none afterwards', async () => {
    const line = lineStore(await open())
    for (let person = 0; person < 100; person += 1) await line.give(day)
    const lapsed = async (seconds: number) => (await line.counts(day, after(seconds))).lapsed
    // All at once, as processes do at the beginning of a span.
    await Promise.all(Array.from({ length: 5 }, () => line.call(day, 2, 100, after(10))))
    await line.call(day, 10, 100, after(119))
    await line.call(day, 10, 100, after(130))
    await line.call(day, 10, 100, after(490))
    expect([await lapsed(10), await lapsed(239), await lapsed(359), await lapsed(361), await lapsed(479), await lapsed(481), await lapsed(491), await lapsed(900)]).toEqual([0, 0, 0, 20, 20, 30, 30, 40])
  })

  test('an idle line waits for nobody who was called before, and for all whom it calls now', async () => {
    const line = lineStore(await open())
    for (let person = 0; person < 20; person += 1) await line.give(day)
    await line.call(day, 10, 20, after(0))
    expect((await line.counts(day, after(3600))).lapsed).toBe(10)
    await line.call(day, 3, 20, after(3600))
    expect(await line.counts(day, after(3601))).toEqual({ given: 20, called: 13, lapsed: 10 })
  })
})
