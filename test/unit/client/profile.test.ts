import { describe, expect, test } from 'vitest'
import { hasEnded, profileFault, profileRules, profiles, settledBy, type Profile } from '#domain/client/profile.ts'

const endsOn = (profile: Profile) => (profileRules[profile].ends ? '2030-01-01' : undefined)
const faultOf = (profile: Profile, registered: Record<string, unknown>) => profileFault({ profile, endsOn: endsOn(profile), registered })

describe('a profile', () => {
  const all = {
    token_endpoint_auth_method: ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth', 'client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'none'],
    token_endpoint_auth_signing_alg: ['ES256', 'EdDSA', 'Ed25519', 'PS256', 'RS256', 'HS256', 'none', 'ES512'],
    id_token_signed_response_alg: ['ES256', 'EdDSA', 'Ed25519', 'PS256', 'RS256', 'HS256', 'none'],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials', 'urn:ietf:params:oauth:grant-type:device_code', 'urn:openid:params:grant-type:ciba', 'implicit', 'password'],
    response_types: ['code', 'token', 'id_token', 'code id_token', 'none'],
  }
  const fapi = {
    token_endpoint_auth_method: all.token_endpoint_auth_method.slice(0, 3),
    token_endpoint_auth_signing_alg: all.token_endpoint_auth_signing_alg.slice(0, 4),
    id_token_signed_response_alg: all.id_token_signed_response_alg.slice(0, 4),
    grant_types: all.grant_types.slice(0, 5),
    response_types: ['code'],
  }
  const allowed: Record<Profile, typeof all> = {
    fapi2: fapi,
    'fapi2-ms': fapi,
    baseline: {
      token_endpoint_auth_method: ['private_key_jwt', 'client_secret_basic', 'client_secret_post', 'none'],
      token_endpoint_auth_signing_alg: all.token_endpoint_auth_signing_alg.slice(0, 5),
      id_token_signed_response_alg: all.id_token_signed_response_alg.slice(0, 5),
      grant_types: all.grant_types.slice(0, 4),
      response_types: ['code'],
    },
  }
  const fields = ['token_endpoint_auth_method', 'token_endpoint_auth_signing_alg', 'id_token_signed_response_alg', 'grant_types', 'response_types'] as const
  const cases = profiles.flatMap((profile) => fields.flatMap((field) => all[field].map((value) => ({ profile, field, value }))))

  test.each(cases)('$profile: $field $value', ({ profile, field, value }) => {
    const isList = field === 'grant_types' || field === 'response_types'
    const fault = faultOf(profile, { [field]: isList ? [value] : value })
    const refusal = `${field}: ${value} is not for a ${profile} client, which may use `
    expect(fault?.startsWith(refusal)).toBe(allowed[profile][field].includes(value) ? undefined : true)
  })

  test('one that ends says when, and no other does', () => {
    expect(profileFault({ profile: 'baseline', registered: {} })).toMatch(/^ends_on: /)
    expect(profileFault({ profile: 'fapi2', endsOn: '2030-01-01', registered: {} })).toMatch(/^ends_on: /)
    expect([hasEnded('2026-11-26', '2026-11-26'), hasEnded('2026-11-26', '2026-11-27'), hasEnded(undefined, '2026-11-27')]).toEqual([false, true, false])
  })

  test('cannot be talked out of what it settles', () => {
    const { imposed } = settledBy('fapi2-ms', { require_pushed_authorization_requests: false, dpop_bound_access_tokens: false, require_signed_request_object: false, response_modes: ['query'] })
    expect(imposed).toMatchObject({ require_pushed_authorization_requests: true, dpop_bound_access_tokens: true, require_signed_request_object: true })
    expect(imposed['response_modes']).not.toContain('query')
  })

  test('FAPI-CIBA §5.2.2: has what is asked at a counter signed, by whatever the client signs with', () => {
    const grant_types = ['authorization_code', 'urn:openid:params:grant-type:ciba']
    const signsWith = (profile: Profile, registered: object) => settledBy(profile, { grant_types, ...registered }).imposed['backchannel_authentication_request_signing_alg']
    for (const profile of ['fapi2', 'fapi2-ms'] as const) {
      expect(signsWith(profile, {})).toBe('ES256')
      expect(signsWith(profile, { token_endpoint_auth_signing_alg: 'PS256' })).toBe('PS256')
      expect(signsWith(profile, { token_endpoint_auth_signing_alg: 'PS256', backchannel_authentication_request_signing_alg: 'EdDSA' })).toBe('EdDSA')
      expect(signsWith(profile, { backchannel_authentication_request_signing_alg: null })).toBe('ES256')
      expect(signsWith(profile, { grant_types: ['authorization_code'] })).toBeUndefined()
    }
  })

  test('binds tokens to the certificate of a client that asks so, and to a proof key otherwise', () => {
    expect(settledBy('fapi2', { tls_client_certificate_bound_access_tokens: true }).imposed['dpop_bound_access_tokens']).toBe(false)
    expect(settledBy('fapi2', { tls_client_certificate_bound_access_tokens: 'yes' }).imposed['dpop_bound_access_tokens']).toBe(true)
  })

  test('binds tokens to a proof key where the server sees no certificates: never to nothing', () => {
    const asked = { tls_client_certificate_bound_access_tokens: true }
    expect(settledBy('fapi2', asked, { certificates: false }).imposed['dpop_bound_access_tokens']).toBe(true)
  })

  test('gives no tokens of its own to a client that proves nothing', () => {
    expect(faultOf('baseline', { token_endpoint_auth_method: 'none', grant_types: ['client_credentials'] })).toMatch(/^grant_types: /)
    expect(faultOf('baseline', { token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'] })).toBeUndefined()
  })
})
