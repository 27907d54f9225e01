import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId, type AccountId } from '#kernel/id.ts'
import { personalNumber } from '#domain/registry/person.ts'
import { fillIn } from '#test/support/citizen.ts'
import { accountOf, arrive, enrol, isSignIn, signIn, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

const words = (text: string) => ({ vi: text, en: text })
const clients = {
  portal: testClient({ name: 'portal', profile: 'fapi2' }),
  court: testClient({ name: 'court', metadata: { purposes: [{ claims: ['name', 'birthdate'], basis: 'law', reference: words('Luật 1'), purpose: words('Xét xử') }] } }),
  school: testClient({ name: 'school', metadata: { purposes: [{ claims: ['name'], basis: 'consent', purpose: words('Nhập học') }] } }),
}

let server: TestServer
let someone: Enrolled
let portal: RelyingParty
let school: RelyingParty
let court: RelyingParty

beforeAll(async () => {
  server = await startServer({ clients: () => Object.values(clients).map(({ metadata }) => metadata) })
  portal = await makeRelyingParty(clients.portal.party(server.issuer))
  court = await makeRelyingParty(clients.court.party(server.issuer))
  school = await makeRelyingParty(clients.school.party(server.issuer))
  someone = await enrol(server, portal, ({ birthDate }) => birthDate.length === 10)
})
afterAll(() => server.close())

const asking = (claims: object) => ({ claims: JSON.stringify(claims) })
const framework = { trust_framework: null }
const need = { essential: true }
const verified = (verification: object, claims: object = { name: need, birthdate: need }) => ({ verified_claims: { verification, claims } })

describe('verified claims', () => {
  test('come where they were asked for, with of their verification what was asked (P11)', async () => {
    const evidence = [{ type: { value: 'electronic_record' }, check_details: [{ check_method: null, time: null }], record: { source: { country_code: { value: 'VNM' } } } }]
    const signedIn = await signIn(portal, someone, asking({
      id_token: verified({ trust_framework: { value: 'vn_eid' }, assurance_level: { values: ['level_2', 'level_1'] }, time: { max_age: 2 * 86_400 }, evidence }),
      userinfo: verified(framework, { vn_personal_id: need }),
    }))
    const today = expect.stringMatching(/^\d{4}-\d\d-\d\dT00:00:00Z$/)
    expect(signedIn.claims['verified_claims']).toEqual({
      verification: {
        trust_framework: 'vn_eid', assurance_level: 'level_1', time: today,
        evidence: [{ type: 'electronic_record', check_details: [{ check_method: 'data', time: today }], record: { type: 'population_register', source: { country_code: 'VNM' } } }],
      },
      claims: { name: someone.citizen.name, birthdate: someone.citizen.birthDate },
    })
    expect((await portal.userinfo(signedIn))['verified_claims'])
      .toEqual({ verification: { trust_framework: 'vn_eid' }, claims: { vn_personal_id: someone.citizen.number } })
  })

  test('are left out whole where something is insisted on that is not so, and that is no error', async () => {
    const how = [{ trust_framework: { value: 'de_aml' } }, { ...framework, assurance_level: { value: 'level_2' } }, { ...framework, evidence: [{ type: { value: 'document' } }] }]
    for (const verification of how) {
      const signedIn = await signIn(portal, someone, asking({ id_token: verified(verification), userinfo: verified(verification) }))
      expect(signedIn.claims).not.toHaveProperty('verified_claims')
      expect(await portal.userinfo(signedIn)).not.toHaveProperty('verified_claims')
    }
  })

  test('asked by a list come as a list, of the requests that can be fulfilled', async () => {
    const list = { verified_claims: [verified({ trust_framework: { value: 'eidas' } }), verified(framework, { name: need }), verified({ ...framework, assurance_level: null }, { birthdate: need })]
      .map((one) => one.verified_claims) }
    const signedIn = await signIn(portal, someone, asking({ id_token: list, userinfo: list }))
    const told = [
      { verification: { trust_framework: 'vn_eid' }, claims: { name: someone.citizen.name } },
      { verification: { trust_framework: 'vn_eid', assurance_level: 'level_1' }, claims: { birthdate: someone.citizen.birthDate } },
    ]
    expect(signedIn.claims['verified_claims']).toEqual(told)
    expect((await portal.userinfo(signedIn))['verified_claims']).toEqual(told)
  })

  test('D02 hold no claim outside the purposes of the service, be it in a list', async () => {
    const one = verified(framework, { name: need, birthdate: need, address: null })
    const signedIn = await signIn(school, someone, asking({ id_token: one, userinfo: { verified_claims: [one.verified_claims] } }))
    expect(signedIn.claims['verified_claims']).toMatchObject({ claims: { name: someone.citizen.name } })
    expect(signedIn.claims['verified_claims']).not.toHaveProperty('claims.birthdate')
    expect((await school.userinfo(signedIn))['verified_claims']).toEqual([{ verification: { trust_framework: 'vn_eid' }, claims: { name: someone.citizen.name } }])
  })

  test('asked for in an ill-formed way are an error at the service, with the reason', async () => {
    const ill: [object, RegExp][] = [
      [{ verified_claims: {} }, /verified_claims\.verification/],
      [verified({}), /trust_framework/],
      [verified(framework, {}), /at least one claim/],
      [verified({ ...framework, evidence: [{ time: null }] }), /evidence\.0\.type/],
      [verified({ ...framework, assurance_level: { max_age: 1 } }), /max_age/],
      [verified(framework, { name: { purpose: 'x' } }), /purpose/],
      [{ verified_claims: [] }, /verified_claims/],
    ]
    for (const [target, reason] of ill) {
      await expect(portal.begin(asking({ userinfo: target }))).rejects.toMatchObject({ error: 'invalid_request', error_description: expect.stringMatching(reason) })
    }
  })
})

const open = async (at: RelyingParty, who: Enrolled, parameters: Record<string, string>) => {
  const { url, checks } = await at.begin(parameters)
  return { page: await who.visitor.open(url), checks }
}

describe('people read what is told of their verification before they agree', () => {
  const label = 'Cách danh tính của bạn được xác minh'
  const level = { ...framework, assurance_level: null }
  const check = { ...framework, evidence: [{ type: { value: 'electronic_record' }, check_details: [{ check_method: null, organization: null, time: null }] }] }
  const recorded = async (who: Enrolled, type: string) => {
    const account = await accountOf(server, who)
    const rows = await server.house.database.rows(sql<{ claims: string[] }>`select data->'claims' as claims from audit_event where type = ${type} and account_id = ${account} order by id`)
    return rows.map(({ claims }) => claims)
  }

  test('D02 with the level, the check, who did it and when, in words, and the record of it names them (L01)', async () => {
    const who = await enrol(server, portal)
    const wish = asking({ id_token: verified(level), userinfo: verified(check) })
    const { page, checks } = await open(portal, who, wish)
    for (const said of [label, 'Tài khoản mức 1', 'Đã kiểm tra: đối chiếu thông tin, do Định Danh thực hiện, ngày ']) expect(page.text).toContain(said)
    expect(page.text).not.toContain('Ngày xác minh')
    const { url } = await fillIn(who.visitor, page, '/consent', { choice: 'allow' })
    const signedIn = await portal.finish(url, checks)
    expect(signedIn.claims['verified_claims']).toMatchObject({ verification: { assurance_level: 'level_1' } })
    expect((await recorded(who, 'consent.given')).at(-1)).toEqual(['name', 'birthdate', 'verified_claims'])
    expect((await recorded(who, 'claims.released')).at(-1)).toEqual(['verified_claims', 'verified_claims.name', 'verified_claims.birthdate'])
  })

  test('D02 also whoever agreed to the same claims before, and again where more is asked of the verification', async () => {
    const who = await enrol(server, portal)
    await signIn(portal, who, asking({ id_token: { name: need, birthdate: need } }))
    const isAsked = async (verification: object) => {
      const { page, checks } = await open(portal, who, asking({ id_token: verified(verification) }))
      if (!page.text.includes('/consent"')) return false
      expect(page.text).toContain(label)
      const { url } = await fillIn(who.visitor, page, '/consent', { choice: 'allow' })
      await portal.finish(url, checks)
      return true
    }
    expect([await isAsked(level), await isAsked({ ...framework, assurance_level: { value: 'level_1' } }), await isAsked({ ...level, time: null })]).toEqual([true, false, true])
  })

  test('D02 and may leave it out where the service only wishes it: the plain claims come all the same', async () => {
    const who = await enrol(server, portal)
    const wish = { scope: 'openid profile', ...asking({ id_token: { name: need, ...verified(level, { name: null }) } }) }
    const { page, checks } = await open(portal, who, wish)
    expect(page.text).toContain('name="optional" value="verification"')
    const { url } = await fillIn(who.visitor, page, '/consent', { choice: 'allow' })
    const { claims } = await portal.finish(url, checks)
    expect(claims).toHaveProperty('name', who.citizen.name)
    expect(claims).not.toHaveProperty('verified_claims')
    const again = await open(portal, who, { ...wish, prompt: 'consent' })
    const ticked = await fillIn(who.visitor, again.page, '/consent', { choice: 'allow', optional: 'verification' })
    expect((await portal.finish(ticked.url, again.checks)).claims).toHaveProperty('verified_claims.verification.assurance_level', 'level_1')
  })

  test('D02 agreeing to one extent of it does not answer a token that asks for another one, which was declined', async () => {
    const who = await enrol(server, portal)
    const declined = await signIn(portal, who, { scope: 'openid profile', ...asking({ userinfo: verified(level, { name: null }) }) })
    expect(await portal.userinfo(declined)).not.toHaveProperty('verified_claims')
    const agreed = await signIn(portal, who, { scope: 'openid profile', ...asking({ userinfo: verified(framework, { name: need }) }) })
    expect(await portal.userinfo(agreed)).toMatchObject({ verified_claims: { verification: { trust_framework: 'vn_eid' } } })
    expect(await portal.userinfo(declined)).not.toHaveProperty('verified_claims')
  })

  test('by law they are told, and not asked', async () => {
    const who = await enrol(server, portal)
    const { url } = await court.begin(asking({ id_token: verified(level) }))
    const page = await who.visitor.open(url)
    expect(isSignIn(page)).toBe(false)
    for (const said of [label, 'Tài khoản mức 1', 'Luật 1', 'theo quy định']) expect(page.text).toContain(said)
    expect(page.text).not.toContain('value="deny"')
    expect((await arrive(who.visitor, page, who.citizen)).url.searchParams.has('code')).toBe(true)
  })
})

describe('what the metadata say of identity assurance', () => {
  let foreigner: Enrolled
  beforeAll(async () => {
    foreigner = await enrol(server, portal, ({ kind, passport }) => kind === 'foreigner' && passport !== null)
  })

  type Metadata = Record<string, string[] | undefined>
  const metadata = async () => (await fetch(`${server.issuer}/.well-known/openid-configuration`).then((answer) => answer.json()) as Metadata)

  test('P18 every framework, evidence and record that is named can be insisted on', async () => {
    const { trust_frameworks_supported: frameworks = [], evidence_supported: kinds = [], electronic_records_supported: records = [] } = await metadata()
    expect([frameworks.length, kinds, records.length]).toEqual([1, ['electronic_record', 'document'], 1])
    const evidence = [{ type: { value: kinds[0] }, record: { type: { value: records[0] } } }]
    const { claims } = await signIn(portal, someone, asking({ id_token: verified({ trust_framework: { value: frameworks[0] }, evidence }) }))
    expect(claims['verified_claims']).toMatchObject({ verification: { trust_framework: frameworks[0], evidence: [{ type: kinds[0], record: { type: records[0] } }] } })
  })

  test('P18 every claim that is named comes for a person who has it, and one that is not named does not', async () => {
    const { claims_in_verified_claims_supported: named = [] } = await metadata()
    const full = await enrol(server, portal, ({ permanentResidence, birthPlace, birthDate, name, kind }) =>
      permanentResidence !== undefined && birthPlace !== undefined && birthDate.length === 10 && kind === 'citizen' && name.split(' ').length > 2)
    const asked = Object.fromEntries([...named, 'phone_number', 'email', 'vn_hometown'].filter((claim) => claim !== 'resident_of').map((claim) => [claim, need]))
    const told = new Set<string>()
    for (const one of [full, foreigner]) {
      const { claims } = await signIn(portal, one, asking({ id_token: verified(framework, asked) }))
      for (const claim of Object.keys((claims['verified_claims'] as { claims: object }).claims)) told.add(claim)
    }
    expect([...told].toSorted()).toEqual(named.filter((claim) => claim !== 'resident_of').toSorted())
  })

  /** As a desk of the immigration authority leaves it. */
  async function seenWithPassport(account: AccountId): Promise<void> {
    const { database: db } = server.house
    const id = newId()
    await db.change(sql`
      insert into desk_application (id, reference, purpose, person_id, account_id, case_number, officer, grant_id, desk, commune, state, received_at, worked_at, due_on, decided_at)
      select ${id}, 'seen', 'level-2', person_id, id, '1', ${newId()}, ${newId()}, 'Quầy 1', 'Phòng Quản lý xuất nhập cảnh', 'done', now(), now(), current_date, now() from account where id = ${account}`)
    for (const kind of ['passport-seen', 'face-compared', 'passkey']) {
      await db.change(sql`insert into account_evidence (account_id, id, kind, application_id, officer, at) values (${account}, ${newId()}, ${kind}, ${id}, ${newId()}, now())`)
    }
    await db.change(sql`update account set level = 2 where id = ${account}`)
  }

  test('P18 every document and check of it that is named can be insisted on, of a foreigner whose passport was seen, in the words that they agreed to (D02)', async () => {
    const { documents_supported: documents = [], documents_check_methods_supported: methods = [] } = await metadata()
    expect([documents, methods]).toEqual([['passport'], ['vpip']])
    const who = foreigner
    const { passport } = (await server.house.registry.findByNumber(personalNumber.parse(who.citizen.number))) ?? {}
    const account = await accountOf(server, who)
    const wish = (claims: object) => asking({ id_token: verified({ ...framework, evidence: [{
      type: { value: 'document' }, check_details: [{ check_method: { values: methods } }], document_details: { type: { values: documents }, document_number: null, issuer: { country_code: null } },
    }] }, claims) })
    expect((await signIn(portal, who, wish({ name: need }))).claims).not.toHaveProperty('verified_claims')
    await seenWithPassport(account)
    const told = { type: 'passport', issuer: { country_code: passport?.country } }
    expect((await signIn(portal, who, wish({ name: need }))).claims['verified_claims']).toMatchObject({ verification: { evidence: [{ check_details: [{ check_method: 'vpip' }], document_details: told }] } })
    const { page, checks } = await open(portal, who, wish({ name: need, vn_passport: need }))
    for (const said of ['Bằng chứng: giấy tờ, hộ chiếu', 'số hộ chiếu, nếu bạn chia sẻ hộ chiếu']) expect(page.text).toContain(said)
    expect(page.text).not.toContain(passport?.number)
    const { url } = await fillIn(who.visitor, page, '/consent', { choice: 'allow' })
    expect((await portal.finish(url, checks)).claims['verified_claims']).toMatchObject({ verification: { evidence: [{ document_details: { ...told, document_number: passport?.number } }] } })
  })

  test('P18 nothing is said of vouches, signatures or attachments', async () => {
    const said = Object.keys(await metadata()).filter((name) => /attachments|digest|vouch/.test(name))
    expect(said).toEqual([])
  })
})
