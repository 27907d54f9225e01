import { importJWK } from 'jose'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endpointsOf, httpsIssuer, metadataAt } from '#test/support/conformance.ts'
import { get } from '#test/support/journey.ts'
import { startServer, type TestServer } from '#test/support/running.ts'

// `oidcc-config-certification-test-plan`: one module, which reads what is published.
let server: TestServer

beforeAll(async () => {
  server = await startServer({ env: { ISSUER: httpsIssuer } })
})
afterAll(() => server.close())

test('oidcc-discovery-endpoint-verification', async () => {
  const { status, headers } = await get(`${server.issuer}/.well-known/openid-configuration`)
  expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching(/^application\/json(;|$)/)])
  const told = await metadataAt(server)
  expect(told).toMatchObject({
    issuer: httpsIssuer,
    response_types_supported: expect.arrayContaining(['code']),
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: expect.arrayContaining(['RS256']),
    claims_supported: expect.arrayContaining(['sub', 'name']),
    grant_types_supported: expect.arrayContaining(['authorization_code']),
    code_challenge_methods_supported: ['S256'],
  })
  expect([told.claims_parameter_supported, told.request_uri_parameter_supported]).toEqual([true, false])
  // RFC 6749 §3.3 and RFC 5646 §2.1, in the casing it recommends.
  expect(told.scopes_supported).toSatisfy((scopes: readonly string[]) => scopes.includes('openid') && scopes.every((scope) => /^[\x21\x23-\x5B\x5D-\x7E]+$/.test(scope)))
  for (const locales of [told.ui_locales_supported, told.claims_locales_supported]) expect(Intl.getCanonicalLocales(locales)).toEqual(locales)

  const endpoints = endpointsOf(told)
  expect(Object.keys(endpoints)).toEqual(expect.arrayContaining(['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri', 'end_session_endpoint']))
  expect(Object.values(endpoints).filter((address) => !address.startsWith('https://'))).toEqual([])
  expect(told.registration_endpoint).toBeUndefined()
})

test('the keys that discovery points to are public ones, each with a name of its own, and can be used', async () => {
  const { jwks_uri: address = '' } = await metadataAt(server)
  const { json } = await get(`${server.issuer}${new URL(address).pathname}`)
  const keys: unknown = json['keys']
  if (!Array.isArray(keys)) throw new Error('there are no keys')
  expect(keys.length).toBeGreaterThan(0)
  for (const key of keys) {
    expect(key).toMatchObject({ kid: expect.any(String), use: 'sig', alg: expect.any(String) })
    expect(['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'].filter((secret) => secret in key)).toEqual([])
    expect(await importJWK(key)).toMatchObject({ type: 'public' })
  }
  expect(new Set(keys.map(({ kid }: { kid: string }) => kid)).size).toBe(keys.length)
})

test('a client library finds the same by either well-known address', async () => {
  const found = await Promise.all(['openid-configuration', 'oauth-authorization-server'].map(async (name) =>
    oauth.processDiscoveryResponse(new URL(httpsIssuer), await fetch(`${server.issuer}/.well-known/${name}`))))
  expect(found[0]).toEqual(found[1])
})
