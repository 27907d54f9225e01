import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api, makeScene, type Scene } from '#test/support/attack-scene.ts'
import { ask, authorizeBy, bearing, makeHolder, postProven, redeem, tokenOf } from '#test/support/hand-made.ts'
import { assertionOf, authorization, authorize, get, isSignIn, post, redemption, signIn, type Told } from '#test/support/journey.ts'
import { leaveAt } from '#test/support/test-clients.ts'
import { formAt, makeVisitor, titleOf } from '#test/support/visitor.ts'

/*
 * A1 of the FAPI 2.0 Attacker Model: the web attacker. Owns sites, a browser, an account of his own and a registered client; makes people
 * follow any link and their browsers send any request whose content he knows. Reads nothing between other parties.
 *
 * Tried: his code in the victim's sign-in and the other way round; his client in place of an honest one; requests of one client shown as
 * another's; addresses, scopes and details that nobody pushed; interactions that one browser begins and another ends; tokens asked
 * about and revoked by strangers; clients he is not. A baseline client gives up that the request is nobody else's to write (it may come
 * unpushed) and that a token is worth nothing to its thief.
 */
let scene: Scene
beforeAll(async () => {
  scene = await makeScene()
})
afterAll(() => scene.server.close())

const url = (path: string) => `${scene.server.issuer}${path}`
const refusals = ['invalid_grant', 'invalid_client', 'invalid_request', 'unauthorized_client']

function expectRefused(told: Told): void {
  expect(told.status).toBeGreaterThanOrEqual(400)
  expect(told.json).not.toHaveProperty('access_token')
  expect(refusals).toContain(told.json['error'])
}

describe('codes', () => {
  test.each(['bank', 'signing', 'portal', 'app'] as const)('P06: one that was given to %s is worth nothing to another client, and stays good for its own', async (name) => {
    const holder = await makeHolder()
    const given = await authorize(scene.at[name], scene.victim)
    const code = name === 'signing' ? 'inside the signed response' : given.answer.searchParams.get('code') ?? ''
    const asEvil = { ...redemption(scene.party('evil'), given.answer, given.checks), code }
    expectRefused(await postProven(holder, url('/token'), async () => ({ ...asEvil, ...(await assertionOf(scene.party('evil'))) })))
    const withItsAddress = { ...asEvil, redirect_uri: scene.party(name).redirectUri }
    expectRefused(await postProven(holder, url('/token'), async () => ({ ...withItsAddress, ...(await assertionOf(scene.party('evil'))) })))
    expect((await scene.at[name].finish(given.answer, given.checks)).tokens.access_token).toBeTypeOf('string')
  })

  test.each(['bank', 'portal', 'app'] as const)('P04: the attacker’s own, put into the victim’s sign-in at %s, signs nobody in (RFC 9700 §4.5, §4.7)', async (name) => {
    const begun = await scene.at[name].begin()
    const own = await authorize(scene.at[name], scene.attacker)
    await expect(scene.at[name].finish(own.answer, begun.checks)).rejects.toMatchObject({ cause: { message: expect.stringContaining('state') } })
    const withoutLooking = new URL(own.answer)
    withoutLooking.searchParams.set('state', begun.checks.state)
    await expect(scene.at[name].finish(withoutLooking, begun.checks)).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  test('P15: a signed response cannot be put together from two (JARM §2.4)', async () => {
    const [one, other] = [await authorize(scene.at.signing, scene.attacker), await authorize(scene.at.signing, scene.victim)]
    const [head = '', , signature = ''] = (one.answer.searchParams.get('response') ?? '').split('.')
    const [, body = ''] = (other.answer.searchParams.get('response') ?? '').split('.')
    const mixed = new URL(other.answer)
    mixed.searchParams.set('response', [head, body, signature].join('.'))
    await expect(scene.at.signing.finish(mixed, other.checks)).rejects.toThrow()
    await expect(scene.at.signing.finish(one.answer, other.checks)).rejects.toThrow()
  })
})

describe('requests', () => {
  test.each(['bank', 'signing'] as const)('P03: of %s cannot be shown as another client’s, nor another’s as its own, and nobody is sent anywhere', async (name) => {
    const [own, foreign] = [(await scene.at[name].begin()).url, (await scene.at.evil.begin()).url]
    for (const [client, from] of [['evil', own], [name, foreign], ['portal', own], ['nobody', own], ['', own]] as const) {
      const query = new URLSearchParams({ client_id: client, request_uri: from.searchParams.get('request_uri') ?? '' })
      const told = await get(url(`/authorize?${query.toString()}`), { cookie: scene.victim.visitor.jar.header(own) })
      expect([client, told.status, told.headers.get('location')]).toEqual([client, 400, null])
    }
    const good = await scene.victim.visitor.open(own)
    expect(good.url.searchParams.has(name === 'signing' ? 'response' : 'code')).toBe(true)
  })

  test('P05: no client pushes another’s address', async () => {
    for (const redirect of [scene.party('bank').redirectUri, scene.party('portal').redirectUri, 'https://evil.example/callback']) {
      const told = await post(url('/par'), { ...authorization(scene.party('evil')), redirect_uri: redirect, ...(await assertionOf(scene.party('evil'))) })
      expect([redirect, told.status, told.json['request_uri']]).toEqual([redirect, 400, undefined])
    }
  })

  test('P03: what stands beside a pushed request changes nothing of it, also for a client whose requests are signed', async () => {
    for (const name of ['bank', 'signing'] as const) {
      const { url: pushed, checks } = await scene.at[name].begin()
      const beside = { scope: 'openid email phone', state: 'forged', nonce: 'forged', redirect_uri: scene.party('evil').redirectUri, response_mode: 'fragment', acr_values: 'urn:vn:eid:loa:1', claims: '{"userinfo":{"vn_personal_id":null}}', code_challenge: 'a'.repeat(43) }
      for (const [field, value] of Object.entries(beside)) pushed.searchParams.set(field, value)
      const { url: answer } = await scene.victim.visitor.open(pushed)
      expect(answer.pathname).toBe(`/${name}/callback`)
      expect((await scene.at[name].finish(answer, checks)).tokens.scope).toBe('openid')
    }
  })

  test('P03: a link that was written instead of pushed leads to no code, and the person to nobody but the client itself', async () => {
    for (const name of ['bank', 'signing'] as const) {
      const written = url(`/authorize?${new URLSearchParams(authorization(scene.party(name))).toString()}`)
      const told = await get(written, { cookie: scene.victim.visitor.jar.header(new URL(written)) })
      const to = new URL(told.headers.get('location') ?? 'none:')
      expect([to.origin + to.pathname, to.searchParams.has('code')]).toEqual([scene.party(name).redirectUri, false])
    }
    const asBaseline = url(`/authorize?${new URLSearchParams(authorization(scene.party('portal'))).toString()}`)
    expect((await scene.victim.visitor.open(asBaseline)).url.searchParams.has('code')).toBe(true)
  })

  test('P15: a request signed by one client’s key is not another’s request', async () => {
    const byEvil = await scene.at.evil.begin({}, { pushed: false })
    const fields = Object.fromEntries(byEvil.url.searchParams)
    const signed = await signedBy('evil', { ...fields, client_id: 'signing', redirect_uri: scene.party('signing').redirectUri })
    const told = await post(url('/par'), { request: signed, client_id: 'signing', ...(await assertionOf(scene.party('signing'))) })
    expect([told.status, told.json['error']]).toEqual([400, 'invalid_request_object'])
  })

  test('P16: nobody widens at the token endpoint what the person confirmed (RFC 9396 §6.1)', async () => {
    const payment = (amount: string) => JSON.stringify([{ type: 'vn_payment_confirmation', instructedAmount: { currency: 'VND', amount }, creditorName: 'NGUYỄN VĂN AN', creditorAccount: { number: '0123456789', bank: 'Ngân hàng' } }])
    const [holder, resource] = [await makeHolder(), api.identifier]
    const asked = { party: scene.party('bank'), who: scene.victim, parameters: { authorization_details: payment('50000'), scope: 'openid payments', resource } }
    const told = await redeem(holder, asked.party, await authorizeBy(holder, asked), { authorization_details: payment('90000000'), resource })
    expect([told.status, told.json['error']]).toEqual([400, 'invalid_authorization_details'])
  })
})

async function signedBy(name: 'evil' | 'signing', claims: Record<string, string>): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const { client_assertion: jwt = '' } = await assertionOf(scene.party(name), { ...claims, iss: claims['client_id'], sub: undefined, nbf: now, exp: now + 60 }, { typ: 'oauth-authz-req+jwt', kid: 'one' })
  return jwt
}

describe('browsers', () => {
  test('W05: an interaction that the attacker began is not the victim’s: not to see, not to go on with, not to end (CVE-2026-7507)', async () => {
    const mine = makeVisitor({ leaveAt })
    const page = await mine.open((await scene.at.bank.begin()).url)
    const begun = page.url.pathname
    const uid = begun.split('/').at(-1) ?? ''
    const seen = await scene.victim.visitor.open(page.url)
    expect([seen.status, isSignIn(seen)]).toEqual([400, false])
    const resumed = await get(url(`/authorize/${uid}`), { cookie: scene.victim.visitor.jar.header(new URL(url(`/authorize/${uid}`))) })
    expect([resumed.status, resumed.headers.get('location')]).toEqual([400, null])
    for (const ending of ['/passkey', '/consent', '/cancel', '/narrow', '/register']) {
      const told = await scene.victim.visitor.submit(url(`${begun}${ending}`), { csrf: formAt(page.text, '/cancel').fields['csrf'] ?? '' })
      expect([ending, told.status]).toEqual([ending, expect.toSatisfy((status: number) => status === 400 || status === 403)])
    }
    expect(isSignIn(await mine.open(page.url))).toBe(true)
  })

  test('W05: a cookie that the attacker wrote is no cookie of ours', async () => {
    const mine = makeVisitor({ leaveAt })
    const page = await mine.open((await scene.at.bank.begin()).url)
    const real = mine.jar.read(page.url)
    expect(real.size).toBeGreaterThan(1)
    const forgeries = [
      { 'eid-interaction': real.get('eid-interaction') ?? '' },
      { 'eid-interaction': real.get('eid-interaction') ?? '', 'eid-interaction.sig': 'A'.repeat(27) },
      { 'eid-interaction': 'x'.repeat(21), 'eid-interaction.sig': real.get('eid-interaction.sig') ?? '' },
      { 'eid-session': 'x'.repeat(43), 'eid-session.sig': real.get('eid-interaction.sig') ?? '' },
    ]
    for (const forgery of forgeries) {
      const cookie = Object.entries(forgery).map(([name, value]) => `${name}=${value}`).join('; ')
      const told = await get(page.url.href, { cookie, accept: 'text/html' })
      expect([cookie.length, told.status]).toEqual([cookie.length, 400])
    }
  })

  test('S02: the session that was there before a sign-in is not the one after it (CVE-2023-6787)', async () => {
    const visitor = makeVisitor({ leaveAt })
    visitor.jar.keep(new URL(url('/')), new Headers({ 'set-cookie': 'eid-session=fixed-by-somebody; Path=/' }))
    const page = await visitor.open((await scene.at.bank.begin()).url)
    const before = visitor.jar.read(new URL(url('/'))).get('eid-session')
    const end = await scene.victim.visitor.open((await scene.at.bank.begin()).url)
    expect(end.url.searchParams.has('code')).toBe(true)
    expect([isSignIn(page), before === scene.victim.visitor.jar.read(new URL(url('/'))).get('eid-session')]).toEqual([true, false])
  })

  test('S04: no page of a sign-in can be framed, and a request to sign in says whose it is', async () => {
    const page = await makeVisitor({ leaveAt }).open((await scene.at.evil.begin()).url)
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(page.headers.get('x-frame-options')).toBe('DENY')
    expect(titleOf(page.text)).toContain('Dịch vụ evil')
  })
})

describe('tokens of others', () => {
  test('P12: are neither told about nor revoked', async () => {
    const mine = await makeHolder()
    const token = await tokenOf(mine, { party: scene.party('bank'), who: scene.victim })
    for (const name of ['evil', 'portal', 'api', 'land'] as const) {
      const told = await post(url('/introspect'), { token, ...(await assertionOf(scene.party(name))) })
      expect([name, told.json]).toEqual([name, { active: false }])
      await post(url('/revoke'), { token, ...(await assertionOf(scene.party(name))) })
    }
    expect((await ask(url('/userinfo'), await bearing(mine, token, url('/userinfo')))).status).toBe(200)
  })

  test('P12: people are called differently at the attacker’s client, so what he learns there names nobody elsewhere', async () => {
    const [there, here] = [await signIn(scene.at.bank, scene.victim), await signIn(scene.at.evil, scene.victim)]
    expect(here.claims.sub).not.toBe(there.claims.sub)
  })
})

describe('clients he is not', () => {
  test('P08: no assertion by another’s key, and none beside another’s name', async () => {
    const mine = await assertionOf(scene.party('evil'))
    const asBank = await assertionOf(scene.party('evil'), { iss: 'bank', sub: 'bank' })
    const half = await assertionOf(scene.party('evil'), { sub: 'bank' })
    for (const [fields, proof] of [[authorization(scene.party('bank')), mine], [authorization(scene.party('bank')), asBank], [authorization(scene.party('bank')), half]] as const) {
      expectRefused(await post(url('/par'), { ...fields, ...proof }))
    }
    const { client_assertion: jwt = '' } = await assertionOf(scene.party('bank'))
    expectRefused(await post(url('/token'), { grant_type: 'client_credentials', client_id: 'bank' }))
    expectRefused(await post(url('/token'), { grant_type: 'client_credentials', client_id: 'bank', client_secret: jwt }))
    expectRefused(await post(url('/token'), { grant_type: 'client_credentials' }, { authorization: `Basic ${btoa(`bank:${jwt}`)}` }))
  })
})
