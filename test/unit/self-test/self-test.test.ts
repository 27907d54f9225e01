import { describe, expect, test } from 'vitest'
import { clientId } from '#kernel/id.ts'
import { addressFaults, isFresh, isGreen, type Report } from '#domain/self-test/report.ts'
import { judge, selfTestNames, type End, type SelfTestName } from '#domain/self-test/self-test.ts'

const good: End = { place: 'https://a.example/home', status: 200 }
const saw = (name: SelfTestName, end: End, first: End | undefined = good) => {
  const { passed, saw: what } = judge(name, end, first)
  return [passed, what]
}

describe('a try of the self-test', () => {
  test('shows a sign-in where it ends as the good one did, and a refusal where it ends elsewhere or in an error', () => {
    expect(saw('signs-in', good, undefined)).toEqual([true, 'signed-in'])
    expect(saw('iss', good)).toEqual([false, 'signed-in'])
    expect(saw('iss', { place: 'https://a.example/login', status: 200 })).toEqual([true, 'refused'])
    expect(saw('iss', { place: 'https://a.example/home', status: 401 })).toEqual([true, 'refused'])
    expect(saw('rotated-key', { place: 'https://a.example/home', status: 401 })).toEqual([false, 'refused'])
    expect(saw('signs-in-again', { place: 'https://a.example/home/2', status: 200 })).toEqual([false, 'refused'])
  })

  test('that ends in a crash lets nobody in, and is no answer for a person who turned back', () => {
    const crash: End = { place: 'https://a.example/callback', status: 500 }
    expect(saw('nonce', crash)).toEqual([true, 'crashed'])
    expect(saw('access-denied', crash)).toEqual([false, 'crashed'])
    expect(saw('no-kid', crash)).toEqual([false, 'crashed'])
    expect(saw('no-kid', good)).toEqual([true, 'signed-in'])
    expect(saw('access-denied', good)).toEqual([false, 'signed-in'])
    expect(saw('access-denied', { place: 'https://a.example/login', status: 200 })).toEqual([true, 'refused'])
  })

  test.each([
    ['logout', 200, true], ['logout', 204, true], ['logout', 202, false], ['logout', 302, false], ['logout', 400, false], ['logout', 500, false],
    ['logout-nonce', 400, true], ['logout-nonce', 200, false], ['logout-nonce', 302, false], ['logout-nonce', 401, false], ['logout-nonce', 500, false], ['logout-replayed', 400, true], ['logout-replayed', 200, false],
    ['code-used', 400, true], ['code-used', 500, false],
  ] as const)('%s that ends at %i is passed: %s', (name, status, passed) => {
    expect(judge(name, { place: '', status }, good).passed).toBe(passed)
  })

  test('that came to no end proves nothing: a service that cannot be reached has refused nothing', () => {
    for (const name of selfTestNames) expect(saw(name, { stopped: 'unreachable' })).toEqual([false, 'unreachable'])
  })
})

describe('a report', () => {
  const at = new Date('2026-11-26T00:00:00Z')
  const all: Report['results'] = selfTestNames.map((name) => ({ test: name, passed: true, saw: 'refused' }))
  const report: Report = { client: clientId.parse('thu-1'), startedAt: at, finishedAt: at, addresses: { initiate: 'https://a.example/login' }, results: all }
  const with1 = (name: SelfTestName, change: object): Report => ({ ...report, results: all.map((one) => (one.test === name ? { ...one, ...change } : one)) })

  test('is green when every test there is was passed, but for what there is no address for', () => {
    expect(isGreen(report)).toBe(true)
    expect(isGreen(with1('logout', { passed: false, saw: 'left-out' }))).toBe(true)
    expect(isGreen(with1('logout', { passed: false, saw: 'left-out' }), { toldOfLogouts: true })).toBe(false)
    expect(isGreen(report, { toldOfLogouts: true })).toBe(true)
    expect(isGreen(with1('logout', { passed: false }))).toBe(false)
    expect(isGreen({ ...report, results: all.slice(1) })).toBe(false)
    expect(isGreen({ ...report, finishedAt: undefined })).toBe(false)
  })

  test('counts for so many days', () => {
    const after = (days: number) => new Date(at.getTime() + days * 86_400_000)
    expect([isFresh(report, after(29), 30), isFresh(report, after(30), 30), isFresh({ finishedAt: undefined }, at, 30)]).toEqual([true, false, false])
  })

  test('P20: is made at the origin of the redirect URI alone', () => {
    const faults = (initiate: string, logout?: string) => addressFaults({ initiate, logout }, 'https://a.example/callback')
    expect(faults('https://a.example/login', 'https://a.example/out')).toEqual({})
    expect(faults('https://b.example/login', 'https://a.example:444/out')).toEqual({ initiate: 'other-origin', logout: 'other-origin' })
    expect(faults('http://a.example/login', 'x')).toEqual({ initiate: 'not-an-address', logout: 'not-an-address' })
  })
})
