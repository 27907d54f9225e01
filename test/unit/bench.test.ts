import { expect, test } from 'vitest'
import { cpuOf, parentOf, peakMemoryOf } from '#bench/cpu.ts'
import { figuresOf, percentile, ratios, table } from '#bench/figures.ts'

const round = {
  operations: 100, failures: 0, failure: undefined, seconds: 2, serverMilliseconds: 150, storesMilliseconds: 50,
  latencies: Array.from({ length: 100 }, (_, at) => 100 - at),
}
const named = { scenario: 'token', target: 'ours', aim: 2 }

test('a percentile is the value that so many do not exceed', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => at + 1)
  expect([percentile(hundred, 50), percentile(hundred, 95), percentile(hundred, 99), percentile([7], 50)]).toEqual([50, 95, 99, 7])
})

test('the rounds of a scenario are added up before they are divided', () => {
  const figures = figuresOf(named, [round, { ...round, operations: 300, serverMilliseconds: 250, latencies: [] }])
  expect(figures).toMatchObject({ cpu: 1.25, server: 1, stores: 0.25, perSecond: 100, p50: 50, failures: 0 })
})

test('a failed operation is counted apart and its reason is shown', () => {
  const figures = figuresOf(named, [{ ...round, failures: 2, failure: 'no code' }])
  expect(table([figures])).toMatch(/\| token +\| ours +\| 2\.00 .* 2 \(no code\) \|$/m)
})

test('ratios compare the same scenario', () => {
  const ours = figuresOf(named, [round])
  const bare = figuresOf({ ...named, target: 'bare' }, [{ ...round, serverMilliseconds: 50, storesMilliseconds: 50 }])
  expect(ratios([ours], [bare])).toEqual(['token: 2.00 × the CPU of bare'])
  expect(ratios([ours], [{ ...bare, scenario: 'JWKS' }])).toEqual([])
})

test('processor time and memory of a process tree are read from the kernel', () => {
  const before = cpuOf([process.pid])
  const until = process.cpuUsage().user + 60_000
  while (process.cpuUsage().user < until) Math.sqrt(before)
  expect(cpuOf([process.pid]) - before).toBeGreaterThanOrEqual(50)
  expect(peakMemoryOf([process.pid])).toBeGreaterThan(10)
  expect(parentOf(process.pid)).toBe(process.ppid)
  expect(cpuOf([process.ppid])).toBeGreaterThanOrEqual(cpuOf([process.pid]))
})
