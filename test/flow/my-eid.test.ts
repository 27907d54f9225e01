import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readClient } from '#domain/client/client.ts'
import { byItself, withinFiveSeconds } from '#test/support/five-seconds.ts'
import { accountOf, arrive, enrol, get, isSignIn, post, signIn } from '#test/support/journey.ts'
import { fillIn } from '#test/support/citizen.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { formAt, makeVisitor, titleOf } from '#test/support/visitor.ts'

const client = testClient({ name: 'portal' })

describe.each(engines)('my e-ID, on %s,', (engine) => {
  let server: TestServer
  let portal: RelyingParty
  beforeAll(async () => {
    server = await startServer({ engine, clients: () => [client.metadata] })
    portal = await makeRelyingParty(client.party(server.issuer))
  })
  afterAll(() => server.close())

  const home = () => `${server.issuer}/tai-khoan`

  test('leads whoever is not signed in through the one sign-in and back', async () => {
    const { citizen } = await enrol(server, portal)
    const visitor = makeVisitor({ leaveAt })
    const door = await visitor.open(`${home()}/yeu-cau`)
    expect([isSignIn(door), titleOf(door.text)]).toEqual([true, 'Đăng nhập vào Định danh điện tử – Định danh điện tử'])
    const page = await arrive(visitor, door, citizen)
    expect([page.url.pathname, page.status]).toEqual(['/tai-khoan/yeu-cau', 200])
  })

  test('shares the session of the services: no second sign-in, and signing out ends both', async () => {
    const who = await enrol(server, portal)
    const page = await who.visitor.open(home())
    expect(page.text).toContain(who.citizen.name)
    expect(page.text).toContain(`${who.citizen.number.slice(0, 3)}•••••${who.citizen.number.slice(-4)}`)
    expect(page.text).not.toContain(who.citizen.number)
    const out = await who.visitor.open(`${server.issuer}/end-session`)
    const { action, fields } = formAt(out.text, '/end-session/confirm')
    await who.visitor.submit(new URL(action, out.url), fields)
    expect(titleOf((await who.visitor.open(home())).text)).toContain('Đăng nhập vào Định danh điện tử')
  })

  test('says so when nobody signed in, and does not ask again by itself', async () => {
    const visitor = makeVisitor({ leaveAt })
    const door = await visitor.open(home())
    const page = await fillIn(visitor, door, '/cancel')
    expect([page.url.pathname, titleOf(page.text)]).toEqual(['/tai-khoan/tro-ve', expect.stringContaining('Bạn chưa đăng nhập')])
  })

  test('W12: is closed to an account that was locked meanwhile', async () => {
    const who = await enrol(server, portal)
    await server.house.accounts.move(await accountOf(server, who), { to: 'lock', ground: 'competent-body', by: 'operator' }, new Date())
    expect(isSignIn(await who.visitor.open(home()))).toBe(true)
  })

  test('W12: signing out everywhere ends every session and what came of it, here and elsewhere', async () => {
    const who = await enrol(server, portal)
    const elsewhere = { citizen: who.citizen, visitor: makeVisitor({ leaveAt }) }
    const [one, other] = [await signIn(portal, who), await signIn(portal, elsewhere)]
    const about = async ({ tokens }: typeof one) => (await get(`${server.issuer}/userinfo`, { authorization: `Bearer ${tokens.access_token}` })).status
    expect([await about(one), await about(other)]).toEqual([200, 200])
    // What began in the very second of the sign-out is as good as after it.
    await expect.poll(() => Math.floor(Date.now() / 1000)).toBeGreaterThan(Number(other.claims['auth_time']))
    const page = await who.visitor.open(`${home()}/dang-xuat-moi-noi`)
    const end = await fillIn(who.visitor, page, '/dang-xuat-moi-noi')
    expect(titleOf(end.text)).toContain('Bạn đã đăng xuất mọi nơi')
    await withinFiveSeconds(() => expect.poll(async () => [await about(one), await about(other)], byItself).toEqual([401, 401]))
    for (const { visitor } of [who, elsewhere]) expect(titleOf((await visitor.open(home())).text)).toContain('Đăng nhập vào')
  })

  test('W12: a sign-in that began in a session which ended meanwhile goes on, as one of nobody', async () => {
    const who = await enrol(server, portal)
    const { url, checks } = await portal.begin({ prompt: 'login' })
    const page = await who.visitor.open(url)
    expect(page.text).toContain('Xác nhận lại')
    const elsewhere = { citizen: who.citizen, visitor: makeVisitor({ leaveAt }) }
    await expect.poll(() => Math.floor(Date.now() / 1000)).toBeGreaterThan(Number((await signIn(portal, elsewhere)).claims['auth_time']))
    await fillIn(elsewhere.visitor, await elsewhere.visitor.open(`${home()}/dang-xuat-moi-noi`), '/dang-xuat-moi-noi')
    await expect.poll(async () => (await who.visitor.open(page.url.href)).text, byItself).not.toContain('Xác nhận lại')
    const anew = await who.visitor.open(page.url.href)
    expect(isSignIn(anew)).toBe(true)
    const { url: answer } = await arrive(who.visitor, anew, who.citizen)
    expect((await portal.finish(answer, checks)).claims.sub).toBeTruthy()
  })

  test('leads back to pages of its own only', async () => {
    const who = await enrol(server, portal)
    const cookie = who.visitor.jar.header(new URL(home()))
    for (const state of ['https://elsewhere.example/', '//elsewhere.example', '/tai-khoan//elsewhere.example', '/tai-khoan/../end-session', '/end-session', '']) {
      const told = await get(`${home()}/tro-ve?state=${encodeURIComponent(state)}`, { cookie })
      expect([state, told.headers.get('location')]).toEqual([state, '/tai-khoan'])
    }
  })

  test('S06: takes no form of another session, of none, or from another site', async () => {
    const [who, other] = [await enrol(server, portal), await enrol(server, portal)]
    const cookie = who.visitor.jar.header(new URL(home()))
    const target = `${home()}/dang-xuat-moi-noi`
    const tokenOf = async ({ visitor }: typeof who) => formAt((await visitor.open(target)).text, '/dang-xuat-moi-noi').fields['csrf'] ?? ''
    const [own, foreign] = [await tokenOf(who), await tokenOf(other)]
    const ofNothing = formAt((await who.visitor.open(`${server.issuer}/tro-giup`)).text, '/language').fields['csrf'] ?? ''
    for (const csrf of ['', 'x', foreign, ofNothing]) {
      expect((await post(target, { csrf }, { cookie, origin: server.issuer })).status).toBe(403)
    }
    expect((await post(target, { csrf: own }, { cookie, origin: 'https://elsewhere.example' })).status).toBe(403)
    const nobody = await post(target, { csrf: own }, { origin: server.issuer })
    expect([nobody.status, nobody.headers.get('location')]).toEqual([303, expect.stringContaining('/authorize?')])
    expect((await who.visitor.open(home())).text).toContain(who.citizen.name)
    expect((await post(target, { csrf: own }, { cookie, origin: server.issuer })).headers.get('location')).toBe('/tai-khoan/da-dang-xuat')
  })

  test('P02: what our own pages may do no service may: none is refused to it, and metadata do not offer it', async () => {
    const asked = await portal.begin({ response_type: 'none' }, { pushed: false })
    const visitor = makeVisitor({ leaveAt })
    const answer = await visitor.open(asked.url)
    expect(answer.url.searchParams.get('error')).toBe('invalid_request')
    for (const path of ['openid-configuration', 'oauth-authorization-server']) {
      const { json } = await get(`${server.issuer}/.well-known/${path}`)
      expect(json['response_types_supported']).toEqual(['code'])
    }
    const signedIn = await signIn(portal, await enrol(server, portal))
    expect(signedIn.tokens.access_token).toBeTruthy()
  })

  test('our own pages are given nothing: no code, and no way to another address', async () => {
    const who = await enrol(server, portal)
    const asked = (parameters: Record<string, string>) => `${server.issuer}/authorize?${new URLSearchParams({
      client_id: 'dinh-danh', response_type: 'none', scope: 'openid', redirect_uri: `${home()}/tro-ve`, state: '/tai-khoan', ...parameters,
    }).toString()}`
    const cookie = who.visitor.jar.header(new URL('/authorize', server.issuer))
    const good = await get(asked({}), { cookie })
    expect(good.headers.get('location')).toMatch(/^http:\/\/localhost:\d+\/tai-khoan\/tro-ve\?state=%2Ftai-khoan&iss=[^&]+$/)
    const withCode = await get(asked({ response_type: 'code', code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' }), { cookie })
    expect(withCode.headers.get('location')).toContain('error=invalid_request')
    const elsewhere = await get(asked({ redirect_uri: 'http://localhost:1/portal/callback' }), { cookie })
    expect([elsewhere.status, elsewhere.headers.get('location')]).toEqual([400, null])
  })

  test('a page is in the language that was chosen there', async () => {
    const who = await enrol(server, portal)
    const page = await who.visitor.open(home())
    const english = await fillIn(who.visitor, page, '/language', { language: 'en' })
    expect([english.url.pathname, titleOf(english.text)]).toEqual(['/tai-khoan', 'My e-ID – Electronic identity'])
  })
})

test('nobody registers under the name of our own pages', () => {
  const { metadata } = testClient({ name: 'dinh-danh' })
  expect(readClient(metadata, { allowLocal: true })).toEqual({ fault: expect.stringContaining('dinh-danh') })
})
