import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { AccountId } from '#kernel/id.ts'
import { makeCode } from '#domain/recovery/code.ts'
import { agree, fillIn, tap } from '#test/support/citizen.ts'
import { aCompany, actOn, type Company, employed as employedAt, give, mandateOf as mandateAt, mine, oneAfterAnother, organisationAt, registered, running as runningAt } from '#test/support/company.ts'
import { actFor, askedForWhom, choiceOf, grownUp } from '#test/support/family.ts'
import { byItself, withinFiveSeconds } from '#test/support/five-seconds.ts'
import { refusal } from '#test/support/counter.ts'
import { accountOf, enrol, get, isSignIn, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'
import { formAt, titleOf } from '#test/support/visitor.ts'

const names = [{ claims: ['name'], basis: 'consent', purpose: { vi: 'Kê khai thuế', en: 'Tax' } }]
const taking = { in_name_of: ['organisation'], purposes: names, grant_types: ['authorization_code', 'refresh_token'] }
const plain = {
  tax: testClient({ name: 'tax', metadata: taking }),
  customs: testClient({ name: 'customs', metadata: taking }),
  bank: testClient({ name: 'bank' }),
}
const openid = { scope: 'openid organisation' }
const lasting = { scope: 'openid organisation offline_access', prompt: 'consent' }

/** One company a story, so that none disturbs another. */
const companies = Array.from({ length: 24 }, (_, at) => aCompany(at + 1))

describe.each(engines)('organisations, on %s:', (engine) => {
  let server: TestServer
  let tax: RelyingParty
  let customs: RelyingParty
  let bank: RelyingParty
  const nextCompany = oneAfterAnother(companies)

  beforeAll(async () => {
    server = await startServer({ engine, clients: () => Object.values(plain).map(({ metadata }) => metadata), people: companies.flatMap(({ organisation: _organisation, ...people }) => Object.values(people)) })
    await registered(server, ...companies.map(({ organisation }) => organisation))
    tax = await makeRelyingParty(plain.tax.party(server.issuer))
    customs = await makeRelyingParty(plain.customs.party(server.issuer))
    bank = await makeRelyingParty(plain.bank.party(server.issuer))
  })
  afterAll(() => server.close())
  afterEach(() => void vi.useRealTimers())

  const lock = (account: AccountId) => server.house.accounts.move(account, { to: 'lock', ground: 'competent-body', by: 'operator' }, new Date())
  const userinfo = async ({ tokens }: { tokens: { access_token: string } }) => (await get(`${server.issuer}/userinfo`, { authorization: `Bearer ${tokens.access_token}` })).status
  const dead = (signedIn: { tokens: { access_token: string } }) => withinFiveSeconds(() => expect.poll(() => userinfo(signedIn), byItself).toBe(401))
  const events = (type: string, account: AccountId) => server.house.database.rows(sql<{ organisation: string; role: string | null }>`
    select data->>'organisation' as organisation, data->>'role' as role from audit_event where type = ${type} and account_id = ${account} order by id`)
  const stateOf = async ({ organisation }: Company) => (await server.house.organisations.find(organisation.id))?.account?.state

  const running = (company: Company) => runningAt({ server, service: bank }, company)
  const mandateOf = (company: Company) => mandateAt(server, company)
  /** A form that no page has offered. */
  async function forged(who: Enrolled, id: string, fields: Record<string, string>) {
    const { fields: own } = formAt((await mine(who, `${server.issuer}/tai-khoan/khoa-tai-khoan`)).text, '/khoa-tai-khoan')
    const place = new URL(`${server.issuer}/tai-khoan/to-chuc/${id}`)
    return who.visitor.submit(place, { ...own, ...fields }, place)
  }
  /** All the way: a passkey, in whose name, consent. */
  async function signedInFor(service: RelyingParty, who: Enrolled, name: string, parameters: Record<string, string> = openid) {
    const { visitor, page, checks } = await askedForWhom(service, who, parameters)
    const consent = await actFor(visitor, page, name)
    const { url } = await agree(visitor, consent)
    return { ...(await service.finish(url, checks)), visitor, consent }
  }
  const employed = (company: Company, director: Enrolled) => employedAt({ server, service: bank }, company, director, 'tax')

  test('one representative applies, the other agrees, two officers decide, and the service hears in whose name somebody acts', async () => {
    const company = nextCompany()
    const { organisation } = company
    const { director, partner } = await running(company)
    expect(await stateOf(company)).toBe('active')
    const signedIn = await signedInFor(tax, director, organisation.name, { scope: 'openid organisation profile' })
    expect(signedIn.consent.text).toContain(`Bạn đang làm nhân danh <strong lang="vi">${organisation.name}</strong>`)
    const said = { vn_org_id: organisation.code, vn_org_name: organisation.name, vn_org_role: 'legal-representative', vn_acting_for: { vn_org_id: organisation.code, as: 'legal-representative' } }
    expect(signedIn.claims).toMatchObject(said)
    expect(await tax.userinfo(signedIn)).toMatchObject({ ...said, sub: signedIn.claims.sub, name: company.director.name })
    expect(await tax.introspect(signedIn.tokens.access_token)).toMatchObject({ active: true, vn_org_id: organisation.code, vn_org_role: 'legal-representative' })
    const own = await signedInFor(tax, director, 'self')
    expect(own.claims.sub).toBe(signedIn.claims.sub)
    expect(own.claims).not.toHaveProperty('vn_org_id')
    // The number of an organisation is public: two services hear the same, and of its people different subjects.
    const elsewhere = await signedInFor(customs, partner, organisation.name)
    expect(elsewhere.claims['vn_org_id']).toBe(organisation.code)
    const account = await accountOf(server, director)
    for (const type of ['organisation.applied', 'organisation.activated', 'organisation.acted', 'authorization.granted']) expect((await events(type, account)).map((one) => one.organisation)).toContain(organisation.id)
  })

  test('a refusal of one representative ends the application, and level 1 applies for nothing', async () => {
    const company = nextCompany()
    const { organisation: { id } } = company
    const director = await grownUp(server, bank, company.director)
    const partner = await enrol(server, bank, ({ number }) => number === company.partner.number)
    expect((await mine(partner, `${server.issuer}/tai-khoan/to-chuc`)).text).toContain('phải ở mức 2')
    expect((await forged(partner, id, { act: 'apply' })).status).toBe(403)
    await actOn(server, director, id, { act: 'apply' })
    expect((await forged(partner, id, { act: 'agree' })).status).toBe(403)
    await server.house.accounts.move(await accountOf(server, partner), { to: 'raise', by: 'officer' }, new Date())
    await actOn(server, partner, id, { act: 'decline' })
    const page = await mine(director, organisationAt(server, id))
    expect(page.text).toContain('Một người đại diện không đồng ý')
    expect(page.text).toContain('Mở tài khoản cho tổ chức')
  })

  test('A04: the page of an organisation is there for nobody who does not represent it, and no act of theirs is taken', async () => {
    const company = nextCompany()
    const { director } = await running(company)
    const stranger = await grownUp(server, bank, company.neighbour)
    expect((await mine(stranger, organisationAt(server, company.organisation.id))).status).toBe(404)
    expect((await mine(director, organisationAt(server, company.organisation.id))).status).toBe(200)
    for (const act of ['lock', 'apply', 'agree', 'end']) expect((await forged(stranger, company.organisation.id, { act })).status).toBe(404)
    expect(await stateOf(company)).toBe('active')
  })

  test('a mandate lets an employee act at the services it names, once they took it, and at no other', async () => {
    const company = nextCompany()
    const { organisation } = company
    const { director } = await running(company)
    const who = await employed(company, director)
    const signedIn = await signedInFor(tax, who, organisation.name)
    expect(signedIn.claims).toMatchObject({ vn_org_id: organisation.code, vn_org_role: 'accountant' })
    const { page } = await askedForWhom(customs, who, openid)
    expect(page.text).not.toContain(organisation.name)
    expect((await events('organisation.acted', await accountOf(server, who))).map(({ role }) => role)).toEqual(['accountant'])
    // Without the scope nobody is asked, and without the registration nothing comes of the scope.
    expect((await askedForWhom(tax, who, { scope: 'openid' })).page.text).not.toContain('/thay-cho')
    const at = await askedForWhom(bank, who, openid)
    const { claims, tokens } = await bank.finish((await agree(at.visitor, at.page)).url, at.checks)
    expect([claims['vn_org_id'], String(tokens['scope']).includes('organisation')]).toEqual([undefined, false])
  })

  test('W10: whether anybody has a number does not show in the answer to who gives a mandate', async () => {
    const company = nextCompany()
    const { director } = await running(company)
    const { organisation: { id }, accountant } = company
    const [known, nobody] = [await give(server, director, id, { number: accountant.number, name: accountant.name, service: 'tax' }), await give(server, director, id, { number: '001190999999', name: accountant.name, service: 'tax' })]
    const heads = [known, nobody].map(({ status, text }) => [status, /<div class="notice success">.*?<\/div>/s.exec(text)?.[0]])
    expect(heads[0]).toEqual(heads[1])
    expect((await give(server, director, id, { number: '12', name: '', service: 'bank' })).status).toBe(422)
    expect((await give(server, director, id, { number: accountant.number, name: accountant.name, service: 'tax', until: '2099-01-01' })).text).toContain('Thời hạn dài nhất là một năm')
  })

  test('A04: what a browser sends is not believed: another organisation, and a mandate of somebody else', async () => {
    const [company, other] = [nextCompany(), nextCompany()]
    const { director } = await running(company)
    const rival = await running(other)
    const who = await employed(company, director)
    const { visitor, page } = await askedForWhom(tax, who, openid)
    const refused = await fillIn(visitor, page, '/thay-cho', { choice: `organisation:${other.organisation.id}` })
    expect([refused.status, titleOf(refused.text)]).toEqual([403, expect.stringContaining('không làm thay được')])
    expect(await events('organisation.not-allowed', await accountOf(server, who))).toEqual([{ organisation: other.organisation.id, role: null }])
    // The proof is spent: there is no second guess.
    expect(isSignIn(await fillIn(visitor, page, '/thay-cho', { choice: choiceOf(page, company.organisation.name) }))).toBe(true)
    const mandate = await mandateOf(company)
    expect((await mine(rival.director, `${server.issuer}/tai-khoan/uy-quyen/${mandate.id}`)).status).toBe(404)
    expect((await actOn(server, rival.director, other.organisation.id, { act: 'end', mandate: mandate.id })).status).toBe(403)
    expect((await mandateOf(company)).state).toBe('accepted')
  })

  test('claims that a service makes up are not believed', async () => {
    const company = nextCompany()
    const { director } = await running(company)
    const claims = JSON.stringify({ id_token: { vn_org_id: { value: '0000000000' }, vn_org_role: { value: 'king' } }, userinfo: { vn_org_id: null } })
    // The organisation that is named is none of theirs, so there is nothing to choose.
    const { visitor, page, checks } = await askedForWhom(tax, director, { ...openid, claims })
    const own = await tax.finish((await agree(visitor, page)).url, checks)
    expect(own.claims).not.toHaveProperty('vn_org_id')
    expect(await tax.userinfo(own)).not.toHaveProperty('vn_org_id')
    const role = JSON.stringify({ id_token: { vn_org_role: { value: 'king' } } })
    expect((await signedInFor(tax, director, company.organisation.name, { ...openid, claims: role })).claims).toMatchObject({ vn_org_id: company.organisation.code, vn_org_role: 'legal-representative' })
  })

  test('W12: once a mandate is ended its tokens are dead, the refresh token too, and the person stays signed in for themself', async () => {
    const company = nextCompany()
    const { director } = await running(company)
    const who = await employed(company, director)
    const signedIn = await signedInFor(tax, who, company.organisation.name, lasting)
    expect(signedIn.tokens.refresh_token).toBeDefined()
    const again = await tax.refresh(signedIn.tokens.refresh_token ?? '')
    expect(again).toHaveProperty('access_token')
    expect(await userinfo(signedIn)).toBe(200)
    const mandate = await mandateOf(company)
    await actOn(server, director, company.organisation.id, { act: 'end', mandate: mandate.id })
    await dead(signedIn)
    await expect(tax.refresh(signedIn.tokens.refresh_token ?? '')).rejects.toThrow()
    expect(titleOf((await signedIn.visitor.open(`${server.issuer}/tai-khoan`)).text)).toContain('Định danh của tôi')
  })

  test('W12: and once its holder ends it, the organisation is locked, the giver represents it no longer, or the registration dissolves it', async () => {
    const company = nextCompany()
    const { organisation } = company
    const { director } = await running(company)
    const who = await employed(company, director)
    const first = await signedInFor(tax, who, organisation.name)
    await actOn(server, director, organisation.id, { act: 'lock' })
    await dead(first)
    expect((await askedForWhom(tax, who, openid)).page.text).not.toContain(organisation.name)
    await actOn(server, director, organisation.id, { act: 'unlock' })

    const second = await signedInFor(tax, who, organisation.name)
    await registered(server, { ...organisation, representatives: organisation.representatives.slice(1), source: { ...organisation.source, version: 2 } })
    await dead(second)
    await registered(server, { ...organisation, source: { ...organisation.source, version: 3 } })
    const third = await signedInFor(tax, who, organisation.name)
    await registered(server, { ...organisation, state: 'dissolved', source: { ...organisation.source, version: 4 } })
    await dead(third)
    expect(await stateOf(company)).toBe('dissolved')
  })

  test('W12: what a mandate opened is dead when it ends, though they hold another one for the same service', async () => {
    const company = nextCompany()
    const { organisation } = company
    const { director } = await running(company)
    const who = await employed(company, director)
    const signedIn = await signedInFor(tax, who, organisation.name, lasting)
    const { id: mandate } = await mandateOf(company)
    await give(server, director, organisation.id, { number: company.accountant.number, name: company.accountant.name, service: 'tax', role: 'clerk' })
    const place = `/uy-quyen/${(await mandateOf(company)).id}`
    await fillIn(who.visitor, await mine(who, `${server.issuer}/tai-khoan${place}`), place, { act: 'accept' })
    expect(await tax.userinfo(signedIn)).toMatchObject({ vn_org_role: 'accountant' })
    await actOn(server, director, organisation.id, { act: 'end', mandate })
    await dead(signedIn)
    await expect(tax.refresh(signedIn.tokens.refresh_token ?? '')).rejects.toThrow()
    expect((await signedInFor(tax, who, organisation.name)).claims['vn_org_role']).toBe('clerk')
  })

  test('W12: what a representative opened is dead when they are none any more, though they hold a mandate for the same service', async () => {
    const company = nextCompany()
    const { organisation } = company
    const { director, partner } = await running(company)
    await give(server, director, organisation.id, { number: company.partner.number, name: company.partner.name, service: 'tax', role: 'clerk' })
    const place = `/uy-quyen/${(await mandateOf(company)).id}`
    await fillIn(partner.visitor, await mine(partner, `${server.issuer}/tai-khoan${place}`), place, { act: 'accept' })
    const signedIn = await signedInFor(tax, partner, organisation.name, lasting)
    expect(await tax.userinfo(signedIn)).toMatchObject({ vn_org_role: 'legal-representative' })
    await registered(server, { ...organisation, representatives: organisation.representatives.filter(({ number }) => number !== company.partner.number), source: { ...organisation.source, version: 2 } })
    await dead(signedIn)
    await expect(tax.refresh(signedIn.tokens.refresh_token ?? '')).rejects.toThrow()
    expect((await signedInFor(tax, partner, organisation.name)).claims['vn_org_role']).toBe('clerk')
  })

  test('W09: a report that their device is lost ends what a representative gave in the last three days', async () => {
    const company = nextCompany()
    const { director } = await running(company)
    const who = await employed(company, director)
    const signedIn = await signedInFor(tax, who, company.organisation.name)
    const account = await accountOf(server, director)
    await server.house.lostReports.put({ whose: account, account, borne: true, code: makeCode(), at: new Date() })
    await dead(signedIn)
    await expect.poll(async () => (await mandateOf(company)).state).toBe('ended')
  })

  test('W11: one account gives so many mandates a day and applies so often', async () => {
    const company = nextCompany()
    const { organisation: { id }, accountant } = company
    const { director } = await running(company)
    const account = await accountOf(server, director)
    const { limits } = server.house
    for (let at = 0; at < 50; at += 1) await limits.spend('mandate-offers-per-account', account)
    expect((await give(server, director, id, { number: accountant.number, name: accountant.name, service: 'tax' })).status).toBe(429)
    expect(await server.house.organisations.mandatesOf(id, 1)).toEqual([])
    const other = await grownUp(server, bank, company.neighbour)
    const own = nextCompany()
    await registered(server, { ...own.organisation, representatives: [{ number: company.neighbour.number, name: company.neighbour.name, since: '2020-01-01' }] })
    for (let at = 0; at < 10; at += 1) await limits.spend('organisation-applications-per-account', await accountOf(server, other))
    expect((await actOn(server, other, own.organisation.id, { act: 'apply' })).status).toBe(429)
  })

  test('W12: a mandate that has run out is of no use to a refresh token, and it ends by itself', async () => {
    const company = nextCompany()
    const { director } = await running(company)
    const who = await employed(company, director)
    const signedIn = await signedInFor(tax, who, company.organisation.name, lasting)
    const mandate = await mandateOf(company)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(`${mandate.endsOn}T16:59:00Z`) + 120_000 })
    await expect(tax.refresh(signedIn.tokens.refresh_token ?? '')).rejects.toThrow()
    expect((await askedForWhom(tax, who, openid)).page.text).not.toContain(company.organisation.name)
  })

  test('the end of a mandate and the code of a sign-in come together: whatever was issued is dead', async () => {
    const company = nextCompany()
    const { director } = await running(company)
    const who = await employed(company, director)
    const { visitor, page, checks } = await askedForWhom(tax, who, openid)
    const { url } = await agree(visitor, await actFor(visitor, page, company.organisation.name))
    const mandate = await mandateOf(company)
    const [signedIn] = await Promise.all([tax.finish(url, checks).catch(() => undefined), actOn(server, director, company.organisation.id, { act: 'end', mandate: mandate.id })])
    if (signedIn) await dead(signedIn)
    await lock(await accountOf(server, who))
    expect((await askedForWhom(tax, who, openid)).page.status).toBe(403)
  })

  test('each time it is asked, with the last choice on top; prompt=none is oneself', async () => {
    const company = nextCompany()
    const { director } = await running(company)
    const signedIn = await signedInFor(tax, director, company.organisation.name)
    const next = await askedForWhom(tax, director, openid)
    expect(next.page.text.indexOf(company.organisation.name)).toBeLessThan(next.page.text.indexOf('value="self"'))
    expect(isSignIn(await signedIn.visitor.open((await tax.begin(openid)).url))).toBe(true)
    const { url, checks } = await tax.begin({ ...openid, prompt: 'none' })
    const quiet = await signedIn.visitor.open(url)
    expect((await tax.finish(quiet.url, checks)).claims).not.toHaveProperty('vn_org_id')
  })

  describe('asked in the name of an organisation alone', () => {
    const alone = (how: object = {}, target = 'id_token') => ({ scope: 'openid organisation', claims: JSON.stringify({ [target]: { vn_org_id: { essential: true, ...how } } }) })
    const heard = (url: URL) => [url.searchParams.get('error'), url.searchParams.get('error_description')]
    const none = ['access_denied', 'the person acts for no organisation that was asked for']

    test('their own name is not offered, and not taken from whoever sends it all the same', async () => {
      const company = nextCompany()
      const { director } = await running(company)
      for (const parameters of [alone(), alone({}, 'userinfo')]) {
        const { visitor, page } = await askedForWhom(tax, director, parameters)
        expect([page.text.includes(company.organisation.name), page.text.includes('value="self"')]).toEqual([true, false])
        const refused = await fillIn(visitor, page, '/thay-cho', { choice: 'self' })
        expect([refused.status, titleOf(refused.text)]).toEqual([403, expect.stringContaining('không làm thay được')])
      }
      const account = await accountOf(server, director)
      expect((await server.house.database.rows(sql<{ reason: string }>`select data->>'reason' as reason from audit_event where type = 'login.refused' and account_id = ${account}`)).map(({ reason }) => reason)).toEqual(['acting.not-allowed', 'acting.not-allowed'])
      expect((await signedInFor(tax, director, company.organisation.name, alone())).claims['vn_org_id']).toBe(company.organisation.code)
    })

    test('neither a session, nor what was agreed to or chosen before, nor prompt=none answers for oneself', async () => {
      const company = nextCompany()
      const { director } = await running(company)
      const own = await signedInFor(tax, director, 'self', lasting)
      const { visitor } = own
      const { url, checks } = await tax.begin(alone())
      const again = await visitor.open(url)
      expect([isSignIn(again), again.text.includes('Xác nhận lại')]).toEqual([true, true])
      const choices = await tap(visitor, again, director.citizen.authenticator)
      expect(choices.text).not.toContain('value="self"')
      const consent = await actFor(visitor, choices, company.organisation.name)
      expect((await tax.finish((await agree(visitor, consent)).url, checks)).claims).toMatchObject({ sub: own.claims.sub, vn_org_id: company.organisation.code })
      // Once more, and what was just answered in its name serves no other request.
      for (const parameters of [alone(), alone({ value: '0000000000' })]) {
        const quiet = await visitor.open((await tax.begin({ ...parameters, prompt: 'none' })).url)
        expect(quiet.url.searchParams.get('error')).toBe('login_required')
      }
    })

    test('whoever can act for none reads why and what to do, in both languages, and the service hears it; by prompt=none it does not', async () => {
      const company = nextCompany()
      await running(company)
      const neighbour = await grownUp(server, bank, company.neighbour)
      const { visitor, page } = await askedForWhom(tax, neighbour, alone())
      expect([titleOf(page.text), page.text.includes('Nhờ người đại diện theo pháp luật ủy quyền')]).toEqual([expect.stringContaining('chỉ nhận người làm nhân danh tổ chức'), true])
      const back = await fillIn(visitor, page, '/cancel')
      expect(heard(back.url)).toEqual(none)
      const { url } = await tax.begin({ ...alone(), ui_locales: 'en' })
      expect(titleOf((await visitor.open(url)).text)).toContain('only takes people who act for an organisation')
      expect((await visitor.open((await tax.begin({ ...alone(), prompt: 'none' })).url)).url.searchParams.get('error')).toBe('login_required')
      // Where their own name is of use they are let in.
      expect(heard((await visitor.open((await tax.begin({ ...openid, prompt: 'none' })).url)).url)).toEqual([null, null])
    })

    test('where it names some, no other is offered or taken', async () => {
      const [company, other] = [nextCompany(), nextCompany()]
      const { director } = await running(company)
      await running(other)
      await registered(server, { ...other.organisation, representatives: [...other.organisation.representatives, { number: company.director.number, name: company.director.name, since: '2020-01-01' }], source: { ...other.organisation.source, version: 2 } })
      const both = await askedForWhom(tax, director, alone())
      expect([both.page.text.includes(company.organisation.name), both.page.text.includes(other.organisation.name)]).toEqual([true, true])
      const one = await askedForWhom(tax, director, alone({ values: [other.organisation.code, '0000000000'] }))
      expect([one.page.text.includes(company.organisation.name), one.page.text.includes(other.organisation.name)]).toEqual([false, true])
      expect((await fillIn(one.visitor, one.page, '/thay-cho', { choice: `organisation:${company.organisation.id}` })).status).toBe(403)
      expect((await signedInFor(tax, director, other.organisation.name, alone({ value: other.organisation.code }))).claims['vn_org_id']).toBe(other.organisation.code)
      // Without the need their own name stands beside the one that is named.
      const wish = await askedForWhom(tax, director, { ...openid, claims: JSON.stringify({ id_token: { vn_org_id: { value: other.organisation.code } } }) })
      expect([wish.page.text.includes(company.organisation.name), wish.page.text.includes(other.organisation.name), wish.page.text.includes('value="self"')]).toEqual([false, true, true])
      const stranger = await askedForWhom(tax, director, alone({ value: '0000000000' }))
      expect(titleOf(stranger.page.text)).toContain('Bạn chưa làm nhân danh tổ chức mà dịch vụ này yêu cầu')
      expect(heard((await fillIn(stranger.visitor, stranger.page, '/cancel')).url)).toEqual(none)
    })

    test('whoever forgets the scope, or asks for what is no number, is told so before anybody is asked', async () => {
      for (const parameters of [{ ...alone(), scope: 'openid' }, { ...openid, claims: JSON.stringify({ id_token: { vn_org_id: { essential: true, values: [] } } }) }]) {
        expect(await refusal(tax.begin(parameters))).toBe('invalid_request')
      }
    })

    test('a mandate that ends between the question and the answer leaves nobody who answers', async () => {
      const company = nextCompany()
      const { director } = await running(company)
      const who = await employed(company, director)
      const { visitor, page } = await askedForWhom(tax, who, alone())
      const mandate = await mandateOf(company)
      const choice = choiceOf(page, company.organisation.name)
      await actOn(server, director, company.organisation.id, { act: 'end', mandate: mandate.id })
      expect((await fillIn(visitor, page, '/thay-cho', { choice })).status).toBe(403)
      const anew = await tap(visitor, await visitor.open(new URL(page.url.pathname.replace('/thay-cho', ''), page.url)), who.citizen.authenticator)
      expect(titleOf(anew.text)).toContain('chỉ nhận người làm nhân danh tổ chức')
    })
  })
})
