import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import ttlFile from '#config/ttl.json' with { type: 'json' }
import { sessionSeconds, ttlSchema } from '#oidc/ttl.ts'

const ttl = ttlSchema.parse(ttlFile)
const now = 1_800_000_000

describe('how long a session lives', () => {
  test.each([
    ['before the sign-in, the idle time', undefined, 1800],
    ['just signed in, the idle time', now, 1800],
    ['an hour after, the idle time again', now - 3600, 1800],
    ['half an hour before the end, that half hour', now - 43_200 + 1800, 1800],
    ['a minute before the end, that minute', now - 43_200 + 60, 60],
    ['at the end, as little as can be said', now - 43_200, 1],
    ['long after the end, no more than that', now - 99_999, 1],
  ])('%s', (_story, signedInAt, seconds) => {
    expect(sessionSeconds(ttl, signedInAt, now)).toBe(seconds)
  })

  test('is never past the absolute end, never longer than the idle time, always a positive whole number', () => {
    fc.assert(fc.property(fc.nat(100_000), (ago) => {
      const seconds = sessionSeconds(ttl, now - ago, now)
      return Number.isInteger(seconds) && seconds >= 1 && seconds <= ttl.sessionIdle && (seconds === 1 || seconds <= ttl.sessionAbsolute - ago)
    }))
  })

  test('the rule file takes no code beyond 60 s and no ID token beyond 300 s', () => {
    const takes = (changes: object) => ttlSchema.safeParse({ ...ttlFile, ...changes }).success
    expect([takes({}), takes({ authorizationCode: 61 }), takes({ idToken: 301 }), takes({ grant: 0 }), takes({ grant: 1.5 }),
      takes({ more: 1 })]).toEqual([true, false, false, false, false, false])
  })
})
