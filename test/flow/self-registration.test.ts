import { generateKeyPairSync } from 'node:crypto'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AccountId } from '#kernel/id.ts'
import { clientsPerDeveloper } from '#domain/sandbox/developer-client.ts'
import { tokenHash } from '#domain/sandbox/registration.ts'
import { registrationStore } from '#storage/sandbox/registrations.ts'
import { fillIn } from '#test/support/citizen.ts'
import { newVisitor, sandboxOf, signInAs, someDeveloper } from '#test/support/developer.ts'
import { accountOf, enrol, get, post, tell, type Told } from '#test/support/journey.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

const portal = testClient({ name: 'portal' })
const redirectUri = 'http://localhost:1/app/callback'
const wish = { client_name: 'Tự đăng ký', redirect_uris: [redirectUri] }

describe.each(engines)('X04: a program registers itself at the sandbox, on %s,', (engine) => {
  let server: TestServer
  let issuer: string
  beforeAll(async () => {
    server = await startServer({ engine, sandbox: true, clients: () => [portal.metadata] })
    issuer = sandboxOf(server).sandbox.issuer
  }, 60_000)
  afterAll(() => server.close())

  async function tokenFor(owner: AccountId): Promise<string> {
    const issued = await sandboxOf(server).sandbox.initialToken(owner)
    if (issued === undefined) throw new Error('no room')
    return issued.token
  }
  const send = async (method: string, url: string, token: string | undefined, body?: unknown): Promise<Told> => tell(await fetch(url, {
    method, ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...(body !== undefined && { 'content-type': 'application/json' }) },
  }))
  const register = (token: string | undefined, body: unknown) => send('POST', `${issuer}/register`, token, body)
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  async function registered(owner: AccountId, more: object = {}) {
    const { json } = await register(await tokenFor(owner), { ...wish, ...more })
    return { json, id: text(json['client_id']), at: text(json['registration_client_uri']), token: text(json['registration_access_token']) }
  }

  test('with a token that a developer gets at the portal, and with an ordinary library it then signs people in', async () => {
    const who = await enrol(server, await makeRelyingParty(portal.party(server.issuer)))
    const page = await fillIn(who.visitor, await who.visitor.open(`${server.issuer}/nha-phat-trien`), '/ma-dang-ky')
    const token = /<code class="mono">([\w-]{43})<\/code>/.exec(page.text)?.[1] ?? ''
    expect([page.status, token.length, page.text.includes(`${issuer}/register`)]).toEqual([200, 43, true])
    const config = await client.dynamicClientRegistration(new URL(issuer), { ...wish, token_endpoint_auth_method: 'client_secret_post' }, undefined, {
      initialAccessToken: token, execute: [client.allowInsecureRequests],
    })
    const { client_id: id } = config.clientMetadata()
    const [verifier, state] = [client.randomPKCECodeVerifier(), client.randomState()]
    const url = client.buildAuthorizationUrl(config, { redirect_uri: redirectUri, scope: 'openid profile', state, code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' })
    const visitor = newVisitor()
    const { url: answer } = await signInAs(visitor, await visitor.open(url), 0)
    const tokens = await client.authorizationCodeGrant(config, answer, { pkceCodeVerifier: verifier, expectedState: state })
    expect(tokens.claims()).toMatchObject({ iss: issuer, aud: id })
    expect((await sandboxOf(server).sandbox.clients.mine(await accountOf(server, who))).map((one) => one.id)).toEqual([id])
    expect((await who.visitor.open(`${server.issuer}/nha-phat-trien`)).text).toContain(id)
  }, 60_000)

  test('the place is in the sandbox\'s discovery, and at the live server there is none', async () => {
    expect((await get(`${issuer}/.well-known/openid-configuration`)).json['registration_endpoint']).toBe(`${issuer}/register`)
    expect((await get(`${server.issuer}/.well-known/openid-configuration`)).json).not.toHaveProperty('registration_endpoint')
    for (const path of ['/register', '/register/x']) expect([(await post(`${server.issuer}${path}`, {})).status, (await get(`${server.issuer}${path}`)).status]).toEqual([404, 404])
  })

  test('RFC 7591 §3.2.1: the answer says all that was registered, what was not said included, and nothing of what is only ours', async () => {
    const { json, id } = await registered(someDeveloper(), { unheard_of: 1 })
    expect(json).toMatchObject({
      ...wish, client_id: expect.stringMatching(/^thu-/), grant_types: ['authorization_code'], response_types: ['code'], token_endpoint_auth_method: 'client_secret_basic', profile: 'baseline',
      client_secret: expect.stringMatching(/^[\w-]{43}$/), client_secret_expires_at: expect.any(Number), client_id_issued_at: expect.any(Number), registration_client_uri: `${issuer}/register/${id}`,
    })
    expect(Object.keys(json).filter((name) => ['unheard_of', 'sector', 'legal_name', 'eid_profile', 'purposes'].includes(name))).toEqual([])
  })

  test('a token is good once: of racing programs one is registered, and what is wrong with a registration uses none up', async () => {
    const owner = someDeveloper()
    const token = await tokenFor(owner)
    expect((await register(token, { redirect_uris: [] })).status).toBe(400)
    const all = await Promise.all([1, 2, 3, 4].map(() => register(token, wish)))
    expect(all.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 401, 401, 401])
    expect(await sandboxOf(server).sandbox.clients.mine(owner)).toHaveLength(1)
    const late = await register(token, wish)
    expect([late.status, late.json['error'], late.headers.get('www-authenticate')]).toEqual([401, 'invalid_token', 'Bearer error="invalid_token"'])
    const none = await register(undefined, wish)
    expect([none.status, none.headers.get('www-authenticate'), none.headers.get('cache-control')]).toEqual([401, 'Bearer', 'no-store'])
  })

  test('and not for ever', async () => {
    const { database, keyring, clients } = sandboxOf(server).house
    await registrationStore(database, { sealer: keyring.sealer, clients }).issue(someDeveloper(), { hash: tokenHash('over'), expires: new Date(Date.now() - 1) }, { most: 20, at: new Date(0) })
    expect((await register('over', wish)).status).toBe(401)
  })

  test(`it counts among the ${clientsPerDeveloper} of its developer, tokens that wait included`, async () => {
    const owner = someDeveloper()
    await registered(owner)
    for (let count = 1; count < clientsPerDeveloper; count += 1) await tokenFor(owner)
    expect(await sandboxOf(server).sandbox.initialToken(owner)).toBeUndefined()
  })

  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const named = { kid: 'one', alg: 'ES256', use: 'sig' }
  const [own, shown] = [{ ...pair.privateKey.export({ format: 'jwk' }), ...named }, { ...pair.publicKey.export({ format: 'jwk' }), ...named }]

  test.each([
    ['invalid_redirect_uri', { redirect_uris: ['http://app.example/cb'] }, 'must be https'],
    ['invalid_redirect_uri', { redirect_uris: ['javascript:alert(1)'] }, 'redirect URI'],
    ['invalid_redirect_uri', { redirect_uris: undefined }, 'redirect_uris'],
    ['invalid_client_metadata', { client_name: 'a\u202Eb' }, 'client_name'],
    ['invalid_client_metadata', { token_endpoint_auth_method: 'none' }, 'token_endpoint_auth_method'],
    ['invalid_client_metadata', { token_endpoint_auth_method: 'private_key_jwt' }, 'jwks'],
    ['invalid_client_metadata', { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [own] } }, 'jwks.keys.0.d'],
    ['invalid_client_metadata', { client_secret: 'x'.repeat(43) }, 'client_secret'],
    ['invalid_client_metadata', { jwks_uri: 'https://169.254.169.254/' }, 'calls no address'],
    ['invalid_client_metadata', { backchannel_logout_uri: 'https://app.example/logout' }, 'calls no address'],
    ['invalid_client_metadata', { grant_types: ['client_credentials'] }, 'grant_types'],
    ['invalid_client_metadata', { response_types: ['code id_token'] }, 'response_types'],
    ['invalid_client_metadata', { profile: 'fapi2' }, 'token_endpoint_auth_method'],
    ['invalid_client_metadata', { scope: 'openid everything' }, 'scope'],
  ])('RFC 7591 §3.2.2: %s for %j, as the form would refuse it', async (error, more, says) => {
    const { status, json } = await register(await tokenFor(someDeveloper()), { ...wish, ...more })
    expect([status, json['error'], json['error_description']]).toEqual([400, error, expect.stringContaining(says)])
  })

  test.each(['[]', 'null', '{', '"x"', '{"redirect_uris":{"__proto__":1}}'])('what is no registration is refused in words: %s', async (body) => {
    expect((await register(await tokenFor(someDeveloper()), body)).json['error']).toMatch(/^invalid_(client_metadata|redirect_uri)$/)
  })

  test('a key of its own makes a fapi2 client that works like one of the form', async () => {
    const { id } = await registered(someDeveloper(), { profile: 'fapi2', token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [shown] } })
    const at = await makeRelyingParty({ issuer, clientId: id, redirectUri, proof: { method: 'private_key_jwt', jwk: own }, profile: 'fapi2' })
    const { url, checks } = await at.begin({ scope: 'openid profile' })
    const visitor = newVisitor()
    const { url: answer } = await signInAs(visitor, await visitor.open(url), 0)
    expect((await at.finish(answer, checks)).claims['aud']).toBe(id)
  })

  describe('and looks after its registration (RFC 7592)', () => {
    test('reads it, changes it as a whole, and has a new token after each change; the old one is over', async () => {
      const { json, id, at, token } = await registered(someDeveloper())
      const read = await send('GET', at, token)
      expect([read.status, read.json]).toEqual([200, json])
      const { registration_access_token: _token, registration_client_uri: _uri, client_secret_expires_at: _expires, client_id_issued_at: _issued, ...kept } = json
      const changed = await send('PUT', at, token, { ...kept, client_name: 'Tên mới', redirect_uris: [redirectUri, 'https://app.example/cb'] })
      expect([changed.status, changed.json]).toEqual([200, expect.objectContaining({ client_id: id, client_name: 'Tên mới', redirect_uris: [redirectUri, 'https://app.example/cb'], client_secret: json['client_secret'] })])
      const next = text(changed.json['registration_access_token'])
      expect([next === token, (await send('GET', at, token)).status, (await send('GET', at, next)).json['client_name']]).toEqual([false, 401, 'Tên mới'])
    })

    test('of two changes with one token one is heard', async () => {
      const { id, at, token } = await registered(someDeveloper())
      const both = await Promise.all(['Một cái tên', 'Tên khác'].map((name) => send('PUT', at, token, { ...wish, client_id: id, client_name: name })))
      expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401])
    })

    test.each([
      [{ client_id: 'another' }, 'client_id'], [{ client_secret: 'x'.repeat(43) }, 'client_secret'], [{ registration_access_token: 'x' }, 'registration_access_token'], [{ redirect_uris: ['ftp://x'] }, 'redirect URI'],
    ])('refuses %j, and nothing changes', async (more, says) => {
      const { json, id, at, token } = await registered(someDeveloper())
      const told = await send('PUT', at, token, { ...wish, client_id: id, ...more })
      expect([told.status, told.json['error_description']]).toEqual([400, expect.stringContaining(says)])
      expect((await send('GET', at, token)).json).toEqual(json)
    })

    test('ends it; then it is nobody, and its token opens nothing', async () => {
      const owner = someDeveloper()
      const { id, at, token } = await registered(owner)
      const ends = await Promise.all([1, 2].map(() => send('DELETE', at, token)))
      expect(ends.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 401])
      expect([(await send('GET', at, token)).status, await sandboxOf(server).sandbox.clients.mine(owner)]).toEqual([401, []])
      expect((await post(`${issuer}/token`, { grant_type: 'authorization_code', code: 'x', client_id: id, client_secret: 'y' })).json).toMatchObject({ error: 'invalid_client' })
    })

    test('A03: a token opens its own client alone, and one that its developer removed at the portal opens nothing', async () => {
      const owner = someDeveloper()
      const [one, other] = [await registered(owner), await registered(someDeveloper())]
      for (const method of ['GET', 'PUT', 'DELETE']) expect([method, (await send(method, other.at, one.token, method === 'PUT' ? { ...wish, client_id: other.id } : undefined)).status]).toEqual([method, 401])
      const [mine] = await sandboxOf(server).sandbox.clients.mine(owner)
      expect(mine && (await sandboxOf(server).sandbox.clients.remove(owner, mine.id))).toBe(true)
      expect((await send('GET', one.at, one.token)).status).toBe(401)
      expect((await send('PATCH', one.at, one.token)).headers.get('allow')).toBe('GET, PUT, DELETE')
    })
  })
})
