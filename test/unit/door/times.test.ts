import { expect, onTestFinished, test, vi } from 'vitest'
import { makeTimes } from '#app/door/times.ts'

test('R09: how often somebody was let in is remembered for a quarter of an hour at least, and for half of one at most', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const times = makeTimes()
  times.note('sign-in:a')
  times.note('sign-in:a')
  vi.advanceTimersByTime(899_000)
  times.note('sign-in:b')
  vi.advanceTimersByTime(2000)
  times.note('sign-in:a')
  expect([times.of('sign-in:a'), times.of('sign-in:b'), times.of('sign-in:c')]).toEqual([3, 1, 0])
  vi.advanceTimersByTime(900_000)
  times.note('sign-in:b')
  expect([times.of('sign-in:a'), times.of('sign-in:b')]).toEqual([1, 1])
  vi.advanceTimersByTime(1_800_000)
  times.note('sign-in:c')
  expect([times.of('sign-in:a'), times.of('sign-in:b'), times.of('sign-in:c')]).toEqual([0, 0, 1])
})

test('and what is forgiven is held against nobody, nor more than was; of very many the older are forgotten', () => {
  const times = makeTimes()
  times.forgive('a')
  times.note('a')
  expect(times.of('a')).toBe(1)
  times.note('a')
  times.forgive('a')
  expect(times.of('a')).toBe(1)
  for (let each = 0; each < 100_001; each += 1) times.note(`b-${each}`)
  expect([times.of('a'), times.of('b-0'), times.of('b-50000'), times.of('b-100000')]).toEqual([0, 0, 1, 1])
})
