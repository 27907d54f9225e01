import { describe, expect, test } from 'vitest'
import { requestObjectFault } from '#oidc/request/object.ts'

const claims = { aud: 'https://id.example', iat: 1000, nbf: 1000, exp: 1060, jti: 'one' }
const way = { profile: 'fapi2-ms', backchannel: false, stored: false } as const
const fault = (change: Record<string, unknown> = {}, how: Partial<Parameters<typeof requestObjectFault>[1]> = {}, alg = 'ES256') =>
  requestObjectFault({ claims: { ...claims, ...change }, header: { alg } }, { ...way, ...how })

describe('P08: a request object', () => {
  test('that is right has no fault', () => expect([fault(), fault({}, { backchannel: true }), fault({ nbf: undefined }, { profile: 'baseline' })]).toEqual([undefined, undefined, undefined]))

  test.each(['fapi2', 'fapi2-ms'] as const)('of a %s client is signed with what FAPI 2.0 allows, whatever its registration leaves open', (profile) => {
    expect(fault({}, { profile }, 'RS256')).toContain('(alg)')
    expect(fault({}, { profile, backchannel: true }, 'RS256')).toContain('(alg)')
    for (const alg of ['ES256', 'PS256', 'EdDSA']) expect(fault({}, { profile }, alg)).toBeUndefined()
  })

  test('of a baseline client may be signed with RS256', () => expect(fault({}, { profile: 'baseline' }, 'RS256')).toBeUndefined())
  test('that was judged when it was pushed may be kept unsigned', () => expect(fault({}, { stored: true }, 'none')).toBeUndefined())

  test.each(['exp', 'aud', 'nbf'])('of a FAPI client says %s', (claim) => expect(fault({ [claim]: undefined })).toContain(claim))
  test.each(['exp', 'iat', 'nbf', 'jti'])('CIBA Core §7.1.1: asking at a counter says %s', (claim) => expect(fault({ [claim]: undefined }, { profile: 'baseline', backchannel: true })).toContain(claim))

  test('is in force for an hour at most', () => {
    expect(fault({ exp: 1000 + 3600 })).toBeUndefined()
    for (const ill of [{ exp: 1000 + 3601 }, { exp: 1000 }, { exp: 'soon' }]) expect(fault(ill), JSON.stringify(ill)).toContain('exp')
  })
})
