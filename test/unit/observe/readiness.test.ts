import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { systemClock } from '#kernel/clock.ts'
import { Problem } from '#kernel/problem.ts'
import { readiness } from '#app/readiness.ts'

function stores() {
  let [asked, is] = [0, 'up']
  const answer = async (): Promise<undefined> => {
    if (is === 'down') throw new Problem('service.unavailable')
    if (is === 'frozen') return new Promise(() => undefined)
  }
  const tools = {
    volatile: { put: async () => {
      asked += 1
      return answer()
    } },
    database: { rows: async () => (await answer()) ?? [] }, registry: { find: answer }, statistics: { hours: async () => [] }, clock: systemClock,
  }
  return { tools, asked: () => asked, become: (next: 'up' | 'down' | 'frozen') => (is = next) }
}

test('R10: however many ask whether traffic is wanted, the stores are asked once a second', async () => {
  const { tools, asked } = stores()
  const { ready } = readiness(tools)
  for (let second = 0; second < 3; second += 1) {
    const told = await Promise.all(Array.from({ length: 1000 }, () => ready()))
    expect([told.every(Boolean), asked()]).toEqual([true, second + 1])
    await pause(1010)
  }
})

test.each(['down', 'frozen'] as const)('R10: of stores that are %s it is known within three seconds, and by one question at a time', async (how) => {
  const { tools, asked, become } = stores()
  const { ready } = readiness(tools)
  expect(await ready()).toBe(true)
  become(how)
  const told: boolean[] = []
  for (let tenth = 0; tenth < 30; tenth += 1) {
    void ready().then((able) => told.push(able))
    await pause(100)
  }
  expect([told.at(-1), asked() <= 4]).toEqual([false, true])
  become('up')
  await pause(2100)
  expect(await ready()).toBe(true)
}, 15_000)

test('R10: the stores are asked again a second later though the clock was set back an hour meanwhile', async () => {
  const { tools, become } = stores()
  const { ready } = readiness(tools)
  expect(await ready()).toBe(true)
  become('down')
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 })
  onTestFinished(() => void vi.useRealTimers())
  await pause(1010)
  expect(await ready()).toBe(false)
})

test('whoever leaves, or whose clock is off, says so at once', async () => {
  const { tools } = stores()
  const is = { leaving: false, clockIsOff: false }
  const { ready } = readiness(tools, { leaving: () => is.leaving, clockIsOff: () => is.clockIsOff })
  expect(await ready()).toBe(true)
  is.leaving = true
  expect(await ready()).toBe(false)
  Object.assign(is, { leaving: false, clockIsOff: true })
  expect(await ready()).toBe(false)
})
