import { describe, expect, test } from 'vitest'
import { isTimeToWarn } from '#domain/connection/key-warning.ts'
import { algorithmOf, judgeFetches, keyToKnow, unwatchedClient, type SeenFrom } from '#domain/signing-key/fetched.ts'
import type { KeyStanding } from '#domain/signing-key/standing.ts'
import { aClient } from '#test/support/made-up.ts'

const publishedAt = new Date('2026-11-10T05:00:00Z')
const after = (hours: number) => new Date(publishedAt.getTime() + hours * 3_600_000)
const from = (fetched?: number): SeenFrom => ({ calledAt: after(20), fetchedAt: fetched === undefined ? undefined : after(fetched) })

describe('whether a service has the newest key', () => {
  test.each([
    ['nobody knows of who never calls', [], after(-100), { is: 'unknown', why: 'no-calls' }],
    ['one that fetched since has it', [from(3)], after(-100), { is: 'fetched', at: after(3), from: 1, of: 1 }],
    ['one of several addresses is enough, and the others are told', [from(3), from(5), from(-4), from()], after(-100), { is: 'fetched', at: after(5), from: 2, of: 4 }],
    ['one that fetched before and not since lacks it', [from(-4), from(-2), from()], after(-100), { is: 'not-since', at: after(-2) }],
    ['one that was never seen to fetch lacks it', [from(), from()], after(-100), { is: 'never' }],
    ['what was fetched before every node had it does not count', [from(0.001)], after(-100), { is: 'not-since', at: after(0.001) }],
    ['of a key that was published before anybody watched nothing bad is said', [from()], after(1), { is: 'unknown', why: 'not-watched' }],
    ['of such a key something good is', [from(3)], after(1), { is: 'fetched', at: after(3), from: 1, of: 1 }],
  ] as const)('%s', (_name, seen, watchedSince, expected) => {
    expect(judgeFetches(seen, { publishedAt, watchedSince })).toEqual(expected)
  })

  test.each([
    ['private_key_jwt', ['authorization_code'], undefined], [undefined, undefined, undefined], ['client_secret_basic', ['client_credentials', 'authorization_code'], undefined],
    ['none', ['authorization_code'], 'public'], ['private_key_jwt', ['client_credentials'], 'own-tokens'],
  ] as const)('a client that proves itself by %s with %s is not watched because %s', (method, grants, why) => {
    const metadata = { ...(method && { token_endpoint_auth_method: method }), ...(grants && { grant_types: grants }) }
    const client = aClient()
    expect(unwatchedClient({ ...client, registered: { ...client.registered, ...metadata } })).toBe(why)
  })
})

describe('the key that a service has to know', () => {
  const key = (kid: string, state: KeyStanding['state'], more: Partial<KeyStanding> = {}): KeyStanding => ({ kid, alg: 'ES256', state, held: true, ...more })
  const published = new Map([['b', after(0)], ['c', after(5)], ['p', after(9)]])
  const next = (hours: number) => ({ next: { to: 'active' as const, at: after(hours) } })

  test.each([
    ['none where the first still signs alone', [key('a', 'active')], undefined],
    ['the newest where nothing is planned', [key('b', 'active'), key('c', 'staged')], { kid: 'c', signs: false, signsFrom: undefined }],
    ['the one that begins to sign before any other', [key('b', 'staged', next(50)), key('c', 'staged')], { kid: 'b', signs: false, signsFrom: after(50) }],
    ['the one that signs, where it is the last that came', [key('a', 'retired'), key('b', 'active')], { kid: 'b', signs: true, signsFrom: undefined }],
    ['none that is retired, revoked or of another algorithm', [key('b', 'retired'), key('c', 'revoked'), key('p', 'staged', { alg: 'PS256' })], undefined],
  ] as const)('%s', (_name, standing, expected) => {
    const found = keyToKnow(standing, published, 'ES256')
    expect(found && { kid: found.kid, signs: found.signs, signsFrom: found.signsFrom }).toEqual(expected)
  })

  test('is of the algorithm that the client asked for', () => {
    expect([algorithmOf(aClient()), algorithmOf(aClient({ id_token_signed_response_alg: 'PS256' }))]).toEqual(['ES256', 'PS256'])
  })
})

test.each([
  ['not before a service had its day to fetch', 48, 23, false], ['then', 48, 24, true], ['not weeks before', 24 * 30, 24 * 22, false],
  ['seven days before', 24 * 30, 24 * 23, true], ['not when it signs already', 48, 48, false],
] as const)('a letter leaves %s', (_name, signs, now, leaves) => {
  expect(isTimeToWarn({ publishedAt, signsFrom: after(signs) }, { fetchHours: 24, warnDays: 7 }, after(now))).toBe(leaves)
})
