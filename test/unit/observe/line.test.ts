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
  let calls = 0
  const counting = { ...store, call: async (...act: Parameters<typeof store.call>) => {
    calls += 1
    return store.call(...act)
  } }
  const process = () => makeLine({ lineStore: counting, gate: makeGate({ places: 8 }), clock: systemClock, log: silentLog })
  return { store, process, day: lineDay(systemClock.now()), calls: () => calls }
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

  test('calls once a second, however many come while it does', async () => {
    const { process, calls } = lines()
    const line = process()
    for (let ahead = 0; ahead < 2000; ahead += 1) await line.give()
    for (let second = 0; second < 10; second += 1) {
      vi.advanceTimersByTime(1000)
      await Promise.all([line.give(), line.give()])
      await vi.advanceTimersByTimeAsync(0)
    }
    expect(calls()).toBe(10)
  })

  test('those who took five thousand numbers for nothing do not hold up who came after them', async () => {
    const { store, process, day } = lines()
    const line = process()
    for (let ahead = 0; ahead < 5000; ahead += 1) await store.give(day)
    const { ticket } = await line.give()
    let seconds = 0
    while ((await line.turn(ticket)).is === 'waits' && seconds < 300) {
      seconds += 4
      await vi.advanceTimersByTimeAsync(4000)
    }
    expect([await line.turn(ticket), seconds < 45]).toEqual([{ is: 'come' }, true])
  })

  test('calls nobody any more once it is told to stop, not even what was on its way', async () => {
    const { store, process, day } = lines()
    const line = process()
    for (let ahead = 0; ahead < 2000; ahead += 1) await line.give()
    vi.advanceTimersByTime(1000)
    line.stop()
    await vi.advanceTimersByTimeAsync(10)
    const { called } = await store.counts(day, systemClock.now())
    await vi.advanceTimersByTimeAsync(60_000)
    expect((await store.counts(day, systemClock.now())).called).toBe(called)
  })
})
