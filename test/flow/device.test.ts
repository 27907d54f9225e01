import { sql } from 'kysely'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Problem } from '#kernel/problem.ts'
import { agree, fillIn, tap } from '#test/support/citizen.ts'
import { lock, refusal } from '#test/support/counter.ts'
import { accountOf, enrol, get, isSignIn, signIn, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { openServiceSite, type ServiceSite } from '#test/support/service-site.ts'
import { leaveAt, testClient, type TestClient } from '#test/support/test-clients.ts'
import { formAt, hiddenFields, makeVisitor, titleOf, type Stop, type Visitor } from '#test/support/visitor.ts'

const grants = { grant_types: ['authorization_code', 'urn:ietf:params:oauth:grant-type:device_code'] }

describe.each(engines)('a device without a keyboard (RFC 8628), on %s,', (engine) => {
  let server: TestServer
  let site: ServiceSite
  let clients: Record<'kiosk' | 'hall' | 'portal' | 'signed', TestClient>
  let kiosk: RelyingParty
  let hall: RelyingParty
  let portal: RelyingParty
  let signed: RelyingParty

  beforeAll(async () => {
    site = await openServiceSite()
    clients = {
      signed: site.published(testClient({ name: 'signed', metadata: { ...grants, userinfo_signed_response_alg: 'ES256' } })),
      kiosk: site.published(testClient({ name: 'kiosk', metadata: { ...grants, relying_party_class: 'B', purposes: [{ claims: ['name'], basis: 'consent', purpose: { vi: 'Lấy số thứ tự', en: 'Take a number' } }] } })),
      // Of the state: what people answered there once is remembered.
      hall: site.published(testClient({ name: 'hall', metadata: { grant_types: [...grants.grant_types, 'refresh_token'] } })),
      portal: testClient({ name: 'portal' }),
    }
    server = await startServer({ engine, env: { OUTBOUND_ALLOW: 'localhost' }, clients: () => Object.values(clients).map(({ metadata }) => metadata) })
    kiosk = await makeRelyingParty(clients.kiosk.party(server.issuer))
    hall = await makeRelyingParty(clients.hall.party(server.issuer))
    portal = await makeRelyingParty(clients.portal.party(server.issuer))
    signed = await makeRelyingParty(clients.signed.party(server.issuer))
  })
  afterAll(async () => {
    await server.close()
    await site.close()
  })

  const start = (scope = 'openid', at = kiosk, more: Record<string, string> = {}) => client.initiateDeviceAuthorization(at.config, { scope, ...more })
  const hear = ({ device_code }: { device_code: string }, at = kiosk) =>
    client.genericGrantRequest(at.config, 'urn:ietf:params:oauth:grant-type:device_code', { device_code })
  const door = () => `${server.issuer}/thiet-bi`
  const enter = async (visitor: Visitor, code: string) => fillIn(visitor, await visitor.open(door()), '/thiet-bi', { user_code: code })
  const choose = (visitor: Visitor, page: Stop, choice: 'confirm' | 'abort') => fillIn(visitor, page, '/thiet-bi', { [choice]: 'yes' })
  /** Through the confirmation, the sign-in where it is asked, and consent. */
  async function letIn({ visitor, citizen }: Enrolled, code: string): Promise<Stop> {
    const next = await choose(visitor, await enter(visitor, code), 'confirm')
    return agree(visitor, isSignIn(next) ? await tap(visitor, next, citizen.authenticator) : next)
  }

  test('is signed in by somebody who reads its code and confirms it in their own browser', async () => {
    const who = await enrol(server, portal)
    const asked = await start('openid profile')
    expect(asked.user_code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/)
    expect([asked.verification_uri, asked.expires_in]).toEqual([door(), 600])
    expect(await refusal(hear(asked))).toBe('authorization_pending')

    const visitor = makeVisitor({ leaveAt })
    const confirm = await enter(visitor, asked.user_code.toLowerCase().replace('-', ' '))
    expect(titleOf(confirm.text)).toContain('Đăng nhập vào Dịch vụ kiosk trên một thiết bị khác?')
    for (const said of [asked.user_code, 'Cơ quan kiosk', 'không bao giờ gọi điện']) expect(confirm.text).toContain(said)
    const page = await choose(visitor, confirm, 'confirm')
    expect(isSignIn(page)).toBe(true)
    const consent = await tap(visitor, page, who.citizen.authenticator)
    expect(consent.text).toContain('Lấy số thứ tự')
    const done = await agree(visitor, consent)
    expect(titleOf(done.text)).toContain('Thiết bị đã được đăng nhập')

    const tokens = await hear(asked)
    expect(tokens.claims()).toMatchObject({ acr: 'urn:vn:eid:loa:2', amr: ['swk', 'user', 'mfa'], aud: 'kiosk' })
    const { json } = await get(`${server.issuer}/userinfo`, { authorization: `Bearer ${tokens.access_token}` })
    expect(json).toMatchObject({ sub: tokens.claims()?.sub, name: who.citizen.name })
  })

  test('P06: is given tokens once, also when it asks twelve times at once, and is told to slow down while it waits', async () => {
    const who = await enrol(server, portal)
    const asked = await start()
    expect([await refusal(hear(asked)), await refusal(hear(asked))]).toEqual(['authorization_pending', 'slow_down'])
    await letIn(who, asked.user_code)
    // A poll that the server has no time for (503) was given nothing either.
    const polls = await Promise.all(Array.from({ length: 12 }, () => refusal(hear(asked)).catch(() => 'invalid_grant')))
    expect(polls.filter((answer) => answer === 'granted').length).toBeLessThanOrEqual(1)
    expect(new Set(polls.filter((answer) => answer !== 'granted'))).toEqual(new Set(['invalid_grant']))
  })

  test('RFC 8628 §3.5: hears that its code has expired, and not that there never was one', async () => {
    const asked = await start()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + (asked.expires_in + 1) * 1000 })
    try {
      expect(await refusal(hear(asked))).toBe('expired_token')
    } finally {
      vi.useRealTimers()
    }
  })

  test('a person who types a code that has just expired is told so, and not that there is none', async () => {
    const who = await enrol(server, portal)
    const asked = await start()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + (asked.expires_in + 1) * 1000 })
    try {
      expect((await enter(who.visitor, asked.user_code)).text).toContain('Mã này đã được dùng')
    } finally {
      vi.useRealTimers()
    }
  })

  test('hears access_denied from "not me", and from a consent that is not given', async () => {
    const who = await enrol(server, portal)
    const [one, other] = [await start(), await start('openid profile')]
    const refused = await choose(who.visitor, await enter(who.visitor, one.user_code), 'abort')
    expect(titleOf(refused.text)).toContain('Bạn đã từ chối thiết bị')
    const consent = await choose(who.visitor, await enter(who.visitor, other.user_code), 'confirm')
    const denied = await fillIn(who.visitor, consent, '/consent', { choice: 'deny' })
    expect(titleOf(denied.text)).toContain('Bạn đã từ chối thiết bị')
    expect([await refusal(hear(one)), await refusal(hear(other))]).toEqual(['access_denied', 'access_denied'])
  })

  test('W04: is asked about anew, whatever was agreed to before: whoever types a code may have been talked into it', async () => {
    const who = await enrol(server, portal)
    const wish = 'openid profile offline_access'
    expect((await signIn(hall, who, { scope: wish, prompt: 'consent' })).tokens.refresh_token).toEqual(expect.any(String))
    const { url } = await hall.begin({ scope: wish, prompt: 'none' })
    expect((await who.visitor.open(url)).url.searchParams.has('code')).toBe(true)

    const [one, other] = [await start(wish, hall), await start(wish, hall)]
    const consent = await choose(who.visitor, await enter(who.visitor, one.user_code), 'confirm')
    for (const said of ['/consent"', who.citizen.name, 'Tiếp tục dùng thông tin này khi bạn không có mặt']) expect(consent.text).toContain(said)
    expect(await refusal(hear(one, hall))).toBe('authorization_pending')
    await agree(who.visitor, consent)
    expect((await hear(one, hall)).refresh_token).toEqual(expect.any(String))

    const again = await choose(who.visitor, await enter(who.visitor, other.user_code), 'confirm')
    await fillIn(who.visitor, again, '/consent', { choice: 'deny' })
    expect(await refusal(hear(other, hall))).toBe('access_denied')
  })

  test('D02 its person reads how their identity was verified before it is told, and may keep it to themselves where it is a wish', async () => {
    const who = await enrol(server, portal)
    const verified = (how: object | null) => ({ verification: { trust_framework: null, assurance_level: null }, claims: { name: how } })
    const through = async (how: object | null, fields: Record<string, string> = {}) => {
      const asked = await start('openid profile', kiosk, { claims: JSON.stringify({ id_token: { name: { essential: true }, verified_claims: verified(how) } }) })
      const consent = await choose(who.visitor, await enter(who.visitor, asked.user_code), 'confirm')
      for (const said of ['Cách danh tính của bạn được xác minh', 'Tài khoản mức 1', 'Lấy số thứ tự']) expect(consent.text).toContain(said)
      await fillIn(who.visitor, consent, '/consent', { choice: 'allow', ...fields })
      return (await hear(asked)).claims()
    }
    const told = { verification: { trust_framework: 'vn_eid', assurance_level: 'level_1' }, claims: { name: who.citizen.name } }
    expect(await through({ essential: true })).toMatchObject({ verified_claims: told })
    const without = await through(null)
    expect(without).toHaveProperty('name', who.citizen.name)
    expect(without).not.toHaveProperty('verified_claims')
    expect(await through(null, { optional: 'verification' })).toMatchObject({ verified_claims: told })
  })

  test('a link with the code in it fills it in and goes no further by itself', async () => {
    const who = await enrol(server, portal)
    const asked = await start()
    const page = await who.visitor.open(asked.verification_uri_complete ?? '')
    expect(titleOf(page.text)).toContain('Nhập mã hiện trên thiết bị')
    expect(page.text).toContain(`value="${asked.user_code}"`)
    expect(page.text).not.toContain('<script')
    expect(await refusal(hear(asked))).toBe('authorization_pending')
    const confirm = await fillIn(who.visitor, page, '/thiet-bi', { user_code: asked.user_code })
    expect(titleOf(confirm.text)).toContain('trên một thiết bị khác?')
    const made = await who.visitor.open(`${door()}?user_code=${encodeURIComponent('"><script>alert(1)</script>')}`)
    expect(made.text).not.toContain('<script')
  })

  test('wrong, used and empty codes are said kindly', async () => {
    const who = await enrol(server, portal)
    const asked = await start()
    await letIn(who, asked.user_code)
    const told = async (code: string) => /<li><a href="#user_code">([^<]*)/.exec((await enter(who.visitor, code)).text)?.[1]
    expect(await told('')).toBe('Hãy nhập mã đang hiện trên thiết bị.')
    expect(await told('BBBB-BBBB')).toContain('Không có mã này')
    expect(await told(asked.user_code)).toContain('Mã này đã được dùng')
  })

  test('L01: is not let in when that cannot be written down, and hears so', async () => {
    const who = await enrol(server, portal)
    const asked = await start()
    vi.spyOn(server.house.serviceSessions, 'begin').mockRejectedValueOnce(new Problem('service.unavailable'))
    const page = await choose(who.visitor, await enter(who.visitor, asked.user_code), 'confirm')
    expect(page.status).toBe(503)
    expect(page.text).toContain('href="/thiet-bi"')
    expect(await refusal(hear(asked))).toBe('temporarily_unavailable')
    const account = await accountOf(server, who)
    const granted = () => server.house.database.rows(sql`select id from audit_event where type = 'authorization.granted' and client_id = 'kiosk' and account_id = ${account}`)
    expect(await granted()).toHaveLength(0)
    const again = await start()
    await letIn(who, again.user_code)
    expect(await refusal(hear(again))).toBe('granted')
    expect(await granted()).toHaveLength(1)
  })

  test('P14: with max_age=0 it is confirmed by a new sign-in, whoever is signed in already', async () => {
    const who = await enrol(server, portal)
    const asked = await start('openid', kiosk, { max_age: '0' })
    const page = await choose(who.visitor, await enter(who.visitor, asked.user_code), 'confirm')
    expect(isSignIn(page)).toBe(true)
    await agree(who.visitor, await tap(who.visitor, page, who.citizen.authenticator))
    expect(await refusal(hear(asked))).toBe('granted')
  })

  test('P12: takes an ID token as a hint, of whoever confirms, and no other token of ours', async () => {
    const [who, other] = [await enrol(server, signed), await enrol(server, signed)]
    const { tokens } = await signIn(signed, who)
    const told = await get(`${server.issuer}/userinfo`, { authorization: `Bearer ${tokens.access_token}` })
    const hinted = async (hint: string, by: Enrolled) => {
      const asked = await start('openid', signed, { id_token_hint: hint })
      return { asked, page: await agree(by.visitor, await choose(by.visitor, await enter(by.visitor, asked.user_code), 'confirm')) }
    }
    expect(await refusal(hear((await hinted(tokens.id_token ?? '', who)).asked, signed))).toBe('granted')
    expect(await refusal(start('openid', signed, { id_token_hint: 'no.token.atall' }))).toBe('invalid_request')
    // Whoever is meant may still sign in where somebody else confirmed; nobody else is let in for them.
    for (const [authenticator, outcome] of [[who.citizen.authenticator, 'granted'], [other.citizen.authenticator, 'login_required']] as const) {
      const visitor = makeVisitor({ leaveAt })
      await signIn(portal, { ...other, visitor })
      const { asked, page } = await hinted(tokens.id_token ?? '', { ...other, visitor })
      expect(isSignIn(page)).toBe(true)
      const signedIn = await tap(visitor, page, authenticator)
      // Another session ends first, on a page that goes on by itself.
      const ending = /<form[^>]*action="([^"]+)"/.exec(signedIn.text)?.[1]
      await agree(visitor, ending === undefined ? signedIn : await visitor.submit(new URL(ending, signedIn.url), hiddenFields(signedIn.text), signedIn.url))
      expect(await refusal(hear(asked, signed))).toBe(outcome)
    }
    expect(await refusal(hear((await hinted(told.text, who)).asked, signed))).toBe('invalid_request')
  })

  test('W05: is confirmed in one browser only, of two at the same time', async () => {
    const outcomes = []
    for (let round = 0; round < 5; round += 1) {
      const [one, other] = [await enrol(server, portal), await enrol(server, portal)]
      const asked = await start()
      const pages = await Promise.all([one, other].map(async ({ visitor }) => ({ visitor, page: await enter(visitor, asked.user_code) })))
      const done = await Promise.all(pages.map(async ({ visitor, page }) => agree(visitor, await choose(visitor, page, 'confirm'))))
      outcomes.push(done.filter(({ text }) => titleOf(text).includes('Thiết bị đã được đăng nhập')).length)
      expect(await refusal(hear(asked))).toBe('granted')
    }
    expect(outcomes).toEqual([1, 1, 1, 1, 1])
  })

  test('W05: what one browser confirmed, another cannot go on with; a form needs the token of its own session', async () => {
    const [who, other] = [await enrol(server, portal), await enrol(server, portal)]
    const asked = await start()
    const visitor = makeVisitor({ leaveAt })
    const page = await choose(visitor, await enter(visitor, asked.user_code), 'confirm')
    expect(titleOf((await other.visitor.open(page.url)).text)).toContain('Trang này không còn dùng được')
    const foreign = formAt((await other.visitor.open(door())).text, '/thiet-bi').fields['xsrf'] ?? ''
    const second = await start()
    await who.visitor.open(door())
    const forged = await who.visitor.submit(door(), { xsrf: foreign, user_code: second.user_code, confirm: 'yes' })
    expect(titleOf(forged.text)).toContain('Lỗi: ')
    expect([await refusal(hear(asked)), await refusal(hear(second))]).toEqual(['authorization_pending', 'authorization_pending'])
  })

  test('W11: a session has twenty guesses', async () => {
    const { visitor } = await enrol(server, portal)
    let page = await visitor.open(door())
    const told: string[] = []
    for (let guess = 0; guess < 21; guess += 1) {
      page = await fillIn(visitor, page, '/thiet-bi', { user_code: `BBBB-BBB${'BCDFGHJKLMNPQRSTVWXZB'[guess]}` })
      told.push(page.text.includes('Không có mã này') ? 'wrong' : titleOf(page.text))
      if (page.status === 429) break
    }
    expect(told).toEqual([...Array.from({ length: 20 }, () => 'wrong'), 'Lỗi: Bạn đã thử quá nhiều lần – Định danh điện tử'])
    expect(page.text).toContain('<a class="btn primary" href="/thiet-bi"><span>Về trang nhập mã</span></a>')
    const asked = await start()
    expect((await enter(visitor, asked.user_code)).status).toBe(429)
    const { visitor: other } = await enrol(server, portal)
    expect((await enter(other, asked.user_code)).text).toContain(asked.user_code)
  })

  test('W12: gives nothing when the account is locked before it asks, and ends with the session that let it in', async () => {
    const [locked, leaving] = [await enrol(server, portal), await enrol(server, portal)]
    const [one, other] = [await start(), await start()]
    await letIn(locked, one.user_code)
    await lock(server, locked)
    expect(await refusal(hear(one))).toBe('invalid_grant')
    await letIn(leaving, other.user_code)
    const tokens = await hear(other)
    const bearer = { authorization: `Bearer ${tokens.access_token}` }
    expect((await get(`${server.issuer}/userinfo`, bearer)).status).toBe(200)
    const out = await leaving.visitor.open(`${server.issuer}/end-session`)
    await fillIn(leaving.visitor, out, '/end-session/confirm')
    expect((await get(`${server.issuer}/userinfo`, bearer)).status).toBe(401)
  })

  test('belongs to its service, and services without the grant have none', async () => {
    const who = await enrol(server, portal)
    const asked = await start()
    await letIn(who, asked.user_code)
    expect(await refusal(hear(asked, portal))).toBe('invalid_request')
    expect(await refusal(client.initiateDeviceAuthorization(portal.config, { scope: 'openid' }))).toBe('invalid_request')
    expect((await hear(asked)).claims()?.sub).toBe((await signIn(kiosk, who)).claims.sub)
  })
})
