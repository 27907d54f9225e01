import { describe, expect, test } from 'vitest'
import { patience, signal, type Patience } from '#domain/signal/signal.ts'

const hour = 3600

/** How long it goes on at least, in seconds, as pg-boss counts its pauses. */
function shortestWindow({ tries, first, longest }: Patience): number {
  const pauses = Array.from({ length: tries - 1 }, (_, retry) => Math.min(longest, first * 2 ** Math.min(15, retry)))
  return pauses.reduce((sum, pause) => sum + pause, 0)
}

describe('patience', () => {
  test('P19: a logout is tried for more than a day, however chance falls, and first again within two seconds', () => {
    expect(shortestWindow(patience.logout)).toBeGreaterThan(24 * hour)
    expect(patience.logout.first).toBe(1)
  })

  test('W12: the end of a session is tried until the session would have ended by itself', () => {
    expect(shortestWindow(patience['session-end'])).toBeGreaterThan(12 * hour)
  })

  test('a pause is never longer than its limit', () => {
    expect(shortestWindow({ tries: 4, first: 1, longest: 2 })).toBe(1 + 2 + 2)
    expect(shortestWindow({ tries: 1, first: 1, longest: 2 })).toBe(0)
  })
})

test('a signal holds identifiers and nothing else', () => {
  const logout = { kind: 'logout', client: 'portal', account: '0190a1b2-0000-7000-8000-000000000001', sid: 's' }
  expect(signal.safeParse(logout).success).toBe(true)
  expect(signal.safeParse({ ...logout, token: 'x' }).success).toBe(false)
  expect(signal.safeParse({ ...logout, kind: 'from-a-later-version' }).success).toBe(false)
})
