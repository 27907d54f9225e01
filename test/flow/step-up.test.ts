import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { passkeyId } from '#kernel/id.ts'
import { fillIn, requestOptions, tap, useAnother } from '#test/support/citizen.ts'
import { accountOf, addHardwareKey } from '#test/support/hardware-key.ts'
import { enrol, get, isSignIn, signIn, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { formAt, hiddenFields, makeVisitor, titleOf, type Stop, type Visitor } from '#test/support/visitor.ts'

const clients = [testClient({ name: 'portal' }), testClient({ name: 'proven', metadata: { minimum_account_level: 2 } })] as const

let server: TestServer
let portal: RelyingParty
let proven: RelyingParty

beforeAll(async () => {
  server = await startServer({ clients: () => clients.map(({ metadata }) => metadata), best: { level: 2, resistances: ['phr', 'phrh'] } })
  portal = await makeRelyingParty(clients[0].party(server.issuer))
  proven = await makeRelyingParty(clients[1].party(server.issuer))
})
afterAll(() => server.close())

const phrh = { acr_values: 'phrh' }
const said = ({ url }: Stop) => Object.fromEntries(url.searchParams)
const noteOf = ({ text }: Stop) => /<p class="note"[^>]*>([^<]*)/.exec(text)?.[1] ?? ''
const allowed = (page: Stop) => requestOptions(page).allowCredentials?.map(({ id }) => id)
const idOf = ({ citizen }: Enrolled) => citizen.authenticator.credentials[0]?.id

async function ask(at: RelyingParty, visitor: Visitor, wish: Record<string, string> = {}) {
  const { url, checks } = await at.begin(wish)
  return { page: await visitor.open(url), checks }
}

/** Presses the button of the page by which the library signs one person out before another comes in. */
async function signedOut(visitor: Visitor, page: Stop): Promise<Stop> {
  const action = /<form[^>]*action="([^"]+)"/.exec(page.text)?.[1] ?? ''
  const end = await visitor.submit(new URL(action, page.url), hiddenFields(page.text), page.url)
  // Chromium holds `form-action` against each redirect that follows a form.
  expect([server.issuer, .../form-action ([^;]*)/.exec(page.headers.get('content-security-policy') ?? '')?.[1]?.split(' ') ?? []]).toContain(end.url.origin)
  return end
}

async function refusals(reason: string) {
  const rows = await server.house.database.rows(sql<{ account_id: string | null }>`select account_id from audit_event where type = 'login.refused' and data->>'reason' = ${reason} order by 1`)
  return rows.map((row) => row.account_id)
}

describe('P14: a session in which a passkey that may be copied was used, asked for one in hardware,', () => {
  test('asks for that key alone, of that person alone, and the answer says so', async () => {
    const who = await enrol(server, portal)
    const key = await addHardwareKey(server, who.citizen)
    const { page, checks } = await ask(portal, who.visitor, phrh)
    expect(titleOf(page.text)).toContain('Xác nhận lại để vào Dịch vụ portal')
    expect(page.text).toContain(who.citizen.name)
    expect(page.text).not.toContain(who.citizen.number)
    expect([page.text.includes('name="number"'), page.text.includes('/register"')]).toEqual([false, false])
    expect(allowed(page)).toEqual([key.credentials[0]?.id])
    const { claims } = await portal.finish((await tap(who.visitor, page, key)).url, checks)
    expect(claims).toMatchObject({ acr: 'phrh', amr: ['hwk', 'user', 'mfa'] })
    const silent = await ask(portal, who.visitor, { ...phrh, prompt: 'none' })
    expect((await portal.finish(silent.page.url, silent.checks)).claims).toMatchObject({ acr: 'phrh', auth_time: claims['auth_time'] })
  })

  test('takes no other key, though its signature is good: neither theirs nor anybody’s', async () => {
    const [who, other] = [await enrol(server, portal), await enrol(server, portal)]
    const key = await addHardwareKey(server, other.citizen)
    await addHardwareKey(server, who.citizen)
    for (const stranger of [who.citizen.authenticator, other.citizen.authenticator, key]) {
      const { page } = await ask(portal, who.visitor, phrh)
      const { allowCredentials: _, ...options } = requestOptions(page)
      const told = await fillIn(who.visitor, page, '/passkey', { assertion: JSON.stringify(stranger.get(options)) })
      expect([told.status, noteOf(told)]).toEqual([200, 'Khóa vừa dùng không đúng tài khoản hoặc không đúng loại. Hãy dùng khóa khác của bạn, hoặc đổi tài khoản.'])
    }
    const [mine, theirs] = [await accountOf(server, who.citizen), await accountOf(server, other.citizen)]
    expect(await refusals('passkey.not-asked-for')).toEqual([mine, theirs, theirs].toSorted())
    expect((await signIn(portal, who)).claims).toMatchObject({ acr: 'urn:vn:eid:loa:2', amr: ['swk', 'user', 'mfa'] })
  })

  test('says who must turn back because there is no such key, and the service hears it then, or at once with prompt=none', async () => {
    const who = await enrol(server, portal)
    const silent = await ask(portal, who.visitor, { ...phrh, prompt: 'none' })
    expect(said(silent.page)).toMatchObject({ error: 'unmet_authentication_requirements', iss: server.issuer })
    const { page, checks } = await ask(portal, who.visitor, phrh)
    expect(titleOf(page.text)).toContain('Dịch vụ này cần khóa bảo mật phần cứng')
    expect(said(await fillIn(who.visitor, page, '/cancel'))).toMatchObject({ error: 'unmet_authentication_requirements', state: checks.state, iss: server.issuer })
    expect(await refusals('assurance.unreachable')).toContain(await accountOf(server, who.citizen))
  })

  test('is content with less where the service lists less', async () => {
    const who = await enrol(server, portal)
    expect((await signIn(portal, who, { acr_values: 'phrh phr' })).claims).toMatchObject({ acr: 'phr' })
  })
})

test('P14: somebody who is not signed in is told of the key beforehand; another key of theirs is a sign-in, and then the key is asked for', async () => {
  const who = { ...(await enrol(server, portal)), visitor: makeVisitor({ leaveAt }) }
  const key = await addHardwareKey(server, who.citizen)
  const { page, checks } = await ask(portal, who.visitor, phrh)
  expect(page.text).toContain('Dịch vụ này cần khóa bảo mật phần cứng. Hãy chuẩn bị khóa của bạn.')
  expect(requestOptions(page)).toMatchObject({ allowCredentials: [], hints: ['security-key'] })
  const second = await tap(who.visitor, page, who.citizen.authenticator)
  expect(allowed(second)).toEqual([key.credentials[0]?.id])
  expect((await portal.finish((await tap(who.visitor, second, key)).url, checks)).claims).toMatchObject({ acr: 'phrh' })
  const atOnce = makeVisitor({ leaveAt })
  const direct = await ask(portal, atOnce, phrh)
  expect((await portal.finish((await tap(atOnce, direct.page, key)).url, direct.checks)).claims).toMatchObject({ acr: 'phrh' })
})

describe('P14: sign-ins are never added up', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() }))
  afterEach(() => void vi.useRealTimers())

  test('a hardware key of before and a fresh sign-in of now are not a fresh hardware key', async () => {
    const who = await enrol(server, portal)
    const key = await addHardwareKey(server, who.citizen)
    const first = await ask(portal, who.visitor, phrh)
    await tap(who.visitor, first.page, key)
    vi.setSystemTime(Date.now() + 120_000)

    // Old enough to be asked again, and again for the same kind.
    const wish = { ...phrh, max_age: '60' }
    expect(said((await ask(portal, who.visitor, { ...wish, prompt: 'none' })).page)).toMatchObject({ error: 'login_required' })
    const later = await ask(portal, who.visitor, wish)
    expect(allowed(later.page)).toEqual([key.credentials[0]?.id])

    // A younger sign-in with the other key takes the place of the older one, also where age is not asked about.
    const login = await ask(portal, who.visitor, { prompt: 'login' })
    expect(new Set(allowed(login.page))).toEqual(new Set([idOf(who), key.credentials[0]?.id]))
    const { claims } = await portal.finish((await tap(who.visitor, login.page, who.citizen.authenticator)).url, login.checks)
    expect(claims).toMatchObject({ acr: 'urn:vn:eid:loa:2', amr: ['swk', 'user', 'mfa'] })
    for (const more of [{}, { max_age: '60' }]) {
      expect(said((await ask(portal, who.visitor, { ...phrh, ...more, prompt: 'none' })).page)).toMatchObject({ error: 'login_required' })
    }
    const again = await ask(portal, who.visitor, wish)
    const end = await portal.finish((await tap(who.visitor, again.page, key)).url, again.checks)
    expect(end.claims).toMatchObject({ acr: 'phrh', auth_time: Math.floor(Date.now() / 1000) })
  })

  test('evidence of another sign-in than the one that tokens speak of counts for nothing', async () => {
    const who = await enrol(server, portal)
    const find = vi.spyOn(server.house.evidences, 'find').mockImplementation(async () => ({
      means: 'passkey', passkey: passkeyId.parse('x'), userVerified: true, backupEligible: false, hardwareBound: true, at: Math.floor(Date.now() / 1000) + 1,
    }))
    try {
      expect(said((await ask(portal, who.visitor, { prompt: 'none' })).page)).toMatchObject({ error: 'login_required' })
    } finally {
      find.mockRestore()
    }
  })
})

describe('S02: another person at the page that asks one to confirm', () => {
  test('changes nothing with a passkey of theirs', async () => {
    const [who, other] = [await enrol(server, portal), await enrol(server, portal)]
    const before = await signIn(portal, who)
    const { page } = await ask(portal, who.visitor, { prompt: 'login' })
    expect(allowed(page)).toEqual([idOf(who)])
    const { allowCredentials: _, ...options } = requestOptions(page)
    const told = await fillIn(who.visitor, page, '/passkey', { assertion: JSON.stringify(other.citizen.authenticator.get(options)) })
    expect(isSignIn(told)).toBe(true)
    const after = await signIn(portal, who)
    expect([after.claims.sub, after.claims['sid'], after.claims['auth_time']]).toEqual([before.claims.sub, before.claims['sid'], before.claims['auth_time']])
  })

  test('comes in by "use another account", as themselves, and nothing of the first is left', async () => {
    const [who, other] = [await enrol(server, portal), await enrol(server, portal)]
    const before = await signIn(portal, who)
    const { page, checks } = await ask(portal, who.visitor, { max_age: '0' })
    const plain = await useAnother(who.visitor, page)
    expect([titleOf(plain.text).includes('Đăng nhập vào Dịch vụ portal'), allowed(plain)]).toEqual([true, []])
    const end = await signedOut(who.visitor, await tap(who.visitor, plain, other.citizen.authenticator))
    const after = await portal.finish(end.url, checks)
    expect(after.claims.sub).toBe((await signIn(portal, other)).claims.sub)
    expect(after.claims['sid']).not.toBe(before.claims['sid'])
    expect((await get(`${server.issuer}/userinfo`, { authorization: `Bearer ${before.tokens.access_token}` })).status).toBe(401)
  })

  test('is then asked for what is missing of them, and of nobody else', async () => {
    const [who, other] = [await enrol(server, portal), await enrol(server, portal)]
    const key = await addHardwareKey(server, other.citizen)
    const { page, checks } = await ask(portal, who.visitor, phrh)
    const second = await signedOut(who.visitor, await tap(who.visitor, await useAnother(who.visitor, page), other.citizen.authenticator))
    expect([second.text.includes(other.citizen.name), allowed(second)]).toEqual([true, [key.credentials[0]?.id]])
    expect((await portal.finish((await tap(who.visitor, second, key)).url, checks)).claims).toMatchObject({ acr: 'phrh' })
  })

  test('who has signed in meanwhile in another tab makes the first page worthless', async () => {
    const [who, other] = [await enrol(server, portal), await enrol(server, portal)]
    const first = await ask(portal, who.visitor, { prompt: 'login' })
    const second = await ask(portal, who.visitor, { prompt: 'login' })
    await signedOut(who.visitor, await tap(who.visitor, await useAnother(who.visitor, second.page), other.citizen.authenticator))
    const told = await tap(who.visitor, first.page, who.citizen.authenticator)
    expect([told.status, said(told)]).toEqual([400, {}])
    expect((await signIn(portal, { ...who, citizen: other.citizen })).claims.sub).toBe((await signIn(portal, other)).claims.sub)
  })

  test('cannot choose for somebody where nobody is signed in, nor go on where that was not asked', async () => {
    const visitor = makeVisitor({ leaveAt })
    const { page } = await ask(portal, visitor)
    const { fields } = formAt(page.text, '/cancel')
    const choose = (at: Visitor, of: Stop, hidden: Record<string, string>, choice: string) => at.submit(new URL(`${of.url.pathname}/account`, of.url), { ...hidden, choice }, of.url)
    for (const choice of ['same', 'another']) expect((await choose(visitor, page, fields, choice)).status).toBe(400)
    const who = await enrol(server, portal)
    const again = await ask(portal, who.visitor, { prompt: 'login' })
    expect((await choose(who.visitor, again.page, formAt(again.page.text, '/cancel').fields, 'same')).status).toBe(400)
    expect((await choose(who.visitor, again.page, formAt(again.page.text, '/cancel').fields, 'root')).status).toBe(400)
  })
})

describe('P14: a service that needs a level 2 account', () => {
  test('is explained to a person of level 1 before the service hears; with prompt=none it hears at once', async () => {
    const who = await enrol(server, portal)
    const { page, checks } = await ask(proven, who.visitor)
    expect([page.status, titleOf(page.text)]).toEqual([200, expect.stringContaining('Dịch vụ này cần tài khoản mức 2')])
    expect(page.text).toContain('Công an xã, phường')
    expect(said(await fillIn(who.visitor, page, '/cancel'))).toMatchObject({ error: 'unmet_authentication_requirements', state: checks.state, iss: server.issuer })
    expect(said((await ask(proven, who.visitor, { prompt: 'none' })).page)).toMatchObject({ error: 'unmet_authentication_requirements' })
  })

  test('lets in another person at that browser who has one, also after somebody has signed in for this very request', async () => {
    const [who, other] = [await enrol(server, portal), await enrol(server, portal)]
    const account = await accountOf(server, other.citizen)
    await server.house.database.change(sql`update account set level = 2 where id = ${account}`)
    // Accounts are remembered for five seconds; what changes here is forgotten at once.
    await server.house.accounts.move(account, { to: 'unlock', ground: 'terms-breach', by: 'operator' }, new Date())
    const { page, checks } = await ask(proven, who.visitor)
    const end = await signedOut(who.visitor, await tap(who.visitor, await useAnother(who.visitor, page), other.citizen.authenticator))
    expect((await proven.finish(end.url, checks)).claims.sub).toEqual(expect.any(String))
    const later = { ...who, visitor: makeVisitor({ leaveAt }) }
    const first = await ask(proven, later.visitor)
    const turned = await tap(later.visitor, first.page, who.citizen.authenticator)
    expect(titleOf(turned.text)).toContain('mức 2')
    // Chosen after having signed in for this very request: what was shown until then counts no more.
    const plain = await useAnother(later.visitor, turned)
    expect(allowed(plain)).toEqual([])
    const entered = await signedOut(later.visitor, await tap(later.visitor, plain, other.citizen.authenticator))
    expect((await proven.finish(entered.url, first.checks)).claims.sub).toEqual(expect.any(String))
  })
})
