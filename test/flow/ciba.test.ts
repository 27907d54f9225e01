import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, decline, hear, lock, openRequest, pick, refusal, sayYes, unlock } from '#test/support/counter.ts'
import { requestOptions } from '#test/support/citizen.ts'
import { byItself } from '#test/support/five-seconds.ts'
import { addHardwareKey } from '#test/support/hardware-key.ts'
import { accountOf, arrive, assertionOf, enrol, get, isSignIn, post, signIn, type Enrolled } from '#test/support/journey.ts'

import { openServiceSite, type ServiceSite } from '#test/support/service-site.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient, type TestClient } from '#test/support/test-clients.ts'
import { makeVisitor, titleOf } from '#test/support/visitor.ts'

const grants = { grant_types: ['authorization_code', 'urn:openid:params:grant-type:ciba'], backchannel_token_delivery_mode: 'poll' }

describe.each(engines)('a service asks at its counter (CIBA), on %s,', (engine) => {
  let server: TestServer
  let site: ServiceSite
  let clients: Record<'bank' | 'insurer' | 'caller' | 'city' | 'portal', TestClient>
  let bank: RelyingParty
  let insurer: RelyingParty

  beforeAll(async () => {
    site = await openServiceSite()
    clients = {
      bank: site.published(testClient({
        name: 'bank', profile: 'fapi2', metadata: { ...grants, relying_party_class: 'B', purposes: [{ claims: ['name', 'birthdate', 'email'], basis: 'consent', purpose: { vi: 'Mở tài khoản tại quầy', en: 'Open an account at the counter' } }] },
      })),
      insurer: site.published(testClient({ name: 'insurer', profile: 'fapi2', metadata: { ...grants, minimum_account_level: 2 } })),
      caller: site.published(testClient({
        name: 'caller', profile: 'fapi2', metadata: { ...grants, backchannel_token_delivery_mode: 'ping', backchannel_client_notification_endpoint: site.notifications },
      })),
      city: site.published(testClient({
        name: 'city', profile: 'fapi2', metadata: { ...grants, purposes: [{ claims: ['resident_of'], resident_of: ['79', '01'], basis: 'consent', purpose: { vi: 'Giảm giá vé', en: 'Cheaper tickets' } }] },
      })),
      portal: testClient({ name: 'portal' }),
    }
    const best = { level: 2, resistances: ['phr', 'phrh'] } as const
    server = await startServer({ engine, best, env: { OUTBOUND_ALLOW: 'localhost' }, clients: () => Object.values(clients).map(({ metadata }) => metadata) })
    bank = await makeRelyingParty(clients.bank.party(server.issuer))
    insurer = await makeRelyingParty(clients.insurer.party(server.issuer))
  })
  afterAll(async () => {
    await server.close()
    await site.close()
  })

  const enrolled = () => enrol(server, bank)
  const askFor = ({ citizen }: Enrolled, parameters: Record<string, string> = {}) => ask(bank, { login_hint: citizen.number, ...parameters })
  const events = async (type: string) => server.house.database.rows(sql<{ reason: string }>`select data->>'reason' as reason from audit_event where type = ${type}`)

  test('and hears who it is once the person has picked the code and unlocked their passkey', async () => {
    const who = await enrolled()
    const asked = await askFor(who, { scope: 'openid profile', nonce: 'a-nonce-of-the-counter' })
    expect(asked.expiresIn).toBe(300)
    expect(await refusal(hear(bank, asked))).toBe('authorization_pending')

    const page = await openRequest(server, who)
    expect(titleOf(page.text)).toContain('Dịch vụ bank muốn bạn xác nhận')
    expect(page.text).toContain('Cơ quan bank')
    const confirm = await pick(who, page)
    expect(confirm.text).toContain('Mở tài khoản tại quầy')
    expect(confirm.text).toContain(who.citizen.name)
    const end = await unlock(who, confirm)
    expect(titleOf(end.text)).toContain('Bạn đã xác nhận')

    const tokens = await hear(bank, asked)
    const claims = tokens.claims()
    expect(claims).toMatchObject({ acr: 'urn:vn:eid:loa:2', amr: ['swk', 'user', 'mfa'], nonce: 'a-nonce-of-the-counter', aud: 'bank' })
    expect(claims?.auth_time).toBeGreaterThan(Date.now() / 1000 - 60)
    const told = await bank.call(new URL('/userinfo', server.issuer), tokens.access_token)
    expect(await told.json()).toMatchObject({ sub: claims?.sub, name: who.citizen.name })
    const browser = await signIn(bank, who)
    expect(claims?.sub).toBe(browser.claims.sub)
    expect(await refusal(hear(bank, asked))).toBe('invalid_grant')
  })

  test('P14: and is answered with the acr it asked for, where the passkey showed it', async () => {
    const who = await enrolled()
    const key = await addHardwareKey(server, who.citizen)
    const inHardware: Enrolled = { visitor: who.visitor, citizen: { ...who.citizen, authenticator: key } }
    const answered = async (from: Enrolled, parameters: Record<string, string>) => {
      const asked = await askFor(who, parameters)
      await sayYes(server, from)
      return (await hear(bank, asked)).claims()?.['acr']
    }
    expect(await answered(who, { acr_values: 'phr' })).toBe('phr')
    expect(await answered(who, { acr_values: 'phrh phr' })).toBe('phr')
    expect(await answered(who, { acr_values: 'urn:vn:eid:loa:1 phr' })).toBe('urn:vn:eid:loa:2')
    expect(await answered(inHardware, { claims: JSON.stringify({ id_token: { acr: { essential: true, value: 'phrh' } } }) })).toBe('phrh')
  })

  test('P14: and hears that the person has no key in hardware, who is told so before they unlock anything', async () => {
    const who = await enrolled()
    const asked = await askFor(who, { acr_values: 'phrh' })
    const page = await openRequest(server, who)
    expect(titleOf(page.text)).toContain('cần khóa bảo mật phần cứng')
    expect(page.text).not.toContain('name="code"')
    await decline(who, page, 'unreachable')
    expect(await refusal(hear(bank, asked))).toBe('unmet_authentication_requirements')
    const either = await askFor(who, { acr_values: 'phrh urn:vn:eid:loa:2' })
    await sayYes(server, who)
    expect((await hear(bank, either)).claims()?.['acr']).toBe('urn:vn:eid:loa:2')
  })

  test('P14: and hears nothing of a passkey that may be copied where it insists on one in hardware', async () => {
    const who = await enrolled()
    const key = await addHardwareKey(server, who.citizen)
    const asked = await askFor(who, { acr_values: 'phrh' })
    const confirm = await pick(who, await openRequest(server, who))
    expect(titleOf((await unlock(who, confirm)).text)).not.toContain('Bạn đã xác nhận')
    expect(await refusal(hear(bank, asked))).toBe('authorization_pending')
    await unlock({ visitor: who.visitor, citizen: { ...who.citizen, authenticator: key } }, await who.visitor.open(confirm.url))
    expect((await hear(bank, asked)).claims()).toMatchObject({ acr: 'phrh', amr: ['hwk', 'user', 'mfa'] })
  })

  test('and is told whether the person lives in a place it may ask about, once they agreed to that', async () => {
    const city = await makeRelyingParty(clients.city.party(server.issuer))
    const who = await enrol(server, bank, ({ permanentResidence }) => permanentResidence?.province === '79')
    const asked = await ask(city, { login_hint: who.citizen.number, claims: JSON.stringify({ id_token: { resident_of: { essential: true, value: '79' } } }) })
    const confirm = await pick(who, await openRequest(server, who))
    expect(confirm.text).toContain('Thường trú tại')
    await unlock(who, confirm, { optional: 'resident-of' })
    expect((await hear(city, asked)).claims()).toMatchObject({ resident_of: true })
  })

  test('D02 and the person reads how their identity was verified before it is told, and may keep it to themselves where it is a wish', async () => {
    const who = await enrolled()
    const verification = { trust_framework: null, assurance_level: null }
    const askVerified = async (how: object | null) => {
      const asked = await askFor(who, { claims: JSON.stringify({ id_token: { name: { essential: true }, verified_claims: { verification, claims: { name: how } } } }) })
      const confirm = await pick(who, await openRequest(server, who))
      for (const said of ['Cách danh tính của bạn được xác minh', 'Tài khoản mức 1', 'Mở tài khoản tại quầy']) expect(confirm.text).toContain(said)
      return { asked, confirm }
    }
    const needed = await askVerified({ essential: true })
    await unlock(who, needed.confirm)
    const told = { verification: { trust_framework: 'vn_eid', assurance_level: 'level_1' }, claims: { name: who.citizen.name } }
    expect((await hear(bank, needed.asked)).claims()).toMatchObject({ verified_claims: told })

    const wished = await askVerified(null)
    await unlock(who, wished.confirm)
    const claims = (await hear(bank, wished.asked)).claims()
    expect(claims).toHaveProperty('name', who.citizen.name)
    expect(claims).not.toHaveProperty('verified_claims')

    const ticked = await askVerified(null)
    await unlock(who, ticked.confirm, { optional: 'verification' })
    expect((await hear(bank, ticked.asked)).claims()).toMatchObject({ verified_claims: told })
  })

  test('P06: tokens are given once, also to twelve polls at the same time', async () => {
    const who = await enrolled()
    const asked = await askFor(who)
    await sayYes(server, who)
    // A poll that the server has no time for (503) was given nothing either.
    const polls = await Promise.all(Array.from({ length: 12 }, () => refusal(hear(bank, asked)).catch(() => 'invalid_grant')))
    expect(polls.filter((answer) => answer === 'granted').length).toBeLessThanOrEqual(1)
    expect(new Set(polls.filter((answer) => answer !== 'granted'))).toEqual(new Set(['invalid_grant']))
  })

  test('who polls too fast is told to slow down, and hears of the answer all the same', async () => {
    const who = await enrolled()
    const asked = await askFor(who)
    expect([await refusal(hear(bank, asked)), await refusal(hear(bank, asked))]).toEqual(['authorization_pending', 'slow_down'])
    await sayYes(server, who)
    expect(await refusal(hear(bank, asked))).toBe('granted')
  })

  test('a no is heard as access_denied, and is recorded with its reason', async () => {
    const [stranger, hesitant] = [await enrolled(), await enrolled()]
    const [one, other] = [await askFor(stranger), await askFor(hesitant)]
    const end = await decline(stranger, await openRequest(server, stranger), 'not-me')
    expect(titleOf(end.text)).toContain('Bạn đã từ chối')
    await decline(hesitant, await pick(hesitant, await openRequest(server, hesitant)), 'declined')
    expect([await refusal(hear(bank, one)), await refusal(hear(bank, other))]).toEqual(['access_denied', 'access_denied'])
    const reasons = (await events('approval.refused')).map(({ reason }) => reason)
    expect(reasons).toEqual(expect.arrayContaining(['not-me', 'declined']))
  })

  test('W04: the wrong code ends it: there is no second guess', async () => {
    const who = await enrolled()
    const asked = await askFor(who, { binding_message: 'K7-31' })
    const page = await openRequest(server, who)
    const shown = [...page.text.matchAll(/name="code" value="([^"]+)"/g)].map(([, code = '']) => code)
    expect(shown).toHaveLength(3)
    const again = await who.visitor.open(page.url)
    expect([...again.text.matchAll(/name="code" value="([^"]+)"/g)].map(([, code = '']) => code)).toEqual(shown)
    const wrong = shown.find((code) => code !== 'K7-31') ?? ''
    const end = await pick(who, page, wrong)
    expect(titleOf(end.text)).toContain('Mã không khớp')
    const late = await pick(who, page, 'K7-31')
    expect(titleOf(late.text)).toContain('Mã không khớp')
    expect(await refusal(hear(bank, asked))).toBe('access_denied')
  })

  test('W04: the passkey alone does not approve: the code was picked in this very session before', async () => {
    const who = await enrolled()
    const asked = await askFor(who)
    const confirm = await pick(who, await openRequest(server, who))
    // Signed in a second time somewhere else, with the same passkey.
    const elsewhere: Enrolled = { citizen: who.citizen, visitor: makeVisitor({ leaveAt }) }
    await arrive(elsewhere.visitor, await elsewhere.visitor.open(`${server.issuer}/tai-khoan`), who.citizen)
    const page = await openRequest(server, elsewhere)
    expect(page.text).not.toContain('passkey-options')
    const assertion = JSON.stringify(who.citizen.authenticator.get(requestOptions(confirm)))
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.text.slice(page.text.indexOf('/ma-so')))?.[1] ?? ''
    const forced = await elsewhere.visitor.submit(`${page.url.href}/dong-y`, { csrf, assertion }, page.url)
    expect(titleOf(forced.text)).toContain('Yêu cầu này không còn nữa')
    expect(await refusal(hear(bank, asked))).toBe('authorization_pending')
  })

  test('W03: an assertion for a sign-in, or for another request, approves nothing', async () => {
    const insured = await makeRelyingParty(clients.city.party(server.issuer))
    const who = await enrolled()
    const [one, other] = [await askFor(who), await ask(insured, { login_hint: who.citizen.number, binding_message: '99' })]
    const first = await pick(who, await openRequest(server, who))
    const list = await who.visitor.open(`${server.issuer}/tai-khoan/yeu-cau`)
    const second = [...list.text.matchAll(/href="(\/tai-khoan\/yeu-cau\/[\w-]+)"/g)].map(([, path = '']) => path)[1] ?? ''
    const secondPage = await pick(who, await who.visitor.open(new URL(second, server.issuer)), '99')
    // Each is the last page that was opened when its answer is taken elsewhere: its challenge is the newest of all.
    for (const from of [await who.visitor.open((await bank.begin({ prompt: 'login' })).url), await who.visitor.open(first.url)]) {
      const assertion = JSON.stringify(who.citizen.authenticator.get(requestOptions(from)))
      const told = await unlock(who, secondPage, { assertion })
      expect(titleOf(told.text)).not.toContain('Bạn đã xác nhận')
    }
    expect([await refusal(hear(bank, one)), await refusal(hear(insured, other))]).toEqual(['authorization_pending', 'authorization_pending'])
  })

  test('W04: a passkey of somebody else approves nothing, and nobody else sees the request', async () => {
    const [who, other] = [await enrolled(), await enrolled()]
    const asked = await askFor(who)
    const page = await openRequest(server, who)
    expect(titleOf((await other.visitor.open(page.url)).text)).toContain('Yêu cầu này không còn nữa')
    const confirm = await pick(who, page)
    const assertion = JSON.stringify(other.citizen.authenticator.get({ ...requestOptions(confirm), allowCredentials: [] }))
    const told = await unlock(who, confirm, { assertion })
    expect(titleOf(told.text)).not.toContain('Bạn đã xác nhận')
    expect(await refusal(hear(bank, asked))).toBe('authorization_pending')
  })

  test('of a yes and a no at the same time exactly one counts', async () => {
    const outcomes = []
    for (let round = 0; round < 5; round += 1) {
      const who = await enrolled()
      const asked = await askFor(who)
      const confirm = await pick(who, await openRequest(server, who))
      await Promise.all([unlock(who, confirm), decline(who, confirm)])
      const heard = await refusal(hear(bank, asked))
      const page = await who.visitor.open(confirm.url)
      outcomes.push(`${heard}: ${titleOf(page.text).split(' – ')[0]}`)
    }
    expect(outcomes.filter((outcome) => !['granted: Bạn đã xác nhận', 'access_denied: Bạn đã từ chối'].includes(outcome))).toEqual([])
  })

  test('nobody, no account, locked, expired and dead are one answer, and no number is told from another', async () => {
    const [locked, dead, expired] = [await enrolled(), await enrolled(), await enrolled()]
    await lock(server, locked)
    await server.house.database.change(sql`update account set expires_on = '2020-01-01' where id = ${await accountOf(server, expired)}`)
    await server.house.database.change(sql`update person set life = 'deceased' where id = (select person_id from account where id = ${await accountOf(server, dead)})`)
    const party = clients.bank.party(server.issuer)
    // Seen a moment ago, an account is remembered for two seconds (W12).
    for (const who of [dead, expired]) {
      await expect.poll(async () => isSignIn(await who.visitor.open(`${server.issuer}/tai-khoan`)), byItself).toBe(true)
    }
    const numbers = ['079203999999', server.nextPerson().number, locked.citizen.number, dead.citizen.number, expired.citizen.number]
    const answers = []
    for (const number of numbers) {
      const told = await post(`${server.issuer}/backchannel-authentication`, { ...(await assertionOf(party)), ...(await bank.signed({ scope: 'openid', binding_message: '47', login_hint: number })) })
      answers.push({ status: told.status, ...told.json, reference: '' })
    }
    expect(answers).toEqual(answers.map(() => ({ status: 400, error: 'unknown_user_id', error_description: 'could not identify end-user', reference: '' })))
    const reasons = (await events('approval.not-asked')).map(({ reason }) => reason)
    expect(reasons).toEqual(expect.arrayContaining(['nobody', 'account.locked', 'account.deceased', 'account.expired']))
  })

  test('CVE-2026-9798: an account that is locked after the request, or after the yes, gives nothing', async () => {
    const early = await enrolled()
    const first = await askFor(early)
    const confirm = await pick(early, await openRequest(server, early))
    await lock(server, early)
    await unlock(early, confirm)
    expect(await refusal(hear(bank, first))).toBe('authorization_pending')

    const late = await enrolled()
    const second = await askFor(late)
    await sayYes(server, late)
    await lock(server, late)
    expect(await refusal(hear(bank, second))).toBe('invalid_grant')
  })

  test('id_token_hint names a person whom the service knows; a hint of another service, or of nobody, names none', async () => {
    const who = await enrolled()
    const { tokens } = await signIn(bank, who)
    const asked = await ask(bank, { id_token_hint: tokens.id_token ?? '' })
    await sayYes(server, who)
    expect((await hear(bank, asked)).claims()?.sub).toBe(tokens.claims()?.sub)
    expect(await refusal(ask(insurer, { id_token_hint: tokens.id_token ?? '' }))).toBe('invalid_request')
    await lock(server, who)
    expect(await refusal(ask(bank, { id_token_hint: tokens.id_token ?? '' }))).toBe('unknown_user_id')
  })

  test('what cannot be used is refused by name', async () => {
    const { citizen: { number } } = await enrolled()
    const hint = { login_hint: number }
    const tries: [Record<string, string>, string][] = [
      [{ ...hint, binding_message: '' }, 'invalid_binding_message'],
      [{ ...hint, binding_message: 'x'.repeat(1000) }, 'invalid_binding_message'],
      [{ ...hint, binding_message: 'CHUYEN TIEN NGAY' }, 'invalid_binding_message'],
      [{ ...hint, user_code: '1234' }, 'invalid_request'],
      [{ login_hint_token: 'eyJhbGciOiJub25lIn0.e30.' }, 'invalid_request'],
      [{}, 'invalid_request'],
      [{ ...hint, id_token_hint: 'x' }, 'invalid_request'],
      [{ ...hint, requested_expiry: '0' }, 'invalid_request'],
      [{ ...hint, acr_values: 'urn:vn:eid:loa:4' }, 'unmet_authentication_requirements'],
      [{ ...hint, scope: 'profile' }, 'invalid_request'],
    ]
    const told = []
    for (const [parameters] of tries) told.push(await refusal(ask(bank, parameters)))
    expect(told).toEqual(tries.map(([, error]) => error))
  })

  test('FAPI-CIBA §5.2.2: what is not signed is refused, whichever FAPI profile asks', async () => {
    const who = await enrolled()
    const asks = { scope: 'openid', binding_message: '47', login_hint: who.citizen.number }
    const told = await post(`${server.issuer}/backchannel-authentication`, { ...(await assertionOf(clients.bank.party(server.issuer))), ...asks })
    expect(told).toMatchObject({ status: 400, json: { error: 'invalid_request', error_description: 'Request Object must be used by this client' } })
    await ask(bank, asks)
  })

  test('a shorter life than ours may be asked for', async () => {
    expect((await askFor(await enrolled(), { requested_expiry: '42' })).expiresIn).toBe(42)
    expect((await askFor(await enrolled(), { requested_expiry: '9999' })).expiresIn).toBe(300)
  })

  test('W11: three requests wait for one person at most, one of each service, and a place is free again after an answer', async () => {
    const who = await enrolled()
    const others = await Promise.all([clients.insurer, clients.caller, clients.city].map(({ party }) => makeRelyingParty(party(server.issuer))))
    const from = (party: RelyingParty) => refusal(ask(party, { login_hint: who.citizen.number, client_notification_token: 'a-token-of-the-caller' }))
    await askFor(who)
    expect(await refusal(askFor(who))).toBe('temporarily_unavailable')
    expect(await Promise.all(others.map(from))).toEqual(expect.arrayContaining(['granted', 'granted', 'temporarily_unavailable']))
    await decline(who, await openRequest(server, who), 'not-me')
    await askFor(who)
    expect(await refusal(askFor(who))).toBe('temporarily_unavailable')
  })

  test('W11: a service that asked for too many who are nobody is stopped, and goes on as people say yes to it', async () => {
    const city = await makeRelyingParty(clients.city.party(server.issuer))
    const [who, another] = [await enrolled(), await enrolled()]
    const { id_token: hint = '' } = (await signIn(city, another)).tokens
    const asked = await ask(city, { login_hint: who.citizen.number })
    const { limits } = server.house
    for (let at = 0; at < 600 && (await limits.wait('asking-misses-per-client', 'city')) === 0; at += 1) await limits.spend('asking-misses-per-client', 'city')
    expect(await refusal(ask(city, { login_hint: another.citizen.number }))).toBe('temporarily_unavailable')
    // Whom it knows already it may ask all the same: that is no guess.
    await decline(another, await ask(city, { id_token_hint: hint }).then(() => openRequest(server, another)), 'declined')
    await sayYes(server, who)
    expect(await refusal(hear(city, asked))).toBe('granted')
    expect(await refusal(ask(city, { login_hint: another.citizen.number }))).toBe('granted')
  })

  test('W11: one service asks for one person a few times and then waits, whatever is answered', async () => {
    const answers = []
    for (let sent = 0; sent < 8; sent += 1) answers.push(await refusal(ask(bank, { login_hint: '079203888888' })))
    expect(answers).toEqual([...Array.from({ length: 6 }, () => 'unknown_user_id'), 'temporarily_unavailable', 'temporarily_unavailable'])
  })

  test('W11: a number is the same person however it is written: with spaces, dots, hyphens, in wide digits', async () => {
    const written = ['079203777777', '079 203 777 777', '079.203.777.777', '079-203-777-777', ' 079203777777 ', '０７９２０３７７７７７７', '0 79203777777', '0792\u200b03777777']
    const answers = []
    for (const number of written) answers.push(await refusal(ask(bank, { login_hint: number })))
    expect(answers).toEqual([...Array.from({ length: 6 }, () => 'unknown_user_id'), 'temporarily_unavailable', 'temporarily_unavailable'])
  })

  test('W11: what is no number is nobody, and many such are no reason to let the next one wait', async () => {
    const answers = []
    for (let typed = 0; typed < 8; typed += 1) answers.push(await refusal(ask(bank, { login_hint: `07920399999${'x'.repeat(typed)}` })))
    expect(answers).toEqual(answers.map(() => 'unknown_user_id'))
  })

  test('an account below the level that the service needs is told so, and the service hears it', async () => {
    const who = await enrolled()
    const asked = await ask(insurer, { login_hint: who.citizen.number })
    const page = await openRequest(server, who)
    expect(titleOf(page.text)).toContain('cần tài khoản mức cao hơn')
    await decline(who, page, 'unreachable')
    expect(await refusal(hear(insurer, asked))).toBe('unmet_authentication_requirements')
  })

  test('a request belongs to the service that made it, and services without the grant have none', async () => {
    const who = await enrolled()
    const asked = await askFor(who)
    await sayYes(server, who)
    expect(await refusal(hear(insurer, asked))).toBe('invalid_grant')
    const portal = await makeRelyingParty(clients.portal.party(server.issuer))
    expect(await refusal(ask(portal, { login_hint: who.citizen.number }))).toBe('invalid_request')
    expect(await refusal(hear(portal, asked))).toBe('invalid_request')
    expect(await refusal(hear(bank, asked))).toBe('granted')
  })

  test('in ping mode the service is told that there is an answer, with its own token', async () => {
    const caller = await makeRelyingParty(clients.caller.party(server.issuer))
    const who = await enrolled()
    const asked = await ask(caller, { login_hint: who.citizen.number, client_notification_token: 'a-token-of-the-caller' })
    await sayYes(server, who)
    await expect.poll(() => site.heard.map(({ body }) => body), { timeout: 10_000 }).toContain(JSON.stringify({ auth_req_id: asked.id }))
    expect(site.heard.at(-1)?.headers.authorization).toBe('Bearer a-token-of-the-caller')
    // What the service polls with is a secret, and lies in no table.
    const queued = await server.house.database.rows(sql<{ data: string }>`select data::text as data from job.job where data->>'kind' = 'ping'`)
    expect(queued.length).toBeGreaterThan(0)
    expect(queued.filter(({ data }) => data.includes(asked.id))).toEqual([])
    expect(await refusal(hear(caller, asked))).toBe('granted')
  })

  test('P18: metadata say what is there', async () => {
    const { json } = await get(`${server.issuer}/.well-known/openid-configuration`)
    expect(json).toMatchObject({
      backchannel_authentication_endpoint: `${server.issuer}/backchannel-authentication`,
      backchannel_token_delivery_modes_supported: ['poll', 'ping'],
      backchannel_user_code_parameter_supported: false,
    })
  })
})
