import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeLog } from '#observe/log.ts'
import { authorization, enrol, get, isSignIn, post, signIn, type Enrolled, type Told } from '#test/support/journey.ts'
import { makeRelyingParty, type Party, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { makeVisitor, titleOf } from '#test/support/visitor.ts'

const client = testClient({ name: 'portal' })
const lines: string[] = []
const log = makeLog({ level: 'debug', to: { write: (line) => void lines.push(line) } })

let server: TestServer
let party: Party
let portal: RelyingParty
let someone: Enrolled

beforeAll(async () => {
  server = await startServer({ clients: () => [client.metadata], log })
  party = client.party(server.issuer)
  portal = await makeRelyingParty(party)
  someone = await enrol(server, portal)
})
afterAll(() => server.close())

const places = ['/authorize', '/end-session'] as const
const whereTo = ({ headers }: Told) => headers.get('location') ?? ''

/** As a page of another site posts: without our cookies, and saying so. */
const fromElsewhere = (path: string, body: Record<string, string> | string, headers: Record<string, string> = {}) =>
  post(`${server.issuer}${path}`, body, { origin: 'https://service.example', 'sec-fetch-site': 'cross-site', ...headers })

describe('a request that a service posts (OIDC Core §3.1.2.1)', () => {
  test('is asked again by GET, with every parameter as it was, and signs in like one that came by GET', async () => {
    const { url, checks } = await portal.begin({ claims: '{"userinfo":{"name":null}}', ui_locales: 'en vi', prompt: 'consent' }, { pushed: false })
    const told = await fromElsewhere('/authorize', Object.fromEntries(url.searchParams))
    expect([told.status, told.text]).toEqual([303, ''])
    expect(told.headers.get('cache-control')).toBe('no-store')
    expect(told.headers.getSetCookie()).toEqual([])
    const again = new URL(whereTo(told), server.issuer)
    expect([again.origin, again.pathname]).toEqual([server.issuer, '/authorize'])
    expect([...again.searchParams]).toEqual([...url.searchParams])
    const consent = await someone.visitor.open(again)
    expect(titleOf(consent.text)).toContain('Dịch vụ portal wants to receive your information')
    expect(checks.state).toBe(again.searchParams.get('state'))
  })

  test('is answered at once where nothing is left to ask, so the session was there', async () => {
    const { url, checks } = await portal.begin({ prompt: 'none' }, { pushed: false })
    const told = await fromElsewhere('/authorize', Object.fromEntries(url.searchParams))
    const { url: answer } = await someone.visitor.open(new URL(whereTo(told), server.issuer))
    expect((await portal.finish(answer, checks)).claims.sub).toEqual(expect.any(String))
  })

  test('may have been pushed before', async () => {
    const { url } = await portal.begin()
    const told = await fromElsewhere('/authorize', Object.fromEntries(url.searchParams))
    const visitor = makeVisitor({ leaveAt })
    expect(isSignIn(await visitor.open(new URL(whereTo(told), server.issuer)))).toBe(true)
  })

  test('signing out is posted too, and the hint comes along', async () => {
    const who = await enrol(server, portal)
    const fields = Object.fromEntries(portal.signOutUrl(await signIn(portal, who), 'http://localhost:1/portal/out').searchParams)
    const told = await fromElsewhere('/end-session', { ...fields, state: 'a b&c=d#e' })
    const again = new URL(whereTo(told), server.issuer)
    expect(Object.fromEntries(again.searchParams)).toEqual({ ...fields, state: 'a b&c=d#e' })
    const page = await who.visitor.open(again)
    expect([page.status, titleOf(page.text)]).toEqual([200, expect.stringContaining('Đăng xuất?')])
    // The service has proven whose session it ends: the form of the page sends itself.
    expect(page.text).toContain('data-now')
  })
})

describe('P17: a posted request', () => {
  test('in which a parameter is said twice, in the form or in form and address, is refused', async () => {
    const fields = authorization(party)
    const text = new URLSearchParams(fields).toString()
    for (const [name, value] of Object.entries(fields)) {
      const again = new URLSearchParams({ [name]: value }).toString()
      for (const told of [await fromElsewhere('/authorize', `${text}&${again}`), await fromElsewhere(`/authorize?${again}`, text)]) {
        const shown = await get(new URL(whereTo(told), server.issuer).href)
        expect(shown.status === 400 || whereTo(shown).includes('error=invalid_request'), name).toBe(true)
        expect(whereTo(shown)).not.toContain('code=')
      }
    }
    const out = await fromElsewhere('/end-session?client_id=portal', 'client_id=portal')
    expect((await get(new URL(whereTo(out), server.issuer).href)).status).toBe(400)
  })

  test.each(places)('that is too long for an address is told to be pushed, on a page: %s', async (path) => {
    const told = await fromElsewhere(path, { ...authorization(party), state: 's'.repeat(8000) })
    expect([told.status, told.headers.get('location'), titleOf(told.text)]).toEqual([414, null, expect.stringContaining('Yêu cầu của dịch vụ quá dài')])
    expect(told.text).toContain('invalid_request: the request is longer than 8,192 characters: push it (RFC 9126)')
    expect(told.text).not.toContain('ssss')
    expect((await fromElsewhere(path, { state: 's'.repeat(8192 - `${path}?state=`.length) })).status).toBe(303)
    expect((await fromElsewhere(path, { state: 's'.repeat(8193 - `${path}?state=`.length) })).status).toBe(414)
  })

  test.each(places)('of another kind of content is refused: %s', async (path) => {
    for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded-not', '']) {
      const told = await fromElsewhere(path, new URLSearchParams(authorization(party)).toString(), { 'content-type': type })
      expect([type, told.status, told.headers.get('location')]).toEqual([type, 400, null])
    }
  })

  test('leads nowhere but to the address it was posted to, whatever it says', async () => {
    const odd = ['//evil.example', 'https://evil.example/', '\r\nLocation: https://evil.example/', '?', '#', '%0d%0aSet-Cookie:%20a=b', '\\\\evil.example', 'javascript:alert(1)', 'đ ư']
    for (const path of places) {
      for (const value of odd) {
        for (const body of [{ redirect_uri: value }, { [value]: 'x' }, value]) {
          const told = await fromElsewhere(path, body)
          const { origin, pathname, hash } = new URL(whereTo(told), server.issuer)
          expect([told.status, origin, pathname, hash], JSON.stringify(body)).toEqual([303, server.issuer, path, ''])
          expect([...told.headers.keys()]).not.toContain('set-cookie')
        }
      }
    }
  })

  test('L04: is in no line of the log', async () => {
    lines.length = 0
    await fromElsewhere('/authorize', { login_hint: 'a-hint-of-somebody', state: 'a-state-of-somebody' })
    await fromElsewhere('/authorize', { login_hint: 'a-hint-of-somebody', state: 'a-state-of-somebody'.repeat(500) })
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.join('\n')).not.toContain('of-somebody')
  })
})
