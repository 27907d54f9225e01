import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fillIn } from '#test/support/citizen.ts'
import { aCompany, actOn, registered, type Company } from '#test/support/company.ts'
import { grownUp } from '#test/support/family.ts'
import { enrol, type Enrolled } from '#test/support/journey.ts'
import { hire } from '#test/support/officers.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

const portal = testClient({ name: 'portal' })
const companies = [21, 22, 23].map(aCompany)

describe.each(engines)('applications of organisations in the console, on %s,', (engine) => {
  let server: TestServer
  let party: RelyingParty
  let registrar: Enrolled
  let approver: Enrolled
  let auditor: Enrolled
  beforeAll(async () => {
    server = await startServer({ engine, clients: () => [portal.metadata], people: companies.flatMap(({ organisation: _organisation, ...people }) => Object.values(people)) })
    await registered(server, ...companies.map(({ organisation }) => ({ ...organisation, representatives: organisation.representatives.slice(0, 1) })))
    party = await makeRelyingParty(portal.party(server.issuer))
    ;[registrar, approver, auditor] = [await enrol(server, party), await enrol(server, party), await enrol(server, party)]
    for (const [who, role] of [[registrar, 'registry-operator'], [approver, 'approver'], [auditor, 'auditor']] as const) await hire(server, who, role)
  })
  afterAll(() => server.close())

  const files = () => `${server.issuer}/quan-tri/to-chuc`
  async function applied({ director, organisation }: Company, who?: Enrolled): Promise<string> {
    await actOn(server, who ?? (await grownUp(server, party, director)), organisation.id, { act: 'apply' })
    return `${files()}/${(await server.house.organisations.find(organisation.id))?.application?.id}`
  }
  const stateOf = async ({ organisation }: Company) => (await server.house.organisations.find(organisation.id))?.application?.state

  test('one officer examines and another one issues, each where their role lets them (A03)', async () => {
    const [company] = companies
    if (company === undefined) throw new Error('no company')
    const file = await applied(company)
    expect((await registrar.visitor.open(files())).text).toContain(company.organisation.name)
    const read = await auditor.visitor.open(file)
    expect(read.text).not.toContain('/xem-xet')
    const page = await registrar.visitor.open(file)
    const csrf = /name="csrf" value="([^"]+)"/.exec((await auditor.visitor.open(`${server.issuer}/tai-khoan/khoa-tai-khoan`)).text)?.[1] ?? ''
    expect((await auditor.visitor.submit(new URL(`${file}/xem-xet`), { csrf, reason: 'x' }, new URL(file))).status).toBe(403)
    await fillIn(registrar.visitor, page, '/xem-xet', { reason: 'Đã so với đăng ký' })
    expect(await stateOf(company)).toBe('examined')
    expect((await registrar.visitor.submit(new URL(`${file}/cap`), { csrf: /name="csrf" value="([^"]+)"/.exec((await registrar.visitor.open(file)).text)?.[1] ?? '', reason: 'x' }, new URL(file))).status).toBe(403)
    await fillIn(approver.visitor, await approver.visitor.open(file), '/cap', { reason: 'Đã so với đăng ký' })
    expect(await stateOf(company)).toBe('issued')
  })

  test('who has examined one does not issue it, and a second decision changes nothing', async () => {
    const [, company] = companies
    if (company === undefined) throw new Error('no company')
    const file = await applied(company)
    const waiting = await approver.visitor.open(file)
    await fillIn(approver.visitor, waiting, '/xem-xet', { reason: 'Đã so với đăng ký' })
    const refused = await fillIn(approver.visitor, await approver.visitor.open(file), '/cap', { reason: 'Đã so với đăng ký' })
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('Một người khác phải cấp')])
    expect((await fillIn(approver.visitor, waiting, '/xem-xet', { reason: 'Đã so với đăng ký' })).status).toBe(409)
    expect(await stateOf(company)).toBe('examined')
  })

  test('a refusal names a reason of the list, which the applicant reads', async () => {
    const company = companies[2]
    if (company === undefined) throw new Error('no company')
    const director = await grownUp(server, party, company.director)
    const file = await applied(company, director)
    expect((await fillIn(registrar.visitor, await registrar.visitor.open(file), '/tu-choi')).text).toContain('Hãy chọn lý do')
    await fillIn(registrar.visitor, await registrar.visitor.open(file), '/tu-choi', { refusal: 'data-differ' })
    expect([await stateOf(company), (await server.house.organisations.find(company.organisation.id))?.account]).toEqual(['refused', undefined])
    await applied(company, director)
    const former = await registrar.visitor.open(file)
    expect([former.status, former.text.includes('Bị từ chối'), former.text.includes('/tu-choi')]).toEqual([200, true, false])
    const found = await registrar.visitor.open(`${files()}?tinhtrang=refused&tim=${company.organisation.code}`)
    expect([found.text.includes(file.replace(server.issuer, '')), (await auditor.visitor.open(`${files()}?tinhtrang=consenting`)).status]).toEqual([true, 400])
  })
})
