import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fillIn, requestOptions, tap, useAnother } from '#test/support/citizen.ts'
import { accountOf } from '#test/support/hardware-key.ts'
import { arrive, authorization, enrol, get, isSignIn, signIn } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { hiddenFields, makeVisitor, titleOf, type Stop, type Visitor } from '#test/support/visitor.ts'

const client = testClient({ name: 'portal' })

let server: TestServer
let portal: RelyingParty

beforeAll(async () => {
  server = await startServer({ clients: () => [client.metadata] })
  portal = await makeRelyingParty(client.party(server.issuer))
})
afterAll(() => server.close())

async function ask(visitor: Visitor, wish: Record<string, string> = {}, how: { pushed?: boolean } = {}) {
  const { url, checks } = await portal.begin(wish, how)
  return { page: await visitor.open(url), checks }
}

const said = ({ url }: Stop) => Object.fromEntries(url.searchParams)
const choosing = ({ text }: Stop) => text.includes('value="same"')
const stranger = (): Visitor => makeVisitor({ leaveAt })

/** Presses the button of the page by which the library signs one person out before another comes in. */
async function signedOut(visitor: Visitor, page: Stop): Promise<Stop> {
  const action = /<form[^>]*action="([^"]+)"/.exec(page.text)?.[1] ?? ''
  return visitor.submit(new URL(action, page.url), hiddenFields(page.text), page.url)
}

describe('prompt=select_account', () => {
  test('asks whoever is signed in, by name and with a number that nobody else can read, and goes on with them', async () => {
    const who = await enrol(server, portal)
    const { page, checks } = await ask(who.visitor, { prompt: 'select_account' })
    expect([page.status, titleOf(page.text)]).toEqual([200, expect.stringContaining('Vào Dịch vụ portal bằng tài khoản nào?')])
    expect(page.text).toContain(who.citizen.name)
    expect(page.text).toContain(`${who.citizen.number.slice(0, 3)}•••••${who.citizen.number.slice(-4)}`)
    expect(page.text).not.toContain(who.citizen.number)
    const end = await fillIn(who.visitor, page, '/account', { choice: 'same' })
    expect((await portal.finish(end.url, checks)).claims.sub).toBe((await signIn(portal, who)).claims.sub)
  })

  test('lets another person in, once, and signs the first one out', async () => {
    const [who, other] = [await enrol(server, portal), await enrol(server, portal)]
    const { page, checks } = await ask(who.visitor, { prompt: 'select_account' })
    const plain = await useAnother(who.visitor, page)
    expect([isSignIn(plain), requestOptions(plain).allowCredentials]).toEqual([true, []])
    const end = await signedOut(who.visitor, await tap(who.visitor, plain, other.citizen.authenticator))
    expect((await portal.finish(end.url, checks)).claims.sub).toBe((await signIn(portal, other)).claims.sub)
  })

  test('after all the same person, who signs in again', async () => {
    const who = await enrol(server, portal)
    const { page, checks } = await ask(who.visitor, { prompt: 'select_account' })
    const end = await tap(who.visitor, await useAnother(who.visitor, page), who.citizen.authenticator)
    expect((await portal.finish(end.url, checks)).claims.sub).toBe((await signIn(portal, who)).claims.sub)
  })

  test('asks nobody who is not signed in: they choose by signing in', async () => {
    const who = { ...(await enrol(server, portal)), visitor: stranger() }
    const { page, checks } = await ask(who.visitor, { prompt: 'select_account' })
    expect([isSignIn(page), choosing(page)]).toEqual([true, false])
    expect((await portal.finish((await arrive(who.visitor, page, who.citizen)).url, checks)).claims.sub).toEqual(expect.any(String))
  })

  test('does not offer an account that has been locked since', async () => {
    const who = await enrol(server, portal)
    await server.house.accounts.move(await accountOf(server, who.citizen), { to: 'lock', ground: 'terms-breach', by: 'operator' }, new Date())
    const { page } = await ask(who.visitor, { prompt: 'select_account' })
    expect([isSignIn(page), choosing(page), page.text.includes(who.citizen.name)]).toEqual([true, false, false])
  })

  test('comes before signing in again and before consent, where these are asked for too', async () => {
    const who = await enrol(server, portal)
    const { page, checks } = await ask(who.visitor, { prompt: 'select_account login consent', scope: 'openid profile' })
    expect(choosing(page)).toBe(true)
    const again = await fillIn(who.visitor, page, '/account', { choice: 'same' })
    expect(titleOf(again.text)).toContain('Xác nhận lại')
    const consent = await tap(who.visitor, again, who.citizen.authenticator)
    const end = await fillIn(who.visitor, consent, '/consent', { choice: 'allow' })
    expect((await portal.finish(end.url, checks)).claims.sub).toEqual(expect.any(String))
  })
})

describe('prompt', () => {
  test.each(['none login', 'none consent', 'none select_account', 'login none', 'create', 'login create', 'LOGIN', 'no'])('%j is refused', async (prompt) => {
    await expect(portal.begin({ prompt })).rejects.toMatchObject({ error: 'invalid_request' })
    const { page } = await ask(stranger(), { prompt }, { pushed: false })
    expect(said(page)).toMatchObject({ error: 'invalid_request', iss: server.issuer })
  })

  test('P18: discovery names those that are taken', async () => {
    const { json } = await get(`${server.issuer}/.well-known/openid-configuration`)
    expect(json).toMatchObject({ prompt_values_supported: ['none', 'login', 'consent', 'select_account'], display_values_supported: ['page'] })
  })

  test('P14: login signs the same person in anew, in the same session', async () => {
    const who = await enrol(server, portal)
    const before = await signIn(portal, who)
    const { page, checks } = await ask(who.visitor, { prompt: 'login' })
    const after = await portal.finish((await tap(who.visitor, page, who.citizen.authenticator)).url, checks)
    expect([after.claims.sub, after.claims['sid']]).toEqual([before.claims.sub, before.claims['sid']])
    expect(said((await ask(who.visitor, { prompt: 'none' })).page)).toHaveProperty('code')
  })

  test('P14: consent asks although nothing is shared but that one has signed in', async () => {
    const who = await enrol(server, portal)
    const { page, checks } = await ask(who.visitor, { prompt: 'consent' })
    expect([page.status, titleOf(page.text)]).toEqual([200, expect.stringContaining('Cho Dịch vụ portal biết bạn đã đăng nhập?')])
    expect((await portal.finish((await fillIn(who.visitor, page, '/consent', { choice: 'allow' })).url, checks)).claims.sub).toEqual(expect.any(String))
    const refused = await fillIn(who.visitor, (await ask(who.visitor, { prompt: 'consent' })).page, '/consent', { choice: 'deny' })
    expect(said(refused)).toMatchObject({ error: 'access_denied' })
  })

  // Both at once ask for a sign-in without a sign-in. Of a pushed request the library keeps them as "none login", which it then refuses.
  test.each([{ pushed: true, error: 'invalid_request' }, { pushed: false, error: 'login_required' }])('none with max_age=0 is never an answer ($error)', async ({ error, ...how }) => {
    const who = await enrol(server, portal)
    expect(said((await ask(who.visitor, { prompt: 'none', max_age: '0' }, how)).page)).toMatchObject({ error })
  })
})

describe('hints', () => {
  const field = ({ text }: Stop) => /<input[^>]*name="number"[^>]*>/.exec(text)?.[0] ?? ''

  test('login_hint: a number is filled in and nothing more, whether somebody has it or not (W10)', async () => {
    const who = await enrol(server, portal)
    for (const number of [who.citizen.number, '001099999998']) {
      const { page } = await ask(stranger(), { login_hint: number })
      expect(field(page)).toContain(`value="${number.replaceAll(/(\d{3})(?=\d)/g, '$1 ')}"`)
      expect(requestOptions(page).allowCredentials).toEqual([])
    }
  })

  test.each(['"><script>alert(1)</script>', 'lan@example.com', '12345', '0'.repeat(40), 'không-phải-số'])('login_hint that is no number is passed over: %j', async (hint) => {
    const { page } = await ask(stranger(), { login_hint: hint })
    expect([page.status, field(page).includes(' value='), page.text.includes(hint)]).toEqual([200, false, false])
  })

  test('id_token_hint: the answer is never about another person than the one who is meant', async () => {
    const [who, other] = [await enrol(server, portal), await enrol(server, portal)]
    const { tokens } = await signIn(portal, who)
    const wish = { id_token_hint: tokens.id_token ?? '' }

    const fresh = stranger()
    const first = await ask(fresh, wish)
    expect(said(await tap(fresh, first.page, other.citizen.authenticator))).toMatchObject({ error: 'login_required', state: first.checks.state, iss: server.issuer })

    const chosen = await ask(other.visitor, { ...wish, prompt: 'select_account' })
    const plain = await fillIn(other.visitor, chosen.page, '/account', { choice: 'same' })
    expect([isSignIn(plain), requestOptions(plain).allowCredentials, said(plain)]).toEqual([true, [], {}])

    const own = await ask(other.visitor, wish)
    const end = await signedOut(other.visitor, await tap(other.visitor, own.page, who.citizen.authenticator))
    expect((await portal.finish(end.url, own.checks)).claims.sub).toBe((await signIn(portal, who)).claims.sub)
  })

  test('a value for sub in the claims parameter means the same', async () => {
    const [who, other] = [await enrol(server, portal), await enrol(server, portal)]
    const { sub } = (await signIn(portal, who)).claims
    const wish = { claims: JSON.stringify({ id_token: { sub: { value: sub } } }) }
    expect(said((await ask(who.visitor, { ...wish, prompt: 'none' })).page)).toHaveProperty('code')
    expect(said((await ask(other.visitor, { ...wish, prompt: 'none' })).page)).toMatchObject({ error: 'login_required' })
    const fresh = stranger()
    expect(said(await tap(fresh, (await ask(fresh, wish)).page, other.citizen.authenticator))).toMatchObject({ error: 'login_required' })
  })

  test('id_token_hint that we have not signed, or cannot read, is refused', async () => {
    const who = await enrol(server, portal)
    const own = (await signIn(portal, who)).tokens.id_token ?? ''
    const [head = '', body = ''] = own.split('.')
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    for (const hint of [`${head}.${body}.`, `${none}.${body}.`, `${own.slice(0, -6)}AAAAAA`, `${own}.AAAA.AAAA`, 'x', '{}']) {
      expect(said((await ask(who.visitor, { id_token_hint: hint }, { pushed: false })).page), hint).toMatchObject({ error: 'invalid_request' })
    }
  })
})

test('what we do not know is passed over, and how the page should look changes nothing', async () => {
  const who = await enrol(server, portal)
  const base = authorization(client.party(server.issuer))
  for (const more of [{ display: 'popup' }, { display: 'none-such' }, { ui_locales: 'fr zz-ZZ' }, { vtr: '["P2"]' }, { 'x-unknown': 'a' }, { claims_locales: 'en' }]) {
    const query = new URLSearchParams({ ...base, ...more }).toString()
    expect(said(await who.visitor.open(`${server.issuer}/authorize?${query}`)), query).toHaveProperty('code')
  }
  const { page } = await ask(stranger(), { ui_locales: 'en' })
  expect(titleOf(page.text)).toContain('Sign in to Dịch vụ portal')
})
