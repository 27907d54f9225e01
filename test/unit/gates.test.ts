import { describe, expect, test } from 'vitest'
import { gate } from '#test/house/gates.ts'
import { count, slowest } from '#test/house/suites.ts'

const file = (name: string, ...statuses: string[]) => ({
  name, status: statuses.includes('failed') ? 'failed' : 'passed', startTime: 0, endTime: 0, assertionResults: statuses.map((status) => ({ status })),
})

describe('a gate', () => {
  test('passes when it read something and found nothing', () => expect(gate('lint', 3, [], 0).passed).toBe(true))
  test('fails when it read nothing', () => expect(gate('lint', 0, [], 0).passed).toBe(false))
  test('fails with a fault, whatever the exit code', () => expect(gate('lint', 3, ['a.ts:1'], 0).passed).toBe(false))
  test('fails with a bad exit code, whatever was printed', () => expect(gate('types', 3, [], 2).passed).toBe(false))
})

describe('the closing count', () => {
  test('adds up tests, and names files with tests that did not run', () => {
    const outcome = count({ testResults: [file('a', 'passed', 'failed'), file('b', 'passed', 'skipped', 'todo')] }, 1)
    expect(outcome).toEqual({ passed: 2, failed: 1, leftOut: [{ file: 'b', tests: 2 }] })
  })

  test('counts a file that could not be loaded as a failure', () => {
    const unloaded = { name: 'a', status: 'failed', startTime: 0, endTime: 0, assertionResults: [] }
    expect(count({ testResults: [unloaded, file('b', 'failed')] }, 1).failed).toBe(2)
  })

  test('never calls a run good that vitest calls bad', () => {
    expect(count({ testResults: [file('a', 'passed')] }, 1)).toMatchObject({ passed: 1, failed: 1 })
    expect(count({ testResults: [file('a', 'passed')] }, 0)).toMatchObject({ passed: 1, failed: 0 })
  })
})

describe('where the time went', () => {
  test('is told of the slowest files, the slowest first, and of all together', () => {
    const took = (name: string, seconds: number) => ({ ...file(name, 'passed'), startTime: 5000, endTime: 5000 + seconds * 1000 })
    expect(slowest({ testResults: [took('a', 1), took('b', 12.34), took('c', 3)] }, 2)).toEqual(['3 files took 16 s, these the most:', '   12.3 s  b', '    3.0 s  c'])
    expect(slowest({ testResults: [] })).toEqual([])
  })
})
