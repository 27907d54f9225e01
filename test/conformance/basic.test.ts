import { decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authorizeAt, expectError, expectStandardClaims, flow, setStage, type Flow, type Stage } from '#test/support/conformance.ts'
import { arrive, post } from '#test/support/journey.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { makeVisitor } from '#test/support/visitor.ts'

// `oidcc-basic-certification-test-plan`, but for what passes with time: what each module asks for is in `modules.ts`.
const refreshing = { grant_types: ['authorization_code', 'refresh_token'] }
const first = testClient({ name: 'first', proof: 'client_secret_basic', alg: 'RS256', metadata: refreshing })
const second = testClient({ name: 'second', proof: 'client_secret_basic', alg: 'RS256', metadata: refreshing })
const signing = testClient({ name: 'signing' })
const posting = testClient({ name: 'posting', proof: 'client_secret_post' })

let server: TestServer
let stage: Stage

beforeAll(async () => {
  server = await startServer({ clients: () => [first, second, signing, posting].map((client) => client.metadata) })
  stage = await setStage(server, first)
})
afterAll(() => server.close())

/** Plain http, to localhost only. */
const insecure = { [oauth.allowInsecureRequests]: true }
const discover = async () => oauth.processDiscoveryResponse(new URL(server.issuer), await oauth.discoveryRequest(new URL(server.issuer), insecure))
const metadata = () => stage.at.config.serverMetadata()
const userinfo = () => new URL(metadata().userinfo_endpoint ?? '')

/** Where a browser that nobody has signed in with ends; `change` makes requests that the client library would not. */
const sent = async (asks: Record<string, string>, change: (query: URLSearchParams) => void = () => undefined) => {
  const { url, checks } = await stage.at.begin(asks, { pushed: false })
  change(url.searchParams)
  const visitor = makeVisitor({ leaveAt })
  return { stop: await visitor.open(url), checks }
}

test('oidcc-server', async () => {
  const { claims, about, asked } = await flow(stage, { browser: 'new' })
  expect(asked).toBe(true)
  expect(about).toEqual({ sub: claims.sub })
})

test('oidcc-response-type-missing', async () => {
  const { stop, checks } = await sent({}, (query) => query.delete('response_type'))
  expectError(stage, { answer: stop.url, checks }, 'invalid_request')
})

test('oidcc-idtoken-signature', async () => {
  const { tokens } = await flow(stage)
  expect(decodeProtectedHeader(tokens.id_token ?? '')).toEqual({ alg: 'RS256', kid: expect.any(String) })
})

test('oidcc-idtoken-unsigned', async () => {
  const { tokens } = await flow(stage)
  expect(metadata().id_token_signing_alg_values_supported).not.toContain('none')
  expect(decodeProtectedHeader(tokens.id_token ?? '').alg).not.toBe('none')
})

describe('UserInfo', () => {
  const heard = async (response: Response, { claims }: Flow) => oauth.processUserInfoResponse(await discover(), { client_id: 'first' }, claims.sub, response)

  test('oidcc-userinfo-get', async () => {
    const done = await flow(stage)
    const response = await oauth.userInfoRequest(await discover(), { client_id: 'first' }, done.tokens.access_token, insecure)
    expectStandardClaims(await heard(response, done))
  })

  test('oidcc-userinfo-post-header', async () => {
    const done = await flow(stage)
    const response = await oauth.protectedResourceRequest(done.tokens.access_token, 'POST', userinfo(), undefined, undefined, insecure)
    expectStandardClaims(await heard(response, done))
  })

  test('oidcc-userinfo-post-body', async () => {
    const { tokens, claims } = await flow(stage)
    const { status, json } = await post(userinfo().href, { access_token: tokens.access_token })
    expect([status, json]).toEqual([200, { sub: claims.sub }])
  })
})

test('oidcc-ensure-request-without-nonce-succeeds-for-code-flow', async () => {
  const { answer, checks } = await authorizeAt(stage, { asks: { nonce: '' } })
  const tokens = await client.authorizationCodeGrant(stage.at.config, answer, { pkceCodeVerifier: checks.verifier, expectedState: checks.state, idTokenExpected: true })
  expect(tokens.claims()).not.toHaveProperty('nonce')
})

describe('scopes and claims', () => {
  const profile = ['name', 'family_name', 'given_name', 'middle_name', 'birthdate', 'gender', 'updated_at']
  const email = ['email', 'email_verified']
  const phone = ['phone_number', 'phone_number_verified']

  /** Everything of the scope comes through UserInfo and nothing of it in the ID token. */
  const expectScope = async (scope: string, claims: readonly string[], asked: Parameters<typeof flow>[1] = {}) => {
    const done = await flow(stage, { asks: { scope }, ...asked })
    expectStandardClaims(done.about)
    expect(Object.keys(done.about).toSorted()).toEqual(['sub', ...claims].toSorted())
    expect(claims.filter((claim) => claim in done.claims)).toEqual([])
  }

  test('oidcc-scope-profile', () => expectScope('openid profile', profile))
  test('oidcc-scope-email', () => expectScope('openid email', email))
  test('oidcc-scope-address', () => expectScope('openid address', ['address']))
  test('oidcc-scope-phone', () => expectScope('openid phone', phone))
  test('oidcc-scope-all', () => expectScope('openid profile email address phone', [...profile, ...email, 'address', ...phone]))

  test('oidcc-alternate-happy-flow', () => expectScope('email openid', email, {
    asks: { scope: 'email openid' },
    reorder: (url) => new URL(`${url.origin}${url.pathname}?${new URLSearchParams([...url.searchParams].toReversed()).toString()}`),
  }))

  test('oidcc-claims-essential', async () => {
    const { claims, about } = await flow(stage, { asks: { claims: JSON.stringify({ userinfo: { name: { essential: true } } }) } })
    expect(about).toEqual({ sub: claims.sub, name: stage.someone.citizen.name })
    expect(claims).not.toHaveProperty('name')
  })
})

describe('parameters that must not be in the way', () => {
  const expectThrough = async (asks: Record<string, string>) => expect((await flow(stage, { asks, browser: 'new' })).asked).toBe(true)

  test('oidcc-display-page', () => expectThrough({ display: 'page' }))
  test('oidcc-display-popup', () => expectThrough({ display: 'popup' }))
  test('oidcc-login-hint', () => expectThrough({ login_hint: 'buffy@localhost' }))
  test('oidcc-ui-locales', () => expectThrough({ ui_locales: 'se' }))
  test('oidcc-claims-locales', () => expectThrough({ claims_locales: 'se' }))
  test('oidcc-ensure-request-with-unknown-parameter-succeeds', () => expectThrough({ extra: 'foobar' }))

  test('oidcc-ensure-request-with-acr-values-succeeds', async () => {
    const offered = metadata()['acr_values_supported']
    if (!Array.isArray(offered)) throw new Error('discovery offers no acr values')
    const { claims } = await flow(stage, { asks: { acr_values: offered.join(' ') }, browser: 'new' })
    expect(offered).toContain(claims['acr'])
  })
})

test('oidcc-ensure-registered-redirect-uri', async () => {
  const { stop } = await sent({ redirect_uri: `${stage.party.redirectUri}/not-registered` })
  expect([stop.status, stop.url.origin, stop.headers.get('content-type')]).toEqual([400, server.issuer, expect.stringContaining('text/html')])
})

test('oidcc-ensure-post-request-succeeds', async () => {
  const { url, checks } = await stage.at.begin({}, { pushed: false })
  // Posted by a page of another site, so without the cookie of the session.
  const told = await post(`${url.origin}${url.pathname}`, url.search.slice(1), { origin: 'https://first.example', 'sec-fetch-site': 'cross-site' })
  const { url: answer } = await stage.someone.visitor.open(new URL(told.headers.get('location') ?? '', url))
  expect((await stage.at.finish(answer, checks)).claims.sub).toEqual(expect.any(String))
})

test('oidcc-server-client-secret-post', async () => {
  const as = await discover()
  const other = await setStage(server, posting, stage.someone)
  const { answer, checks } = await authorizeAt(other)
  const me = { client_id: 'posting', id_token_signed_response_alg: 'ES256' }
  const { proof } = other.party
  if (proof.method !== 'client_secret_post') throw new Error('this module is about a secret in the form')
  const heard = oauth.validateAuthResponse(as, me, answer, checks.state)
  const response = await oauth.authorizationCodeGrantRequest(as, me, oauth.ClientSecretPost(proof.secret), heard, other.party.redirectUri, checks.verifier, insecure)
  const tokens = await oauth.processAuthorizationCodeResponse(as, me, response, { expectedNonce: checks.nonce, requireIdToken: true })
  await oauth.validateApplicationLevelSignature(as, response, insecure)
  expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ iss: server.issuer, aud: 'posting' })
})

describe('request objects', () => {
  /** Puts everything that is asked into an unsigned request object, as the suite does. */
  const wrapped = (query: URLSearchParams) =>
    query.set('request', new UnsecuredJWT(Object.fromEntries(query)).setIssuer('first').setAudience(server.issuer).encode())
  const algorithms = () => metadata()['request_object_signing_alg_values_supported'] ?? []

  test('oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported', async () => {
    expect(metadata()['request_uri_parameter_supported']).toBe(false)
    const { stop, checks } = await sent({ request_uri: 'https://first.example/request.jwt' })
    expectError(stage, { answer: stop.url, checks }, 'request_uri_not_supported')
  })

  test('oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported', async () => {
    expect(algorithms()).not.toContain('none')
    const { stop, checks } = await sent({}, wrapped)
    // No request objects at all, or signed ones only.
    expectError(stage, { answer: stop.url, checks }, expect.stringMatching(/^(request_not_supported|invalid_request_object)$/))
  })

  test('oidcc-ensure-request-object-with-redirect-uri', async () => {
    const { stop } = await sent({}, (query) => {
      wrapped(query)
      query.set('redirect_uri', 'https://elsewhere.example/callback')
    })
    expect([stop.url.origin, stop.status]).toEqual([server.issuer, 400])

    // What the module is about holds for an object that is signed.
    const signed = await setStage(server, signing, stage.someone)
    const { url, checks } = await signed.at.begin({}, { pushed: false })
    if (signed.party.proof.method !== 'private_key_jwt') throw new Error('this client signs')
    const object = new SignJWT(Object.fromEntries(url.searchParams)).setIssuer('signing').setAudience(server.issuer).setIssuedAt().setExpirationTime('1 minute')
    url.searchParams.set('request', await object.setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(signed.party.proof.jwk))
    url.searchParams.set('redirect_uri', 'https://elsewhere.example/callback')
    const { url: answer } = await arrive(stage.someone.visitor, await stage.someone.visitor.open(url), stage.someone.citizen)
    expect((await signed.at.finish(answer, checks)).claims['aud']).toBe('signing')
  })
})

test('oidcc-refresh-token', async () => {
  const asks = { scope: 'openid offline_access', prompt: 'consent' }
  const [one, other] = [await flow(stage, { asks }), await flow(await setStage(server, second, stage.someone), { asks })]
  expect(metadata().grant_types_supported).toContain('refresh_token')
  expect(one.tokens.refresh_token).toMatch(/^[\x20-\x7E]{43,}$/)

  const fresh = await client.refreshTokenGrant(stage.at.config, one.tokens.refresh_token ?? '', { scope: asks.scope })
  expect(stage.lastTold().headers.get('cache-control')).toBe('no-store')
  expect(fresh.access_token).not.toBe(one.tokens.access_token)
  // OIDC Core §12.2: the same person, issuer, audience and sign-in.
  const { iss, sub, aud, auth_time: at } = one.claims
  expect(fresh.claims()).toMatchObject({ iss, sub, aud, auth_time: at })
  expect(await client.fetchUserInfo(stage.at.config, fresh.access_token, sub)).toMatchObject({ sub })
  const foreign = client.refreshTokenGrant(stage.at.config, other.tokens.refresh_token ?? '')
  await expect(foreign).rejects.toMatchObject({ status: 400, error: 'invalid_grant' })
})

test('oidcc-ensure-request-with-valid-pkce-succeeds', async () => {
  expect(metadata().code_challenge_methods_supported).toEqual(['S256'])
  expect((await flow(stage)).claims.sub).toEqual(expect.any(String))
})
