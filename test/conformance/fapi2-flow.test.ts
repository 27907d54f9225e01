import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endpointsOf, expectStandardClaims, longState } from '#test/support/conformance.ts'
import { fillIn, tap } from '#test/support/citizen.ts'
import { openFapiHouse, plans, variants, type Actor, type FapiHouse, type Variant } from '#test/support/fapi.ts'
import { authorize, expectRefused, heard, push, redeem, resource, startOf, thumbprint, tokensOf, usual, visit } from '#test/support/fapi-requests.ts'
import { arrive, get, isSignIn } from '#test/support/journey.ts'
import { leaveAt } from '#test/support/test-clients.ts'
import { call } from '#test/support/tls-client.ts'
import { makeVisitor } from '#test/support/visitor.ts'

// The FAPI 2.0 plans: discovery, the flow and the authorization request. What each module asks for is in `fapi-modules.ts`.
let house: FapiHouse

beforeAll(async () => {
  house = await openFapiHouse()
})
afterAll(() => house.close())

/** Through the client library, which checks the answer, the tokens and UserInfo. */
async function flow({ at, someone }: Actor, asks: Record<string, string> = {}) {
  const { url, checks } = await at.begin(asks)
  expect([...url.searchParams.keys()].toSorted()).toEqual(['client_id', 'request_uri'])
  const { url: answer } = await arrive(someone.visitor, await someone.visitor.open(url), someone.citizen)
  const signedIn = await at.finish(answer, checks)
  return { ...signedIn, checks, about: await at.userinfo(signedIn) }
}

describe.each(variants)('%s:', (_name, variant) => {
  test('fapi2-security-profile-final-happy-flow', async () => {
    const [first, second] = [await house.actor(variant), await house.actor(variant, 'second')]
    const { tokens, claims, about } = await flow(first)
    expect(tokens.token_type).toBe(variant.bound === 'dpop' ? 'dpop' : 'bearer')
    expect(about).toEqual({ sub: claims.sub })

    // The second client only names its key when it asks (RFC 9449 §10.1).
    const named = variant.bound === 'dpop' ? { asks: { dpop_jkt: await thumbprint(second.key) }, proof: 'none' as const } : {}
    const { access_token: token = '' } = await tokensOf(second, named)
    expect([(await resource(second, token)).status, (await resource(first, token)).status]).toEqual([200, 401])
    const inQuery = await call(`${house.server.issuer}/userinfo?access_token=${token}`, { as: second.certificate })
    expect(inQuery.status).toBeGreaterThanOrEqual(400)
  })

  test('fapi2-security-profile-final-ensure-holder-of-key-required', async () => {
    const actor = await house.actor(variant)
    const { code } = await authorize(actor)
    const bySameCertificate = variant.authentication === 'mtls' && variant.bound === 'mtls'
    const refusals = bySameCertificate ? ['invalid_client', 'invalid_request'] : ['invalid_grant', 'invalid_request', 'invalid_dpop_proof']
    expectRefused(await redeem(actor, code, variant.bound === 'mtls' ? { as: 'none' } : { proof: 'none' }), ...refusals)
  })
})

test('fapi2-security-profile-final-discovery-end-point-verification', async () => {
  const { json, status, headers } = await get(`${house.server.issuer}/.well-known/openid-configuration`)
  expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching(/^application\/json/)])
  const strong = (algorithm: unknown) => ['PS256', 'ES256', 'EdDSA'].includes(String(algorithm))
  for (const kind of ['id_token', 'userinfo', 'token_endpoint_auth', 'request_object', 'authorization']) {
    expect([json[`${kind}_signing_alg_values_supported`]].flat().some(strong), kind).toBe(true)
  }
  expect(json).toMatchObject({
    issuer: house.server.issuer,
    response_types_supported: ['code'],
    response_modes_supported: expect.arrayContaining(['jwt']),
    scopes_supported: expect.arrayContaining(['openid']),
    subject_types_supported: ['pairwise'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: expect.arrayContaining(['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth']),
    dpop_signing_alg_values_supported: ['ES256', 'EdDSA', 'Ed25519', 'PS256'],
    tls_client_certificate_bound_access_tokens: true,
    authorization_response_iss_parameter_supported: true,
    authorization_encryption_alg_values_supported: expect.any(Array),
    authorization_encryption_enc_values_supported: expect.any(Array),
  })
  expect(json['require_pushed_authorization_requests'] ?? false).toBeTypeOf('boolean')
  const endpoints = endpointsOf(json)
  expect(Object.keys(endpoints)).toEqual(expect.arrayContaining(['authorization_endpoint', 'token_endpoint', 'pushed_authorization_request_endpoint', 'jwks_uri']))
  expect(Object.values(endpoints).filter((address) => !address.startsWith('https://'))).toEqual([])
})

describe.each(plans)('%s:', (_name, variant: Variant) => {
  let actor: Actor
  let second: Actor
  beforeAll(async () => {
    actor = await house.actor(variant)
    second = await house.actor(variant, 'second')
  })

  test('fapi2-security-profile-final-user-rejects-authentication', async () => {
    for (const one of [actor, second]) {
      const page = await one.someone.visitor.open(startOf(one, await push(one, { asks: { prompt: 'consent', scope: 'openid email' } })))
      const said = await heard(one, await fillIn(one.someone.visitor, page, '/consent', { choice: 'deny' }))
      expect(said).toEqual({ error: 'access_denied', error_description: expect.any(String), state: 'the-state', iss: one.party.issuer })
    }
  })

  test('fapi2-security-profile-final-ensure-authorization-request-without-state-success', async () => {
    expect(Object.keys((await authorize(actor, { asks: { state: undefined } })).said).toSorted()).toEqual(['code', 'iss'])
  })

  test('fapi2-security-profile-final-ensure-authorization-request-without-nonce-success', async () => {
    expect(await tokensOf(actor, { asks: { nonce: undefined } })).toHaveProperty('id_token')
  })

  const expectNonce = async (nonce: string) => {
    const { at, someone } = actor
    const { url, checks } = await at.begin({ nonce })
    const { url: answer } = await arrive(someone.visitor, await someone.visitor.open(url), someone.citizen)
    expect((await at.finish(answer, { ...checks, nonce })).claims['nonce']).toBe(nonce)
  }

  test('fapi2-security-profile-final-ensure-authorization-request-with-64-char-nonce-success', () => expectNonce('n'.repeat(64)))
  test('fapi2-security-profile-final-ensure-authorization-request-with-long-nonce', () => expectNonce('n'.repeat(384)))

  test('fapi2-security-profile-final-ensure-authorization-request-with-long-state', async () => {
    const state = longState.repeat(3)
    expect((await authorize(actor, { asks: { state } })).said['state']).toBe(state)
  })

  test('fapi2-security-profile-final-ensure-other-scope-order-succeeds', async () => {
    const { about, claims } = await flow(actor, { scope: 'email openid' })
    expect(about).toMatchObject({ sub: claims.sub, email: expect.any(String) })
  })

  test('fapi2-security-profile-final-test-claims-parameter-identity-claims', async () => {
    const held = ['name', 'family_name', 'given_name', 'middle_name', 'birthdate', 'gender', 'updated_at', 'email', 'email_verified', 'phone_number', 'phone_number_verified', 'address']
    const { json } = await get(`${house.server.issuer}/.well-known/openid-configuration`)
    expect(json['claims_supported']).toEqual(expect.arrayContaining(held))
    const { about } = await flow(actor, { claims: JSON.stringify({ userinfo: { ...Object.fromEntries(held.map((claim) => [claim, { essential: true }])), nobody_knows_this: null } }) })
    expectStandardClaims(about)
    expect(Object.keys(about).toSorted()).toEqual(['sub', ...held].toSorted())
  })

  test('fapi2-security-profile-final-access-token-type-header-case-sensitivity', async () => {
    const { access_token: token = '' } = await tokensOf(actor)
    for (const scheme of ['dpop', 'DPOP', 'dPoP']) expect((await resource(actor, token, { scheme })).status, scheme).toBe(200)
  })

  test('fapi2-security-profile-final-ensure-different-nonce-inside-and-outside-request-object', async () => {
    const { code } = await authorize(actor, { beside: { nonce: 'another-nonce' } })
    const { json } = await redeem(actor, code)
    expect(JSON.parse(Buffer.from(String(json['id_token']).split('.')[1] ?? '', 'base64url').toString())).toMatchObject({ nonce: 'the-nonce' })
  })

  test('fapi2-security-profile-final-ensure-different-state-inside-and-outside-request-object', async () => {
    expect((await authorize(actor, { beside: { state: 'another-state' } })).said['state']).toBe('the-state')
  })

  test('fapi2-security-profile-final-state-only-outside-request-object-not-used', async () => {
    expect((await authorize(actor, { asks: { state: undefined }, beside: { state: 'another-state' } })).said).not.toHaveProperty('state')
  })

  const invalid = ['invalid_request', 'invalid_request_object']

  test('fapi2-security-profile-final-ensure-request-object-without-redirect-uri-fails', async () => {
    expectRefused(await push(actor, { asks: { redirect_uri: undefined } }), ...invalid)
  })

  test('fapi2-security-profile-final-ensure-redirect-uri-in-authorization-request', async () => {
    // Nor is it taken from beside the request object.
    expectRefused(await push(actor, { asks: { redirect_uri: undefined }, ...(variant.signed && { fields: { redirect_uri: actor.party.redirectUri } }) }), ...invalid)
  })

  test('fapi2-security-profile-final-plain-fapi-tolerate-unregistered-redirect-uri', async () => {
    expectRefused(await push(actor, { asks: { redirect_uri: `${actor.party.redirectUri}/elsewhere` } }), ...invalid)
  })

  test('fapi2-security-profile-final-ensure-unsigned-authorization-request-without-using-par-fails', async () => {
    const url = new URL('/authorize', house.server.issuer)
    url.search = new URLSearchParams({ ...usual(actor), ...(variant.signed && { response_mode: 'jwt' }) }).toString()
    expect(await heard(actor, await visit(actor, url))).toMatchObject({ error: 'invalid_request', state: 'the-state', iss: house.server.issuer })
  })

  const expectResponseType = async (responseType: string) =>
    expectRefused(await push(actor, { asks: { response_type: responseType } }), 'unsupported_response_type', 'unauthorized_client', ...invalid)

  test('fapi2-security-profile-final-ensure-response-type-code-idtoken-fails', () => expectResponseType('code id_token'))
  test('fapi2-security-profile-final-ensure-response-type-token-fails', () => expectResponseType('token'))

  test('fapi2-security-profile-final-par-ensure-reused-request-uri-prior-to-auth-completion-succeeds', async () => {
    const url = startOf(actor, await push(actor))
    const visitor = makeVisitor({ leaveAt })
    expect(isSignIn(await visitor.open(url))).toBe(true)
    expect(await heard(actor, await tap(visitor, await visitor.open(url), actor.someone.citizen.authenticator))).toHaveProperty('code')
  })

  test('fapi2-security-profile-final-par-attempt-reuse-request_uri', async () => {
    const url = startOf(actor, await push(actor))
    expect(await heard(actor, await visit(actor, url))).toHaveProperty('code')
    await expectErrorPage(url)
  })

  /** An error that is told to the person, for there is no address that could be trusted. */
  const expectErrorPage = async (url: URL) => {
    const { status, url: end, headers } = await visit(actor, url)
    expect([status, end.origin, headers.get('content-type')]).toEqual([400, house.server.issuer, expect.stringContaining('text/html')])
  }

  test('fapi2-security-profile-final-par-attempt-to-use-request_uri-for-different-client', async () => {
    await expectErrorPage(startOf(second, await push(actor)))
  })

  test('fapi2-security-profile-final-par-authorization-request-containing-request_uri-form-param', async () => {
    const { json } = await push(actor)
    expectRefused(await push(actor, { fields: { request_uri: String(json['request_uri']) } }), 'request_uri_not_supported', ...invalid)
  })

  test('fapi2-security-profile-final-par-attempt-invalid-http-method', async () => {
    const { status } = await call(`${house.server.issuer}/par`, { method: 'PUT', fields: usual(actor) })
    expect([400, 401, 404, 405]).toContain(status)
  })

  test('fapi2-security-profile-final-par-without-duplicate-parameters', async () => {
    expect((await authorize(actor)).said['state']).toBe('the-state')
  })

  test('fapi2-security-profile-final-par-ensure-pkce-required', async () => {
    expectRefused(await push(actor, { asks: { code_challenge: undefined, code_challenge_method: undefined } }), ...invalid)
  })

  test('fapi2-security-profile-final-par-plain-pkce-rejected', async () => {
    expectRefused(await push(actor, { asks: { code_challenge_method: 'plain' } }), ...invalid)
  })
})
