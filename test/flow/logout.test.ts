import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tap, useAnother } from '#test/support/citizen.ts'
import { authorize, enrol, get, isSignIn, post, signIn, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty, type SignedIn } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'
import { hiddenFields, titleOf, type Stop, type Visitor } from '#test/support/visitor.ts'

const clients = [testClient({ name: 'portal' }), testClient({ name: 'tax' })] as const

describe.each(engines)('signing out, on %s,', (engine) => {
  let server: TestServer
  let portal: RelyingParty
  let tax: RelyingParty

  beforeAll(async () => {
    server = await startServer({ engine, clients: () => clients.map(({ metadata }) => metadata) })
    portal = await makeRelyingParty(clients[0].party(server.issuer))
    tax = await makeRelyingParty(clients[1].party(server.issuer))
  })
  afterAll(() => server.close())

  const about = async ({ tokens }: SignedIn) => (await get(`${server.issuer}/userinfo`, { authorization: `Bearer ${tokens.access_token}` })).status
  const knows = async (at: RelyingParty, { visitor }: Enrolled) => (await visitor.open((await at.begin({ prompt: 'none' })).url)).url.searchParams.has('code')
  const out = 'http://localhost:1/portal/out'

  /** Sends the form of the page, as its button does. */
  function confirm(visitor: Visitor, page: Stop, choice: Record<string, string> = {}): Promise<Stop> {
    const action = /<form[^>]*action="([^"]+)"[^>]*>\s*<input type="hidden" name="xsrf"/.exec(page.text)?.[1] ?? ''
    return visitor.submit(new URL(action, page.url), { ...hiddenFields(page.text.slice(page.text.indexOf('name="xsrf"') - 40)), ...choice }, page.url)
  }

  test('ends the session and everything that came of it, and returns where the service asked', async () => {
    const who = await enrol(server, portal)
    const [one, other] = [await signIn(portal, who), await signIn(tax, who)]
    const unspent = await authorize(portal, who)
    const url = portal.signOutUrl(one, out)
    url.searchParams.set('state', 'on-my-way')
    const page = await who.visitor.open(url)
    expect(titleOf(page.text)).toContain('Đăng xuất?')
    expect(await knows(portal, who)).toBe(true)
    const end = await confirm(who.visitor, await who.visitor.open(url), { logout: 'yes' })
    expect(end.url.href).toBe(`${out}?state=on-my-way`)
    expect([await about(one), await about(other)]).toEqual([401, 401])
    await expect(portal.finish(unspent.answer, unspent.checks)).rejects.toMatchObject({ error: 'invalid_grant' })
    expect([await knows(portal, who), await knows(tax, who)]).toEqual([false, false])
  })

  test('S02: is not undone by an authorization that was on its way', async () => {
    const alive = []
    for (let round = 0; round < 8; round += 1) {
      const who = await enrol(server, portal)
      const url = portal.signOutUrl(await signIn(portal, who), out)
      const page = await who.visitor.open(url)
      const cookie = who.visitor.jar.header(new URL(server.issuer))
      const requests = await Promise.all([0, 1, 2, 3].map(() => portal.begin()))
      const racing = requests.map(({ url: on }) => get(on.href, { cookie }))
      await Promise.all([confirm(who.visitor, page, { logout: 'yes' }), ...racing])
      const later = await get((await portal.begin({ prompt: 'none' })).url.href, { cookie })
      alive.push(later.headers.get('location')?.includes('code=') === true)
    }
    expect(alive).toEqual(alive.map(() => false))
  })

  test('of one service leaves the other', async () => {
    const who = await enrol(server, portal)
    const [one, other] = [await signIn(portal, who), await signIn(tax, who)]
    await confirm(who.visitor, await who.visitor.open(portal.signOutUrl(one, out)), { logout: '' })
    expect([await about(one), await about(other)]).toEqual([401, 200])
    expect(await knows(tax, who)).toBe(true)
  })

  test('a cookie that was copied before is worth nothing after', async () => {
    const who = await enrol(server, portal)
    const at = new URL('/authorize', server.issuer)
    const copied = { cookie: who.visitor.jar.header(at) }
    const { url } = await portal.begin({ prompt: 'none' })
    await confirm(who.visitor, await who.visitor.open(`${server.issuer}/end-session`), { logout: 'yes' })
    expect(who.visitor.jar.read(at).has('eid-session')).toBe(false)
    expect((await get(url.href, copied)).headers.get('location')).toContain('error=login_required')
  })

  test('without a hint works as well, and ends on a page of ours', async () => {
    const who = await enrol(server, portal)
    const page = await who.visitor.open(`${server.issuer}/end-session`)
    const end = await confirm(who.visitor, page)
    expect([end.status, titleOf(end.text)]).toEqual([200, expect.stringContaining('Bạn đã đăng xuất')])
    expect(end.headers.get('clear-site-data')).toContain('storage')
    expect(await knows(portal, who)).toBe(false)
  })

  test('never leads to an address that the service has not registered', async () => {
    const who = await enrol(server, portal)
    const signedIn = await signIn(portal, who)
    const foreign = ['https://elsewhere.example/', 'http://localhost:1/tax/out', `${out}/`, `${out}?x=1`, 'javascript:alert(1)', '//elsewhere.example', 'http://localhost:1/portal/callback']
    for (const uri of foreign) {
      const page = await who.visitor.open(portal.signOutUrl(signedIn, uri))
      expect([uri, page.status, page.headers.get('location')]).toEqual([uri, 400, null])
      expect(page.text).not.toContain('name="xsrf"')
    }
    const unknown = await who.visitor.open(`${server.issuer}/end-session?post_logout_redirect_uri=${encodeURIComponent(out)}`)
    expect(unknown.url.origin).toBe(server.issuer)
    expect(await knows(portal, who)).toBe(true)
  })

  test('S06: is not done for another site, without the token of the page, or with that of another browser', async () => {
    const [who, other] = [await enrol(server, portal), await enrol(server, portal)]
    const page = await who.visitor.open(`${server.issuer}/end-session`)
    const foreign = await other.visitor.open(`${server.issuer}/end-session`)
    const xsrf = (of: Stop) => /name="xsrf" value="([^"]+)"/.exec(of.text)?.[1] ?? ''
    const cookie = who.visitor.jar.header(new URL('/end-session/confirm', server.issuer))
    const tries: Record<string, string>[] = [{ logout: 'yes' }, { logout: 'yes', xsrf: '' }, { logout: 'yes', xsrf: 'x' }, { logout: 'yes', xsrf: xsrf(foreign) }]
    for (const fields of tries) {
      const told = await post(`${server.issuer}/end-session/confirm`, fields, { cookie, origin: server.issuer })
      expect(told.status).toBe(400)
    }
    expect((await get(`${server.issuer}/end-session/confirm?logout=yes&xsrf=${xsrf(page)}`, { cookie })).status).toBe(405)
    expect(await knows(portal, who)).toBe(true)
  })

  test('S02: another person on the same browser leaves nothing of the first', async () => {
    const [first, second] = [await enrol(server, portal), await enrol(server, portal)]
    const before = await signIn(portal, first)
    const cookieBefore = { cookie: first.visitor.jar.header(new URL('/authorize', server.issuer)) }
    const { url, checks } = await portal.begin({ prompt: 'login' })
    const page = await first.visitor.open(url)
    expect(isSignIn(page)).toBe(true)
    let stop = await tap(first.visitor, await useAnother(first.visitor, page), second.citizen.authenticator)
    // The library signs the first person out by a page that sends itself: its script must be one that browsers run.
    const script = /<script>([^]*?)<\/script>/.exec(stop.text)?.[1] ?? ''
    expect(stop.headers.get('content-security-policy')).toContain(`'sha256-${createHash('sha256').update(script).digest('base64')}'`)
    stop = await confirm(first.visitor, stop)
    const after = await portal.finish(stop.url, checks)
    expect(after.claims.sub).not.toBe(before.claims.sub)
    expect(after.claims['sid']).not.toBe(before.claims['sid'])
    expect((await signIn(portal, second)).claims.sub).toBe(after.claims.sub)
    expect(await about(before)).toBe(401)
    const { url: silent } = await portal.begin({ prompt: 'none' })
    expect((await get(silent.href, cookieBefore)).headers.get('location')).toContain('error=login_required')
    expect((await signIn(portal, { ...first, citizen: second.citizen })).claims.sub).toBe(after.claims.sub)
  })

  test('S02: the session has a new name after each sign-in', async () => {
    const who = await enrol(server, portal)
    const name = () => who.visitor.jar.read(new URL('/', server.issuer)).get('eid-session')
    const before = name()
    const page = await who.visitor.open((await portal.begin({ prompt: 'login' })).url)
    await tap(who.visitor, page, who.citizen.authenticator)
    expect(name()).not.toBe(before)
  })
})
