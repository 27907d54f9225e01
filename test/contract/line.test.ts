import { describe, expect, test } from 'vitest'
import { lineStore } from '#storage/line.ts'
import { volatiles } from '#test/support/engines.ts'

const day = 20_784

describe.each(Object.entries(volatiles))('the line of people who begin, on %s', (_name, open) => {
  test('R09: of all processes that call at once none calls a number that nobody has', async () => {
    const line = lineStore(await open())
    for (let person = 0; person < 25; person += 1) await line.give(day)
    const { given } = await line.counts(day)
    await Promise.all(Array.from({ length: 10 }, () => line.call(day, 10, given)))
    expect(await line.counts(day)).toMatchObject({ given: 25, called: 25 })
    expect(await line.give(day)).toBe(26)
    await Promise.all(Array.from({ length: 3 }, () => line.call(day, 0, 26)))
    expect(await line.counts(day)).toMatchObject({ given: 26, called: 25 })
  })
})
