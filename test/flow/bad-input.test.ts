import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { Problem } from '#kernel/problem.ts'
import { makeLog } from '#observe/log.ts'
import { fillIn, tap } from '#test/support/citizen.ts'
import { arrive, assertionOf, authorization, authorize, enrol, get, post, redemption, signIn, type Enrolled } from '#test/support/journey.ts'
import { request, sendRaw } from '#test/support/raw.ts'
import { makeRelyingParty, type Party, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { formAt, makeVisitor, titleOf, type Stop, type Visitor } from '#test/support/visitor.ts'

const client = testClient({ name: 'portal' })
const written: string[] = []

let server: TestServer
let party: Party
let portal: RelyingParty
let someone: Enrolled

beforeAll(async () => {
  server = await startServer({ clients: () => [client.metadata], log: makeLog({ level: 'debug', to: { write: (line) => void written.push(line) } }) })
  party = client.party(server.issuer)
  portal = await makeRelyingParty(party)
  someone = await enrol(server, portal)
})
afterAll(() => server.close())

const posts = ['/authorize', '/end-session', '/token', '/par', '/userinfo', '/end-session/confirm', '/language', `/interaction/${'x'.repeat(21)}/passkey`, `/interaction/${'x'.repeat(21)}/register`]
const gets = ['/', '/authorize', '/userinfo', '/end-session', '/jwks', '/.well-known/openid-configuration', '/tro-giup', `/interaction/${'x'.repeat(21)}`, '/nothing-here', '/livez', '/favicon.svg']

const published = ['/jwks', '/.well-known/openid-configuration']

async function signInPage(): Promise<{ visitor: Visitor; page: Stop }> {
  const visitor = makeVisitor({ leaveAt })
  return { visitor, page: await visitor.open((await portal.begin()).url) }
}

describe('S07: pages lead and name nobody that a request made up', () => {
  test.each(['//evil.example', '/.//evil.example', '/%2e//evil.example', '/a/..//evil.example', 'https://evil.example/', '/\\\\evil.example'])(
    'the language switch does not lead to %s',
    async (to) => {
      const visitor = makeVisitor({ leaveAt })
      const { fields } = formAt((await visitor.open(server.issuer)).text, '/language')
      const headers = { origin: server.issuer, 'sec-fetch-site': 'same-origin' }
      const told = await post(`${server.issuer}/language`, { ...fields, language: 'en', return: to }, headers)
      expect(new URL(told.headers.get('location') ?? 'none:', server.issuer).origin).toBe(server.issuer)
    },
  )

  test('an error page names no host that is not registered', async () => {
    const query = new URLSearchParams({ ...authorization(party), redirect_uri: 'https://goi-ngay-0900123456.evil.example/' })
    const { status, text } = await get(`${server.issuer}/authorize?${query.toString()}`, { accept: 'text/html' })
    expect([status, text.replaceAll(/<[^>]+>/g, '').includes('evil.example')]).toEqual([400, false])
  })

  test.each([
    ['does not answer', () => new Promise<never>(() => undefined)],
    ['is away', () => Promise.reject(new Problem('service.unavailable'))],
  ])('L01: where the log of record %s an answer is withheld: it holds no code and no cookie, and people are told in a page', async (_how, began) => {
    const url = new URL((await portal.begin()).url)
    const cookie = someone.visitor.jar.header(url)
    // The service session and the events of an authorization are one commit.
    const append = vi.spyOn(server.house.serviceSessions, 'begin').mockImplementation(began)
    try {
      const told = await get(url.href, { cookie, accept: 'text/html' })
      expect([told.status, told.headers.get('location'), told.headers.getSetCookie()]).toEqual([503, null, []])
      // A person reads a page and no JSON.
      expect([told.headers.get('content-type'), titleOf(told.text)]).toEqual([expect.stringContaining('text/html'), expect.stringContaining('Định danh')])
    } finally {
      append.mockRestore()
    }
  })
})

describe('P17: too much', () => {
  test.each(posts)('a body of 64 kB and a byte to %s, whether its length is told or not', async (path) => {
    const body = `a=${'b'.repeat(65_535)}`
    const told = await request(server.issuer, { method: 'POST', path, body })
    expect(told.status).toBe(413)
    const chunked = `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
    expect((await sendRaw(server.issuer, chunked)).status).toBe(413)
  })

  test.each(gets)('an address of 8 kB and a byte: %s', async (path) => {
    const start = `${path}?x=`
    expect((await request(server.issuer, { path: start + 'a'.repeat(8193 - start.length) })).status).toBe(414)
    expect((await request(server.issuer, { path: start + 'a'.repeat(8192 - start.length) })).status).not.toBe(414)
  })

  test('headers of more than 16 kB', async () => {
    expect((await request(server.issuer, { path: '/', headers: { Cookie: `a=${'b'.repeat(16_400)}` } })).status).toBe(431)
  })
})

describe('P17: not text', () => {
  const bad = { 'a byte that no UTF-8 has': '%ff', 'half a letter': '%c3', 'an overlong slash': '%c0%af', 'a surrogate': '%ed%a0%80', 'a NUL': '%00' }
  test.each(Object.entries(bad))('%s is refused in every address and every body', async (_name, bytes) => {
    for (const path of gets) expect([path, (await request(server.issuer, { path: `${path}?state=${bytes}` })).status]).toEqual([path, 400])
    for (const path of posts) expect([path, (await request(server.issuer, { method: 'POST', path, body: `a=${bytes}` })).status]).toEqual([path, 400])
    const raw = Buffer.from(bytes.replaceAll('%', ''), 'hex')
    if (raw[0] === 0) return
    for (const path of posts) expect([path, (await request(server.issuer, { method: 'POST', path, body: Buffer.concat([Buffer.from('a='), raw]) })).status]).toEqual([path, 400])
  })
})

describe('P17: said twice', () => {
  test('every parameter of an authorization, pushed or not', async () => {
    const fields = { ...authorization(party), prompt: 'login', max_age: '1', acr_values: 'phr', ui_locales: 'vi', claims: '{}', login_hint: 'x', display: 'page', id_token_hint: 'x', response_mode: 'query' }
    const text = new URLSearchParams(fields).toString()
    for (const [name, value] of Object.entries(fields)) {
      const twice = `${text}&${new URLSearchParams({ [name]: value }).toString()}`
      const shown = await get(`${server.issuer}/authorize?${twice}`)
      expect(shown.status === 400 || (shown.headers.get('location') ?? '').includes('error=invalid_request'), name).toBe(true)
      const pushed = await post(`${server.issuer}/par`, `${twice}&${new URLSearchParams(await assertionOf(party)).toString()}`)
      expect([name, pushed.status, pushed.json['error']]).toEqual([name, 400, 'invalid_request'])
    }
  })

  test('every parameter of a token request, and the code stays good', async () => {
    const { answer, checks } = await authorize(portal, someone)
    const fields = async () => ({ ...redemption(party, answer, checks), ...(await assertionOf(party)) })
    for (const name of Object.keys(await fields())) {
      const sent = await fields()
      const told = await post(`${server.issuer}/token`, `${new URLSearchParams(sent).toString()}&${name}=x`)
      expect([name, told.status, told.json['error']]).toEqual([name, 400, 'invalid_request'])
    }
    expect((await post(`${server.issuer}/token`, await fields())).status).toBe(200)
  })

  test('every field of a form of ours, and fields that it does not have', async () => {
    const { visitor, page } = await signInPage()
    for (const [ending, typed] of [['/passkey', { assertion: '' }], ['/narrow', { number: '001099000001' }], ['/cancel', {}]] as const) {
      const { action, fields } = formAt(page.text, ending)
      const body = new URLSearchParams({ ...fields, ...typed })
      const headers = { cookie: visitor.jar.header(new URL(action, server.issuer)), 'sec-fetch-site': 'same-origin' }
      for (const name of new Set(body.keys())) {
        const told = await post(`${server.issuer}${action}`, `${body.toString()}&${name}=again`, headers)
        expect([ending, name, [400, 403].includes(told.status)]).toEqual([ending, name, true])
      }
      for (const more of ['account=x', '__proto__=x', 'constructor=x', 'uid=other', 'csrf%5B%5D=x', 'admin=true']) {
        expect([ending, more, (await post(`${server.issuer}${action}`, `${body.toString()}&${more}`, headers)).status]).toEqual([ending, more, 400])
      }
    }
    expect((await arrive(visitor, page, someone.citizen)).url.searchParams.has('code')).toBe(true)
  })
})

describe('the wrong kind', () => {
  test('of content is refused by programs and by forms', async () => {
    const { visitor, page } = await signInPage()
    const { action, fields } = formAt(page.text, '/cancel')
    const cookie = visitor.jar.header(new URL(action, server.issuer))
    for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x', 'application/xml', 'application/x-www-form-urlencoded-not', '']) {
      const headers = { 'content-type': type, cookie, 'sec-fetch-site': 'same-origin' }
      expect([type, (await post(`${server.issuer}${action}`, new URLSearchParams(fields).toString(), headers)).status]).toEqual([type, 400])
      for (const path of ['/token', '/par']) {
        const told = await post(`${server.issuer}${path}`, new URLSearchParams({ ...authorization(party), ...(await assertionOf(party)) }).toString(), { 'content-type': type })
        expect([type, path, told.status]).toEqual([type, path, 400])
      }
    }
  })

  test('of method is refused, and what is allowed is said', async () => {
    const allowed: Record<string, string> = {
      '/authorize': 'GET, POST', '/token': 'POST, OPTIONS', '/par': 'POST, OPTIONS', '/userinfo': 'GET, POST, OPTIONS', '/jwks': 'GET, HEAD, OPTIONS', '/end-session': 'GET, POST', '/end-session/success': 'GET', '/end-session/confirm': 'POST',
      '/.well-known/openid-configuration': 'GET, HEAD, OPTIONS',
    }
    for (const [path, methods] of Object.entries(allowed)) {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'HEAD', 'PROPFIND'].filter((one) => !methods.includes(one))) {
        const told = await request(server.issuer, { method, path })
        expect([method, path, told.status, /^allow: (.*)$/im.exec(told.head)?.[1]]).toEqual([method, path, 405, methods])
      }
    }
  })
})

describe('S07: forged addresses', () => {
  const evil = 'evil.example'
  const forged: readonly Record<string, string>[] = [
    { Host: evil }, { Host: `${evil}:80` }, { Host: 'localhost' }, { Host: '' }, { Host: '127.0.0.1' }, { Host: 'a'.repeat(300) }, { Host: 'evil.example/x?' }, { Host: '[::1]' },
    { 'X-Forwarded-Host': evil }, { 'X-Forwarded-Host': `${evil}, other.example` }, { 'X-Forwarded-Proto': 'https' }, { 'X-Forwarded-Proto': 'javascript' }, { 'X-Forwarded-Port': '444' },
    { 'X-Forwarded-For': '203.0.113.7' }, { 'X-Forwarded-For': `${'1.1.1.1,'.repeat(500)}2.2.2.2` }, { 'X-Forwarded-Prefix': '/evil' }, { 'X-Forwarded-Path': '/evil' }, { 'X-Forwarded-Server': evil },
    { 'X-Forwarded-Scheme': 'https' }, { 'X-Forwarded-Ssl': 'on' }, { Forwarded: `host=${evil};proto=https;for=203.0.113.7` }, { Forwarded: 'for="_x"' }, { 'X-Real-IP': '203.0.113.7' },
    { 'X-Original-URL': '/jwks' }, { 'X-Rewrite-URL': '/jwks' }, { 'X-Host': evil }, { 'X-HTTP-Host-Override': evil }, { 'X-HTTP-Method-Override': 'DELETE' }, { Referer: `https://${evil}/` }, { Via: `1.1 ${evil}` },
    { 'Client-IP': '203.0.113.7' }, { 'True-Client-IP': '203.0.113.7' }, { 'X-Forwarded-Host': evil, 'X-Forwarded-Proto': 'https', Forwarded: `host=${evil}` },
  ]
  /** What differs between any two answers to the same request. */
  const neutral = (text: string) => text
    .replaceAll(/[A-Z2-9]{4}-[A-Z2-9]{4}/g, 'REFERENCE').replaceAll(/name="xsrf" value="[^"]+"/g, 'XSRF').replaceAll(/[A-Za-z0-9_-]{43}/g, 'SECRET').replaceAll(/[A-Za-z0-9_-]{27}/g, 'SIGNATURE').replaceAll(/^date:.*$|^set-cookie:.*expires=.*$/gim, 'TIME')

  test('thirty of them change no byte of any answer', async () => {
    const query = `/authorize?${new URLSearchParams(authorization(party)).toString()}`
    const broken = `/authorize?${new URLSearchParams({ ...authorization(party), scope: 'x y' }).toString()}`
    const paths = [...gets, query, broken, '/authorize?client_id=nobody', '/end-session?post_logout_redirect_uri=https://evil.example/', '/readyz']
    expect(forged.length).toBeGreaterThanOrEqual(30)
    for (const path of paths) {
      const plain = await request(server.issuer, { path })
      for (const headers of forged) {
        const told = await request(server.issuer, { path, headers })
        expect([path, headers, neutral(told.head + told.body)]).toEqual([path, headers, neutral(plain.head + plain.body)])
      }
    }
  })

  test('nor of any answer to a form or a program', async () => {
    const requests = [
      { path: '/token', body: 'grant_type=authorization_code' }, { path: '/par', body: 'client_id=portal' }, { path: '/language', body: 'language=vi' },
      { path: '/end-session/confirm', body: 'xsrf=x' }, { path: '/userinfo', body: 'access_token=x' },
    ]
    for (const one of requests) {
      const plain = await request(server.issuer, { method: 'POST', ...one })
      for (const headers of forged) {
        const told = await request(server.issuer, { method: 'POST', ...one, headers })
        expect([one.path, headers, neutral(told.head + told.body)]).toEqual([one.path, headers, neutral(plain.head + plain.body)])
      }
    }
  })
})

describe('S06: forged forms', () => {
  const origins: Record<string, Record<string, string>> = {
    'says nothing': {}, 'another site': { 'sec-fetch-site': 'cross-site' }, 'a sub-domain': { 'sec-fetch-site': 'same-site' }, 'typed in': { 'sec-fetch-site': 'none' },
    'another origin': { origin: 'https://elsewhere.example' }, 'an origin that hides': { origin: 'null' }, 'our origin, but the browser knows better': { origin: 'SELF', 'sec-fetch-site': 'cross-site' },
  }
  test.each(Object.entries(origins))('a form of whom the browser %s changes nothing', async (_name, said) => {
    const { visitor, page } = await signInPage()
    const { action, fields } = formAt(page.text, '/cancel')
    const headers = { ...said, ...(said['origin'] === 'SELF' && { origin: server.issuer }), cookie: visitor.jar.header(new URL(action, server.issuer)) }
    const told = await post(`${server.issuer}${action}`, fields, headers)
    expect([told.status, titleOf(told.text)]).toEqual([403, expect.stringContaining('Trang này đã cũ')])
    expect((await arrive(visitor, page, someone.citizen)).url.searchParams.has('code')).toBe(true)
  })

  test('without its token, with another’s or with that of another sign-in it changes nothing', async () => {
    const [own, other] = [await signInPage(), await signInPage()]
    const { action } = formAt(own.page.text, '/cancel')
    const tokens = ['', 'x', 'A'.repeat(43), formAt(other.page.text, '/cancel').fields['csrf'] ?? '']
    for (const csrf of tokens) expect([csrf, (await own.visitor.submit(new URL(action, server.issuer), { csrf }, own.page.url)).status]).toEqual([csrf, 403])
    expect((await own.visitor.submit(new URL(action, server.issuer), {}, own.page.url)).status).toBe(403)
    expect((await arrive(own.visitor, own.page, someone.citizen)).url.searchParams.has('code')).toBe(true)
  })

  test('the language comes back to where it was chosen, and only to a page of ours', async () => {
    const { visitor, page } = await signInPage()
    const { fields } = formAt(page.text, '/language')
    expect((await visitor.submit(`${server.issuer}/language`, { ...fields, language: 'en' }, page.url)).text).toContain('<html lang="en"')
    for (const back of ['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)', '\\\\evil.example', '/%0d%0aSet-Cookie:x=y', `http://evil.example@localhost/`]) {
      const home = await visitor.open(`${server.issuer}/tro-giup`)
      const form = formAt(home.text, '/language').fields
      const told = await post(`${server.issuer}/language`, { ...form, language: 'vi', return: back }, { origin: server.issuer })
      expect([back, told.headers.get('location') ?? '/']).toEqual([back, expect.stringMatching(/^\/(?![/\\])/)])
    }
  })
})

describe('slowness', () => {
  test('a body that drips in is given up within the deadline, and nothing waits for it', async () => {
    const head = (path: string) => `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\na=`
    const dripping = ['/token', `/interaction/${'x'.repeat(21)}/cancel`].map((path) => sendRaw(server.issuer, head(path), { later: Array.from({ length: 60 }, () => 'b') }))
    expect((await get(`${server.issuer}/livez`)).status).toBe(200)
    for (const told of await Promise.all(dripping)) {
      expect([408, 503]).toContain(told.status)
      expect(told.milliseconds).toBeLessThan(20_000)
    }
  })
})

describe('a bug of ours', () => {
  afterEach(() => void vi.restoreAllMocks())
  const secret = 'what-nobody-may-read'
  const bug = () => Promise.reject(new TypeError(secret))

  function expectNothingTold(text: string): void {
    for (const word of [secret, 'TypeError', 'node_modules', 'src/', '.ts:', 'at ']) expect(text.replaceAll(/<style>[^]*<\/style>/g, '').replaceAll(/[a-z]at |Nhat |at the|that /g, '')).not.toContain(word === 'at ' ? '    at ' : word)
  }
  const logged = (reference: string) => written.filter((line) => line.includes(reference))

  test('answers a person 500, with a reference that the log knows, and no word of what it was', async () => {
    const { visitor, page } = await signInPage()
    vi.spyOn(server.house.accounts, 'find').mockImplementation(bug)
    const told = await tap(visitor, page, someone.citizen.authenticator)
    expect([told.status, titleOf(told.text)]).toEqual([500, expect.stringContaining('Lỗi của chúng tôi')])
    expectNothingTold(told.text)
    const reference = /[A-Z2-9]{4}-[A-Z2-9]{4}/.exec(told.text)?.[0] ?? 'none'
    expect(logged(reference)).toHaveLength(1)
    expect(logged(reference)[0]).toContain('"level":"error"')
    expect(written.join('')).not.toContain(secret)
  })

  test('answers a program 500 server_error, likewise, at each endpoint', async () => {
    const { tokens } = await signIn(portal, someone)
    const { answer, checks } = await authorize(portal, someone)
    const redeem = { ...redemption(party, answer, checks), ...(await assertionOf(party)) }
    vi.spyOn(server.house.accounts, 'find').mockImplementation(bug)
    vi.spyOn(server.house.audit, 'append').mockImplementation(bug)
    const answers = [await get(`${server.issuer}/userinfo`, { authorization: `Bearer ${tokens.access_token}` }), await post(`${server.issuer}/token`, redeem)]
    for (const told of answers) {
      expect([told.status, told.json['error']]).toEqual([500, 'server_error'])
      expect(told.json).not.toHaveProperty('access_token')
      expectNothingTold(told.text)
      expect(logged(String(told.json['reference'])).length).toBeGreaterThan(0)
    }
  })

  test('audit that cannot be written lets no code leave', async () => {
    const { visitor, page } = await signInPage()
    vi.spyOn(server.house.audit, 'append').mockImplementation(bug)
    const told = await tap(visitor, page, someone.citizen.authenticator)
    expect([told.status, told.url.searchParams.has('code')]).toEqual([500, false])
    vi.spyOn(server.house.serviceSessions, 'begin').mockImplementation(bug)
    const { url } = await portal.begin()
    const silent = await get(url.href, { cookie: someone.visitor.jar.header(url) })
    expect([silent.status, silent.headers.get('location')]).toEqual([500, null])
    expectNothingTold(silent.text)
  })
})

describe('S03, S04, S05: every answer', () => {
  test('carries the headers, and every cookie its marks', async () => {
    const { visitor, page } = await signInPage()
    const { url } = await portal.begin()
    const answers = [
      ...(await Promise.all(gets.filter((path) => !published.includes(path)).map((path) => get(`${server.issuer}${path}`)))), ...(await Promise.all(posts.map((path) => post(`${server.issuer}${path}`, { a: 'b' })))),
      await get(url.href), await get(`${server.issuer}/nothing?%ff`), await get(`${server.issuer}/${'a'.repeat(9000)}`), page, await fillIn(visitor, page, '/narrow', { number: 'x' }),
      await get(`${server.issuer}/readyz`), await get(`${server.issuer}/styleguide`), await get(`${server.issuer}/authorize?${new URLSearchParams({ ...authorization(party), response_mode: 'form_post' }).toString()}`),
    ]
    for (const { headers } of answers) {
      const policy = headers.get('content-security-policy') ?? ''
      for (const part of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "require-trusted-types-for 'script'"]) expect(policy).toContain(part)
      expect(policy).not.toMatch(/unsafe|\*|https?:(?!\/\/localhost)|data:/)
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin', 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin',
        'permissions-policy': expect.stringContaining('publickey-credentials-get=(self)'), 'cache-control': expect.stringMatching(/no-store|max-age/), 'strict-transport-security': expect.stringContaining('max-age'),
      })
      expect(headers.get('x-powered-by') ?? headers.get('server')).toBeNull()
      for (const cookie of headers.getSetCookie()) {
        expect(cookie).toMatch(/; ?httponly/i)
        expect(cookie).toMatch(/; ?samesite=lax/i)
        expect(cookie).not.toMatch(/; ?domain=/i)
      }
    }
    expect(answers.flatMap(({ headers }) => headers.getSetCookie()).length).toBeGreaterThan(3)
  })

  test('also what is published for everybody to keep', async () => {
    for (const path of published) {
      expect(Object.fromEntries((await get(`${server.issuer}${path}`)).headers)).toMatchObject({
        'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; frame-ancestors 'none'", 'strict-transport-security': expect.stringContaining('max-age'),
      })
    }
  })

  test('the probes tell of life and of readiness', async () => {
    expect([(await get(`${server.issuer}/livez`)).text, (await get(`${server.issuer}/readyz`)).text]).toEqual(['ok', 'ok'])
  })
})
