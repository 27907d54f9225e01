import { sql } from 'kysely'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agree, fillIn, tap } from '#test/support/citizen.ts'
import { aCompany, actOn, type Company, employed, mandateOf, oneAfterAnother, registered, running } from '#test/support/company.ts'
import { ask, hear, openRequest, pick, refusal, unlock, type Asked } from '#test/support/counter.ts'
import { actFor, grownUp } from '#test/support/family.ts'
import { accountOf, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { openServiceSite, type ServiceSite } from '#test/support/service-site.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { makeVisitor, titleOf } from '#test/support/visitor.ts'

const device = 'urn:ietf:params:oauth:grant-type:device_code'
const grants = { grant_types: ['authorization_code', 'refresh_token', 'urn:openid:params:grant-type:ciba', device], backchannel_token_delivery_mode: 'poll' }
/** One company a story, so that none disturbs another. */
const companies = Array.from({ length: 8 }, (_, at) => aCompany(at + 701))

describe.each(engines)('asked at a counter in the name of an organisation, on %s:', (engine) => {
  let server: TestServer
  let site: ServiceSite
  let counter: RelyingParty
  let stranger: RelyingParty
  let bank: RelyingParty
  const nextCompany = oneAfterAnother(companies)
  beforeAll(async () => {
    site = await openServiceSite()
    const clients = {
      counter: site.published(testClient({ name: 'counter', profile: 'fapi2', metadata: { ...grants, in_name_of: ['organisation'] } })),
      stranger: site.published(testClient({ name: 'stranger', profile: 'fapi2', metadata: grants })),
      bank: testClient({ name: 'bank' }),
    }
    server = await startServer({
      engine, env: { OUTBOUND_ALLOW: 'localhost' }, clients: () => Object.values(clients).map(({ metadata }) => metadata),
      people: companies.flatMap(({ organisation: _organisation, ...people }) => Object.values(people)),
    })
    await registered(server, ...companies.map(({ organisation }) => organisation))
    counter = await makeRelyingParty(clients.counter.party(server.issuer))
    stranger = await makeRelyingParty(clients.stranger.party(server.issuer))
    bank = await makeRelyingParty(clients.bank.party(server.issuer))
  })
  afterAll(async () => {
    await server.close()
    await site.close()
  })

  /** Up to the page that asks for the passkey. */
  async function toConfirm(who: Enrolled, { at = counter, scope = 'openid organisation' }: { at?: RelyingParty; scope?: string } = {}) {
    const request = await ask(at, { scope, login_hint: who.citizen.number })
    return { request, page: await pick(who, await openRequest(server, who)) }
  }
  const named = ({ organisation: { id } }: Company) => `organisation:${id}`
  async function heardBy(request: Asked) {
    const said = await hear(counter, request)
    const claims: Record<string, unknown> = { ...said.claims() }
    const userinfo = async (): Promise<unknown> => (await counter.call(new URL(`${server.issuer}/userinfo`), said.access_token)).json()
    return { claims, scope: said.scope ?? '', access: said.access_token, refresh: said.refresh_token ?? '', userinfo }
  }
  const events = async (type: string, who: Enrolled) => (await server.house.database.rows(sql<{ data: Record<string, unknown> }>`select data from audit_event where type = ${type} and account_id = ${await accountOf(server, who)} order by id`)).map(({ data }) => data)
  async function atWork() {
    const company = nextCompany()
    const { director } = await running({ server, service: bank }, company)
    const who = await employed({ server, service: bank }, company, director, 'counter')
    return { company, director, who, mandate: (await mandateOf(server, company)).id }
  }

  test('somebody with a mandate reads in whose name, chooses, and the service hears it; the next time that choice is ready, and their own name is one tap away', async () => {
    const { company, who, mandate } = await atWork()
    const { request, page } = await toConfirm(who)
    expect([page.text.includes(company.organisation.name), page.text.includes(company.organisation.code), /value="self" checked/.test(page.text)]).toEqual([true, true, true])
    await unlock(who, page, { choice: named(company) })
    const heard = await heardBy(request)
    const said = { vn_org_id: company.organisation.code, vn_org_role: 'accountant', vn_acting_for: { vn_org_id: company.organisation.code, as: 'accountant' } }
    expect(heard.claims).toMatchObject(said)
    expect(await heard.userinfo()).toMatchObject({ ...said, sub: heard.claims['sub'] })
    expect(await events('organisation.acted', who)).toMatchObject([{ organisation: company.organisation.id, role: 'accountant', mandate }])

    const again = await toConfirm(who)
    expect(again.page.text).toContain(`value="${named(company)}" checked`)
    await unlock(who, again.page, { choice: 'self' })
    const own = await heardBy(again.request)
    expect([own.claims['sub'], Object.hasOwn(own.claims, 'vn_org_id'), own.scope.includes('organisation')]).toEqual([heard.claims['sub'], false, false])
  })

  test('a mandate that ended while the page lay open counts no more: nothing is granted, and they may still answer for themself', async () => {
    const { company, director, who, mandate } = await atWork()
    const { request, page } = await toConfirm(who)
    const choice = named(company)
    await actOn(server, director, company.organisation.id, { act: 'end', mandate })
    expect((await unlock(who, page, { choice })).status).toBe(403)
    expect(await refusal(hear(counter, request))).toBe('authorization_pending')
    expect(await events('organisation.not-allowed', who)).toHaveLength(1)
    expect(await events('approval.given', who)).toEqual([])
    const once = await openRequest(server, who)
    expect(once.text).not.toContain('organisation:')
    await unlock(who, once)
    expect((await heardBy(request)).claims).not.toHaveProperty('vn_org_id')
  })

  test('what was answered ends with the mandate: no token of it does anything', async () => {
    const { company, director, who, mandate } = await atWork()
    const { request, page } = await toConfirm(who, { scope: 'openid organisation offline_access' })
    await unlock(who, page, { choice: named(company) })
    const { access, refresh } = await heardBy(request)
    await actOn(server, director, company.organisation.id, { act: 'end', mandate })
    await expect.poll(() => counter.introspect(access), { timeout: 5000 }).toMatchObject({ active: false })
    await expect(counter.refresh(refresh)).rejects.toThrow()
  })

  test('nobody answers in a name that is not theirs, that was not asked for, or at a service that takes none', async () => {
    const { company, who } = await atWork()
    const other = companies[0] ?? company
    const forged = `organisation:${other.organisation.id}`
    const { request, page } = await toConfirm(who)
    expect((await unlock(who, page, { choice: forged })).status).toBe(403)
    expect(await refusal(hear(counter, request))).toBe('authorization_pending')
    await unlock(who, await openRequest(server, who))
    await hear(counter, request)
    for (const [at, scope] of [[counter, 'openid'], [stranger, 'openid']] as const) {
      const plain = await toConfirm(who, { at, scope })
      expect(plain.page.text).not.toContain('organisation:')
      expect((await unlock(who, plain.page, { choice: `organisation:${company.organisation.id}` })).status).toBe(403)
      await fillIn(who.visitor, await openRequest(server, who), '/tu-choi', { reason: 'declined' })
    }
  })

  test('where the service has a use for them in the name of an organisation alone, nobody who has one answers in their own', async () => {
    const { company, who } = await atWork()
    const claims = JSON.stringify({ id_token: { vn_org_id: { essential: true } } })
    const request = await ask(counter, { scope: 'openid organisation', claims, login_hint: who.citizen.number })
    const page = await pick(who, await openRequest(server, who))
    expect(page.text).not.toContain('value="self"')
    expect((await unlock(who, page, { choice: 'self' })).status).toBe(403)
    expect(await refusal(hear(counter, request))).toBe('authorization_pending')
    await unlock(who, await openRequest(server, who), { choice: named(company) })
    expect((await heardBy(request)).claims).toMatchObject({ vn_org_role: expect.any(String) })
  })

  test('at a device too nobody is let in for themself where the service has a use for them in the name of an organisation alone', async () => {
    const { company, who } = await atWork()
    const neighbour = await grownUp(server, bank, company.neighbour)
    const through = async ({ citizen }: Enrolled) => {
      const asked = await client.initiateDeviceAuthorization(counter.config, { scope: 'openid organisation', claims: JSON.stringify({ id_token: { vn_org_id: { essential: true } } }) })
      const visitor = makeVisitor({ leaveAt })
      const confirm = await fillIn(visitor, await visitor.open(`${server.issuer}/thiet-bi`), '/thiet-bi', { user_code: asked.user_code })
      const page = await tap(visitor, await fillIn(visitor, confirm, '/thiet-bi', { confirm: 'yes' }), citizen.authenticator)
      return { visitor, page, heard: () => counter.grant(device, { device_code: asked.device_code }) }
    }
    const turned = await through(neighbour)
    expect(titleOf(turned.page.text)).toContain('chỉ nhận người làm nhân danh tổ chức')
    await fillIn(turned.visitor, turned.page, '/cancel')
    expect(await refusal(turned.heard())).toBe('access_denied')
    const chosen = await through(who)
    expect([chosen.page.text.includes(company.organisation.name), chosen.page.text.includes('value="self"')]).toEqual([true, false])
    await agree(chosen.visitor, await actFor(chosen.visitor, chosen.page, company.organisation.name))
    expect({ ...(await chosen.heard()).claims() }).toMatchObject({ vn_org_id: company.organisation.code })
  })

  test('whoever has none in which the service takes them reads so, is asked for no passkey, and the service hears it; one that it names is taken', async () => {
    const { company, who } = await atWork()
    const other = companies.find((one) => one !== company) ?? company
    const claims = JSON.stringify({ userinfo: { vn_org_id: { essential: true, value: other.organisation.code } } })
    const request = await ask(counter, { scope: 'openid organisation', claims, login_hint: who.citizen.number })
    const page = await openRequest(server, who)
    expect([titleOf(page.text), page.text.includes('/dong-y')]).toEqual([expect.stringContaining('chỉ dành cho người làm nhân danh tổ chức'), false])
    await fillIn(who.visitor, page, '/tu-choi', { reason: 'no-organisation' })
    expect(await refusal(hear(counter, request))).toBe('access_denied')
    expect(await events('approval.refused', who)).toMatchObject([{ reason: 'no-organisation' }])
    // One that they do act for, named by the service, is the only one that is offered and taken.
    const right = await ask(counter, { scope: 'openid organisation', claims: JSON.stringify({ id_token: { vn_org_id: { value: company.organisation.code } } }), login_hint: who.citizen.number })
    const offered = await pick(who, await openRequest(server, who))
    expect(offered.text).toContain(named(company))
    await unlock(who, offered, { choice: named(company) })
    expect((await heardBy(right)).claims).toMatchObject({ vn_org_id: company.organisation.code })
  })
})
