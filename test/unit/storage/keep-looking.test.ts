import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { keepLooking } from '#storage/keep-looking.ts'

test('a look comes as long after the last as that has said, and at once when it is woken, also in the middle of a look', async () => {
  let looks = 0
  const waits = [0, 60_000, 60_000, 60_000]
  const looking = keepLooking(async () => {
    looks += 1
    const wait = waits[looks - 1] ?? 60_000
    if (looks === 3) looking.wake()
    return wait
  })
  await pause(20)
  expect(looks).toBe(2)
  looking.wake()
  await pause(20)
  expect(looks).toBe(4)
  await looking.stop()
})

test('whoever stops it waits for the look that is under way, and none comes after', async () => {
  const told: string[] = []
  const looking = keepLooking(async (stopped) => {
    await pause(20)
    told.push(stopped.aborted ? 'stopped' : 'goes on')
    return 0
  }, { first: 10 })
  await pause(20)
  await looking.stop()
  expect(told).toEqual(['stopped'])
  await pause(40)
  expect(told).toEqual(['stopped'])
  const early = keepLooking(async () => told.push('too early'), { first: 60_000 })
  await early.stop()
  expect(told).toEqual(['stopped'])
})
