import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { assertionOf, authorization, authorize, enrol, get, post, redemption, signIn, type Enrolled, type Told } from '#test/support/journey.ts'
import { mutantsOf } from '#test/support/mutants.ts'
import { makeRelyingParty, type Party, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { makeVisitor } from '#test/support/visitor.ts'

const signed = testClient({ name: 'portal', metadata: { redirect_uris: ['http://localhost:1/portal/callback', 'https://portal.example/callback?from=eid'] } })
const basic = testClient({ name: 'tax', proof: 'client_secret_basic' })
const posting = testClient({ name: 'health', proof: 'client_secret_post' })
const open = testClient({ name: 'app', proof: 'none' })
const everybody = [signed, basic, posting, open]

let server: TestServer
let portal: RelyingParty
let app: RelyingParty
let someone: Enrolled
let parties: { portal: Party; tax: Party; health: Party; app: Party }

beforeAll(async () => {
  server = await startServer({ clients: () => everybody.map(({ metadata }) => metadata) })
  const at = ({ party }: typeof signed) => party(server.issuer)
  parties = { portal: at(signed), tax: at(basic), health: at(posting), app: at(open) }
  portal = await makeRelyingParty(parties.portal)
  app = await makeRelyingParty(parties.app)
  someone = await enrol(server, portal)
})
afterAll(() => server.close())

/** How a client proves itself in the fields or headers of a request to a program's endpoint. */
async function proofOf({ clientId, proof, issuer, ...rest }: Party): Promise<{ fields: Record<string, string>; headers: Record<string, string> }> {
  if (proof.method === 'none') return { fields: { client_id: clientId }, headers: {} }
  if (proof.method === 'client_secret_post') return { fields: { client_id: clientId, client_secret: proof.secret }, headers: {} }
  if (proof.method === 'client_secret_basic') return { fields: {}, headers: { authorization: `Basic ${btoa(`${clientId}:${proof.secret}`)}` } }
  return { fields: await assertionOf({ clientId, proof, issuer, ...rest }), headers: {} }
}

async function send(party: Party, path: '/par' | '/token', fields: Record<string, string>): Promise<Told> {
  const proof = await proofOf(party)
  return post(`${server.issuer}${path}`, { ...fields, ...proof.fields }, proof.headers)
}

const authorizeUrl = (fields: Readonly<Record<string, string>>) => `${server.issuer}/authorize?${new URLSearchParams({ ...fields }).toString()}`
const cookie = () => ({ cookie: someone.visitor.jar.header(new URL('/authorize', server.issuer)) })
const front = (fields: Readonly<Record<string, string>>) => get(authorizeUrl(fields), cookie())
const sentTo = ({ headers }: Told) => new URL(headers.get('location') ?? 'about:blank')

/** Neither a code nor a token, wherever they might stand. */
function expectNothing(told: Told): void {
  const location = told.headers.get('location') ?? ''
  expect(location).not.toMatch(/[?&#](code|access_token|id_token)=/)
  expect(told.text).not.toMatch(/"(access_token|id_token|request_uri)":/)
}

describe('P02: nothing but the code flow', () => {
  const types = ['token', 'id_token', 'none', 'code token', 'code id_token', 'id_token token', 'code id_token token', 'CODE', 'code;token', ' code', 'password', '']

  test('every other response_type is refused to every kind of client, pushed or not', async () => {
    for (const party of Object.values(parties)) {
      for (const type of types) {
        const fields = { ...authorization(party), response_type: type }
        const [shown, pushed] = await Promise.all([front(fields), send(party, '/par', fields)])
        for (const told of [shown, pushed]) expectNothing(told)
        expect(pushed.status, type).toBe(400)
        expect(['unsupported_response_type', 'invalid_request', 'unauthorized_client'], type).toContain(pushed.json['error'])
      }
    }
  })

  test('every other grant_type is refused to every kind of client', async () => {
    const oauth = 'urn:ietf:params:oauth:grant-type'
    const grants = [
      'implicit', 'password', 'client_credentials', 'refresh_token', `${oauth}:device_code`, `${oauth}:jwt-bearer`, `${oauth}:token-exchange`, `${oauth}:saml2-bearer`,
      `${oauth}:pre-authorized_code`, 'urn:openid:params:grant-type:ciba', 'authorization_code ', 'AUTHORIZATION_CODE', '',
    ]
    const everything = { username: 'a', password: 'b', refresh_token: 'c', device_code: 'd', assertion: 'e', auth_req_id: 'f', scope: 'openid', code: 'g' }
    for (const party of Object.values(parties)) {
      for (const grant of grants) {
        const told = await send(party, '/token', { ...everything, grant_type: grant })
        expect(told.status, grant).toBe(400)
        expect(['unsupported_grant_type', 'invalid_request', 'unauthorized_client'], grant).toContain(told.json['error'])
      }
    }
  })
})

describe('P03: a pushed request', () => {
  test('is for the client that pushed it', async () => {
    const { url } = await portal.begin()
    const told = await front({ client_id: parties.tax.clientId, request_uri: url.searchParams.get('request_uri') ?? '' })
    expectNothing(told)
    expect([told.status, told.headers.get('location')]).toEqual([400, null])
  })

  test('is used once', async () => {
    const { url } = await portal.begin()
    expect(sentTo(await get(url.href, cookie())).searchParams.has('code')).toBe(true)
    const again = await get(url.href, cookie())
    expectNothing(again)
    expect(sentTo(again).searchParams.get('error') ?? again.status).toSatisfy((said) => said === 'invalid_request_uri' || said === 400)
  })

  test('is all that counts: what stands beside it in the browser is ignored', async () => {
    const { url, checks } = await portal.begin()
    const others = { state: 'forged', scope: 'openid email', redirect_uri: 'https://elsewhere.example/', nonce: 'forged', prompt: 'none', max_age: '0', acr_values: 'urn:vn:eid:loa:4' }
    for (const [name, value] of Object.entries(others)) url.searchParams.set(name, value)
    const answer = sentTo(await get(url.href, cookie()))
    expect([answer.origin, answer.pathname, answer.searchParams.get('state')]).toEqual(['http://localhost:1', '/portal/callback', checks.state])
    const { tokens } = await portal.finish(answer, checks)
    expect(tokens.scope).toBe('openid')
  })

  test('that nobody pushed, or with a reference of another kind, is refused without a redirect', async () => {
    const known = 'urn:ietf:params:oauth:request_uri:'
    for (const reference of [`${known}${'x'.repeat(43)}`, known, 'https://elsewhere.example/request.jwt', 'x', `${known}../../x`]) {
      const told = await front({ client_id: parties.portal.clientId, request_uri: reference, redirect_uri: parties.portal.redirectUri, response_type: 'code' })
      expectNothing(told)
      expect(told.status === 400 || sentTo(told).searchParams.has('error'), reference).toBe(true)
    }
  })

  test('is taken from nobody without proof of who pushes', async () => {
    const unproven = { portal: parties.portal, tax: parties.tax, health: parties.health }
    for (const party of Object.values(unproven)) expect((await post(`${server.issuer}/par`, authorization(party))).json['error']).toBe('invalid_client')
    expect((await send(parties.portal, '/par', { ...authorization(parties.portal), request_uri: 'urn:ietf:params:oauth:request_uri:x' })).status).toBe(400)
  })
})

describe('P04: PKCE', () => {
  const challenges: Record<string, Record<string, string>> = {
    missing: { code_challenge: '', code_challenge_method: '' },
    'without a challenge': { code_challenge: '' },
    'plain by default': { code_challenge_method: '' },
    plain: { code_challenge_method: 'plain' },
    'of a method nobody knows': { code_challenge_method: 'S512' },
    'of 42 characters': { code_challenge: 'a'.repeat(42) },
    'of 129 characters': { code_challenge: 'a'.repeat(129) },
    'of other characters': { code_challenge: `${'a'.repeat(42)}=` },
  }

  test.each(Object.entries(challenges))('%s is refused to every client, pushed or not', async (_name, change) => {
    for (const party of Object.values(parties)) {
      const fields = Object.fromEntries(Object.entries({ ...authorization(party), ...change }).filter(([, value]) => value !== ''))
      const empty = { ...authorization(party), ...change }
      for (const told of [await send(party, '/par', fields), await send(party, '/par', empty)]) expect([told.status, told.json['error']]).toEqual([400, 'invalid_request'])
      for (const told of [await front(fields), await front(empty)]) {
        expectNothing(told)
        expect(sentTo(told).searchParams.get('error')).toBe('invalid_request')
      }
    }
  })

  test('no code without the verifier that belongs to its challenge', async () => {
    const wrongs = [undefined, '', 'x', 'a'.repeat(42), 'a'.repeat(43), 'a'.repeat(128), 'a'.repeat(129), 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM']
    for (const wrong of wrongs) {
      const { answer, checks } = await authorize(portal, someone)
      const { code_verifier: _right, ...fields } = redemption(parties.portal, answer, checks)
      const told = await send(parties.portal, '/token', wrong === undefined ? fields : { ...fields, code_verifier: wrong })
      expect(told.status, String(wrong)).toBe(400)
      expect(['invalid_grant', 'invalid_request']).toContain(told.json['error'])
      expectNothing(told)
    }
    const [one, other] = [await authorize(portal, someone), await authorize(portal, someone)]
    expect((await send(parties.portal, '/token', redemption(parties.portal, one.answer, other.checks))).json['error']).toBe('invalid_grant')
  })
})

describe('P05: redirect URIs', () => {
  test('of 2,000 that are nearly right none is redirected to and none is taken', async () => {
    const registered = ['http://localhost:1/portal/callback', 'https://portal.example/callback?from=eid']
    const mutants = mutantsOf(registered, 1500)
    const shownTo = mutantsOf(['http://localhost:1/app/callback'], 500)
    expect(mutants.length + shownTo.length).toBe(2000)
    const followed: string[] = []
    await eachOf(mutants, async (uri) => {
      const told = await get(authorizeUrl({ ...authorization(parties.portal), redirect_uri: uri }))
      if (told.status !== 400 || told.headers.has('location') || told.text.includes('<form method="post" action="http')) followed.push(uri)
    })
    await eachOf(shownTo, async (uri) => {
      const told = await send(parties.app, '/par', { ...authorization(parties.app), redirect_uri: uri })
      if (told.status !== 400 || told.headers.has('location')) followed.push(uri)
    })
    expect(followed).toEqual([])
  })

  test('missing or empty is refused as well, also where one alone is registered', async () => {
    const { redirect_uri: _none, ...without } = authorization(parties.tax)
    for (const fields of [without, { ...without, redirect_uri: '' }]) {
      expect([(await front(fields)).status, (await send(parties.tax, '/par', fields)).status]).toEqual([400, 400])
    }
  })
})

async function eachOf<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  const queue = [...items]
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) await act(item)
  }))
}

describe('P06: a code', () => {
  test('tried a second time is refused, kills the first one’s token, and is recorded', async () => {
    const { answer, checks } = await authorize(portal, someone)
    const first = await send(parties.portal, '/token', redemption(parties.portal, answer, checks))
    const bearer = { authorization: `Bearer ${String(first.json['access_token'])}` }
    expect([first.status, (await get(`${server.issuer}/userinfo`, bearer)).status]).toEqual([200, 200])
    const second = await send(parties.portal, '/token', redemption(parties.portal, answer, checks))
    expect([second.status, second.json['error']]).toEqual([400, 'invalid_grant'])
    expect((await get(`${server.issuer}/userinfo`, bearer)).status).toBe(401)
  })

  test('belongs to its client and its redirect URI, and a wrong try leaves it to its owner', async () => {
    const { answer, checks } = await authorize(portal, someone)
    const right = redemption(parties.portal, answer, checks)
    const asOther = { ...right, client_id: parties.health.clientId, redirect_uri: parties.health.redirectUri }
    expect((await send(parties.health, '/token', asOther)).json['error']).toBe('invalid_grant')
    for (const redirect of ['https://portal.example/callback?from=eid', 'http://localhost:1/portal/callback/', '']) {
      expect((await send(parties.portal, '/token', { ...right, redirect_uri: redirect })).status).toBe(400)
    }
    const { redirect_uri: _none, ...without } = right
    expect((await send(parties.portal, '/token', without)).status).toBe(400)
    const changed = { ...right, code: `${right['code']?.slice(0, -1)}${right['code']?.endsWith('a') ? 'b' : 'a'}` }
    expect((await send(parties.portal, '/token', changed)).json['error']).toBe('invalid_grant')
    expect((await send(parties.portal, '/token', right)).status).toBe(200)
  })
})

describe('P06, P03: time', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() }))
  afterEach(() => void vi.useRealTimers())
  const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000)

  test('a code lives 30 seconds', async () => {
    const [soon, late] = [await authorize(portal, someone), await authorize(portal, someone)]
    later(28)
    expect((await send(parties.portal, '/token', redemption(parties.portal, soon.answer, soon.checks))).status).toBe(200)
    later(3)
    expect((await send(parties.portal, '/token', redemption(parties.portal, late.answer, late.checks))).json['error']).toBe('invalid_grant')
  })

  test('a used code ends what it gave also when its client tries it long after, and not when another does', async () => {
    const { answer, checks } = await authorize(portal, someone)
    const right = redemption(parties.portal, answer, checks)
    const { json } = await send(parties.portal, '/token', right)
    const about = async () => (await get(`${server.issuer}/userinfo`, { authorization: `Bearer ${String(json['access_token'])}` })).status
    later(120)
    expect((await send(parties.health, '/token', { ...right, client_id: parties.health.clientId })).json['error']).toBe('invalid_grant')
    expect(await about()).toBe(200)
    expect((await send(parties.portal, '/token', right)).json['error']).toBe('invalid_grant')
    expect(await about()).toBe(401)
  })

  test('a pushed request lives a minute, an access token ten', async () => {
    const { tokens } = await signIn(portal, someone)
    const bearer = { authorization: `Bearer ${tokens.access_token}` }
    const { url } = await portal.begin()
    later(61)
    expectNothing(await get(url.href, cookie()))
    expect((await get(`${server.issuer}/userinfo`, bearer)).status).toBe(200)
    later(540)
    expect((await get(`${server.issuer}/userinfo`, bearer)).status).toBe(401)
  })
})

describe('P07: iss', () => {
  test('stands in every answer at the service, of success and of each error', async () => {
    const party = parties.portal
    const wishes: Record<string, Record<string, string>> = {
      success: {},
      'wrong response type': { response_type: 'token' },
      'no challenge': { code_challenge: '' },
      'login required': { prompt: 'none', max_age: '0' },
      'unknown prompt': { prompt: 'sing' },
      'contradicting prompts': { prompt: 'none login' },
      'unreachable level': { acr_values: 'urn:vn:eid:loa:4' },
      'claims that are none': { claims: '{' },
      'a registration': { registration: '{}' },
      'a request object': { request: 'e30.e30.' },
      'a response mode nobody has': { response_mode: 'web_message' },
      'an age that is none': { max_age: '-1' },
      'no openid': { scope: 'profile' },
    }
    for (const [name, wish] of Object.entries(wishes)) {
      const answer = sentTo(await front({ ...authorization(party), ...wish }))
      const { searchParams } = answer.search === '' ? new URL(`${answer.href.replace('#', '?')}`) : answer
      expect([name, searchParams.get('iss'), searchParams.get('state')]).toEqual([name, server.issuer, 'a-state'])
      expect(searchParams.has('code'), name).toBe(name === 'success')
    }
  })

  test('stands in what a person sends back who cancels', async () => {
    const visitor = makeVisitor({ leaveAt })
    const page = await visitor.open(authorizeUrl(authorization(parties.portal)))
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
    const { url } = await visitor.submit(`${page.url.href}/cancel`, { csrf })
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ error: 'access_denied', state: 'a-state', iss: server.issuer })
  })
})

describe('discovery', () => {
  test('P18: each value that is advertised is one that works, and what is not advertised is not there', async () => {
    const { json } = await get(`${server.issuer}/.well-known/openid-configuration`)
    expect(json).toMatchObject({
      issuer: server.issuer,
      response_types_supported: ['code'],
      grant_types_supported: expect.arrayContaining(['authorization_code', 'refresh_token', 'client_credentials']),
      subject_types_supported: ['pairwise'],
      code_challenge_methods_supported: ['S256'],
      acr_values_supported: expect.arrayContaining(['urn:vn:eid:loa:2', 'phr']),
      authorization_response_iss_parameter_supported: true,
      claims_parameter_supported: true,
      request_uri_parameter_supported: false,
    })
    const endpoints = Object.entries(json).filter(([name]) => name.endsWith('_endpoint') || name === 'jwks_uri')
    expect(endpoints.length).toBeGreaterThan(7)
    for (const [, url] of endpoints) expect(String(url).startsWith(`${server.issuer}/`)).toBe(true)
  })

  test('P18: endpoints that are not advertised are not there', async () => {
    const paths = [
      '/introspection', '/token/introspection', '/revocation', '/token/revocation', '/reg', '/register', '/device', '/device/auth', '/backchannel', '/challenge', '/auth', '/me', '/request',
      '/session/end', '/authorize/', '/token/', '/.well-known/openid-credential-issuer', '/.well-known/webfinger', '/interaction', '/admin', '/metrics', '/.env', '/.git/config',
    ]
    for (const path of paths) {
      for (const told of [await get(`${server.issuer}${path}`), await post(`${server.issuer}${path}`, { client_id: 'portal' })]) expect([path, told.status]).toEqual([path, 404])
    }
  })

  test('signs in clients that hold a key, that hold a secret in either way, and that hold nothing', async () => {
    for (const party of Object.values(parties)) {
      const { claims } = await signIn(await makeRelyingParty(party), someone)
      expect(claims).toMatchObject({ iss: server.issuer, aud: party.clientId })
    }
    expect((await signIn(app, someone)).tokens.access_token).toEqual(expect.any(String))
  })
})

