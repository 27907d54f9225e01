import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { systemClock } from '#kernel/clock.ts'
import { lineDay } from '#domain/abuse/line.ts'
import { embeddedVolatile } from '#storage/embedded/volatile.ts'
import { lineStore } from '#storage/line.ts'
import { makeGate } from '#app/gate.ts'
import { makeLine } from '#app/line.ts'
import { silentLog } from '#test/support/silent-log.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

function lines() {
  const store = lineStore(embeddedVolatile({ clock: systemClock }))
  const process = () => makeLine({ lineStore: store, gate: makeGate({ places: 8 }), clock: systemClock, log: silentLog })
  return { store, process, day: lineDay(systemClock.now()) }
}

describe('R09: the line as one process sees it', () => {
  test('a number that another process has given since is one', async () => {
    const { store, process, day } = lines()
    const [here, there] = [process(), process()]
    for (let ahead = 0; ahead < 50; ahead += 1) await store.give(day)
    await here.give()
    const { ticket } = await there.give()
    expect([ticket.number, await here.turn(ticket)]).toEqual([52, { is: 'waits', position: 52 }])
    expect(await here.turn({ ...ticket, number: 53 })).toEqual({ is: 'void' })
  })

  test('people are called in their order as long as somebody waits, and those who do not come keep no place', async () => {
    const { process } = lines()
    const line = process()
    const [first, ...others] = await Promise.all(Array.from({ length: 30 }, () => line.give()))
    await vi.advanceTimersByTimeAsync(3000)
    expect(first && await line.turn(first.ticket)).toEqual({ is: 'come' })
    await vi.advanceTimersByTimeAsync(20_000)
    expect(await Promise.all(others.map(({ ticket }) => line.turn(ticket)))).toEqual(others.map(() => ({ is: 'come' })))
    expect(line.isOpen()).toBe(false)
    await vi.advanceTimersByTimeAsync(400_000)
    expect(await Promise.all(others.map(({ ticket }) => line.turn(ticket)))).toEqual(others.map(() => ({ is: 'void' })))
  })

  test('calls nobody any more once it is told to stop, not even what was on its way', async () => {
    const { store, process, day } = lines()
    const line = process()
    for (let ahead = 0; ahead < 200; ahead += 1) await line.give()
    vi.advanceTimersByTime(1000)
    line.stop()
    await vi.advanceTimersByTimeAsync(10_000)
    const { called } = await store.counts(day, systemClock.now())
    await vi.advanceTimersByTimeAsync(60_000)
    expect((await store.counts(day, systemClock.now())).called).toBe(called)
  })
})
