import { expect, test } from 'vitest'
import { expiriesOf, isDue, stepOf } from '#domain/client/expiry.ts'
import { aClient } from '#test/support/made-up.ts'
import { makeAuthority } from '#test/support/certificates.ts'

const now = new Date('2026-11-26T05:00:00Z')

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)

test('what of a client ends is its registration, certificates among its keys and the one it came with, the first first', () => {
  const { cert } = makeAuthority('/CN=Thu').issue({ subject: '/CN=client', days: 10 })
  const x5c = [cert.replaceAll(/-----[^-]+-----|\s/g, '')]
  const client = aClient({ ends_on: inDays(20).toISOString().slice(0, 10) })
  const withKey = { ...client, registered: { ...client.registered, jwks: { keys: [{ kty: 'EC', x5c }, { kty: 'EC', x5c: ['bm8gY2VydGlmaWNhdGU='] }, { kty: 'EC' }] } } }
  expect(expiriesOf(withKey, inDays(25)).map(({ what }) => what)).toEqual(['registered-certificate', 'registration', 'shown-certificate'])
  expect(expiriesOf({ ...withKey, state: 'ended' }, inDays(25))).toEqual([])
  expect(expiriesOf(aClient({ ends_on: '2026-12-20' }))[0]?.at).toEqual(new Date('2026-12-20T16:59:59Z'))
})

test('somebody is told thirty days before, and from then on', () => {
  const ends = (at: string) => isDue({ at: new Date(at) }, now)
  expect([ends('2026-12-26T04:59:00Z'), ends('2026-12-26T05:00:00Z'), ends('2026-01-01T00:00:00Z')]).toEqual([true, false, true])
})

test('thirty days before an end is one step and seven another; what is over has none', () => {
  const step = (at: string) => stepOf({ at: new Date(at) }, now)
  expect([step('2026-12-26T05:00:00Z'), step('2026-12-26T04:59:00Z'), step('2026-12-03T05:00:00Z'), step('2026-12-03T04:59:00Z'), step('2026-11-26T05:00:00Z'), step('2026-11-26T04:59:00Z')])
    .toEqual([undefined, 30, 30, 7, 7, undefined])
})
