import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { systemClock } from '#kernel/clock.ts'
import { lineDay } from '#domain/abuse/line.ts'
import { embeddedVolatile } from '#storage/embedded/volatile.ts'
import { lineStore } from '#storage/line.ts'
import { makeGate } from '#app/door/gate.ts'
import { makeLine } from '#app/door/line.ts'
import { silentLog } from '#test/support/silent-log.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

function lines() {
  const store = lineStore(embeddedVolatile({ clock: systemClock }))
  let held: Promise<unknown> = Promise.resolve()
  let [calls, reads, reading, mostReading] = [0, 0, 0, 0]
  const counting = { ...store, counts: async (...asked: Parameters<typeof store.counts>) => {
    reads += 1
    mostReading = Math.max(mostReading, (reading += 1))
    const counts = await store.counts(...asked)
    await held
    reading -= 1
    return counts
  }, call: async (...act: Parameters<typeof store.call>) => {
    calls += 1
    return store.call(...act)
  } }
  const process = (places = 8) => makeLine({ lineStore: counting, gate: makeGate({ places }), clock: systemClock, log: silentLog })
  return { store, process, day: lineDay(systemClock.now()), calls: () => calls, reads: () => ({ reads, mostReading }), hold: (until: Promise<unknown>): void => void (held = until) }
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

  test('a ticket of another day, or one older than anybody waits, is no question to the store, however often it is shown', async () => {
    const { process, reads, day } = lines()
    const line = process()
    const ticket = { day, number: 1, givenAt: systemClock.now().getTime() / 1000, mark: 'a' }
    for (const old of [{ ...ticket, day: day - 1 }, { ...ticket, givenAt: ticket.givenAt - 7300 }]) {
      expect(await Promise.all(Array.from({ length: 50 }, () => line.turn(old)))).toEqual(Array.from({ length: 50 }, () => ({ is: 'void' })))
    }
    expect(reads()).toEqual({ reads: 0, mostReading: 0 })
  })

  test('a ticket that was used is over at once, and no question to the store however often it is shown', async () => {
    const { process, reads } = lines()
    const line = process()
    const [{ ticket }] = await Promise.all([line.give(), line.give()])
    await vi.advanceTimersByTimeAsync(3000)
    expect([await line.turn(ticket), await line.use(ticket), await line.use(ticket)]).toEqual([{ is: 'come' }, true, false])
    await vi.advanceTimersByTimeAsync(5000)
    const before = reads().reads
    expect(await Promise.all(Array.from({ length: 50 }, () => line.turn(ticket)))).toEqual(Array.from({ length: 50 }, () => ({ is: 'void' })))
    expect(reads().reads).toBe(before)
  })

  test('numbers that nobody has given are asked after by one question at a time, which is not older than whoever asks', async () => {
    const { store, process, reads, hold, day } = lines()
    const line = process()
    const { ticket } = await line.give()
    const unknown = { ...ticket, number: ticket.number + 1 }
    const before = reads().reads
    const first = line.turn(unknown)
    const others = Array.from({ length: 500 }, () => line.turn(unknown))
    expect(await Promise.all([first, ...others])).toEqual(Array.from({ length: 501 }, () => ({ is: 'void' })))
    expect([reads().reads - before <= 2, reads().mostReading]).toEqual([true, 1])
    // The answer to one question is on its way when another process gives the number.
    const { promise, resolve } = Promise.withResolvers<undefined>()
    hold(promise)
    const early = line.turn(unknown)
    await vi.advanceTimersByTimeAsync(10)
    await store.give(day)
    const after = line.turn(unknown)
    resolve(undefined)
    expect([await early, await after]).toEqual([{ is: 'void' }, { is: 'waits', position: 2 }])
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

  test.each([[120, 45], [8, 90]])('where there are %i places, those who took five thousand numbers for nothing hold up who came after them for %i seconds at most', async (places, most) => {
    const { store, process, day } = lines()
    const line = process(places)
    for (let ahead = 0; ahead < 5000; ahead += 1) await store.give(day)
    const { ticket } = await line.give()
    let seconds = 0
    while ((await line.turn(ticket)).is === 'waits' && seconds < 600) {
      seconds += 4
      await vi.advanceTimersByTimeAsync(4000)
    }
    expect([await line.turn(ticket), seconds <= most]).toEqual([{ is: 'come' }, true])
  })

  test('numbers begin anew each day, and whoever comes with one is not taken for who came with it the day before', async () => {
    const { store, process } = lines()
    const line = process(120)
    const cameWithin = async (seconds: number) => {
      const day = lineDay(systemClock.now())
      const ticket = (number: number) => ({ day, number, givenAt: systemClock.now().getTime() / 1000, mark: `${day}-${number}` })
      for (let ahead = 0; ahead < 2000; ahead += 1) await store.give(day)
      await line.turn(ticket(2000))
      let [came, called] = [0, 0]
      for (let second = 0; second < seconds; second += 1) {
        await vi.advanceTimersByTimeAsync(1000)
        // Those who were called hear it in the next second.
        while (came < called) expect(await line.turn(ticket((came += 1)))).toEqual({ is: 'come' })
        called = (await store.counts(day, systemClock.now())).called
      }
      return came
    }
    const first = await cameWithin(60)
    vi.setSystemTime(systemClock.now().getTime() + 86_400_000)
    await vi.advanceTimersByTimeAsync(10_000)
    // More than at the first pace: it grows by those who came.
    expect([first, await cameWithin(20) > 1.2 * 75 * 20]).toEqual([2000, true])
  })

  test('a process at which nobody looks any more calls no more for that, and after some minutes nobody', async () => {
    const { store, process, day } = lines()
    const [here, elsewhere] = [process(120), process(120)]
    for (let ahead = 0; ahead < 40_000; ahead += 1) await store.give(day)
    const givenAt = systemClock.now().getTime() / 1000
    const ticket = (number: number) => ({ day, number, givenAt, mark: String(number) })
    await elsewhere.turn(ticket(40_000))
    let [came, called] = [0, 0]
    const calledIn = async (seconds: number, at?: typeof here) => {
      const before = called
      for (let second = 0; second < seconds; second += 1) {
        await vi.advanceTimersByTimeAsync(1000)
        if (at !== undefined) while (came < called) await at.turn(ticket((came += 1)))
        called = (await store.counts(day, systemClock.now())).called
      }
      return (called - before) / seconds
    }
    await calledIn(40, here)
    here.stop()
    expect(await calledIn(20)).toBe(75)
    await vi.advanceTimersByTimeAsync(200_000)
    called = (await store.counts(day, systemClock.now())).called
    expect([await calledIn(20), called < 40_000]).toEqual([0, true])
    // Whoever looks there has it call again.
    await elsewhere.turn(ticket(40_000))
    expect(await calledIn(10)).toBe(75)
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
