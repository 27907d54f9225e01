import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dayInVietnam } from '#kernel/clock.ts'
import { dueAfter } from '#domain/desk/clock.ts'
import { agree, fillIn } from '#test/support/citizen.ts'
import { aCompany, actOn, type Company, mine, oneAfterAnother, organisationAt, registered } from '#test/support/company.ts'
import { actFor, askedForWhom, grownUp } from '#test/support/family.ts'
import { accountOf, enrol, type Enrolled } from '#test/support/journey.ts'
import { hire } from '#test/support/officers.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

const plain = { tax: testClient({ name: 'tax', metadata: { in_name_of: ['organisation'] } }), bank: testClient({ name: 'bank' }) }
/** Their people; of the organisations the registration knows none, but where a story says so. */
const companies = Array.from({ length: 5 }, (_, at) => aCompany(at + 801))
const papers = 'Bản chính 1234/QĐ-UBND, Ủy ban nhân dân thành phố Hà Nội'

describe.each(engines)('organisations that are in no registration, on %s:', (engine) => {
  let server: TestServer
  let tax: RelyingParty
  let bank: RelyingParty
  let registrar: Enrolled
  let approver: Enrolled
  const nextCompany = oneAfterAnother(companies)
  beforeAll(async () => {
    server = await startServer({ engine, clients: () => Object.values(plain).map(({ metadata }) => metadata), people: companies.flatMap(({ organisation: _organisation, ...people }) => Object.values(people)) })
    tax = await makeRelyingParty(plain.tax.party(server.issuer))
    bank = await makeRelyingParty(plain.bank.party(server.issuer))
    ;[registrar, approver] = [await enrol(server, bank), await enrol(server, bank)]
    for (const [who, role] of [[registrar, 'registry-operator'], [approver, 'approver']] as const) await hire(server, who, role)
  })
  afterAll(() => server.close())

  const nameOf = ({ organisation: { code } }: Company) => `Hội Khuyến học ${code}`
  const typed = (company: Company, changes: Record<string, string> = {}) => ({
    code: company.organisation.code, name: nameOf(company), kind: 'association', address: 'Số 1, đường Lê Lợi, Hà Nội',
    papers: '1234/QĐ-UBND', issuer: 'Ủy ban nhân dân thành phố Hà Nội', issuedOn: '2020-01-02', ...changes,
  })
  const form = (who: Enrolled) => mine(who, `${server.issuer}/tai-khoan/khai-to-chuc`)
  const declare = async (who: Enrolled, fields: Record<string, string>) => fillIn(who.visitor, await form(who), '/khai-to-chuc', fields)
  /** What this person has declared last. */
  async function declaredBy({ director }: Company) {
    const person = await server.house.registry.findByNumber(director.number)
    const ids = person === undefined ? [] : await server.house.organisations.representedBy(person.id)
    const id = ids.at(-1)
    const application = id && (await server.house.organisations.find(id))?.application
    if (id === undefined || application === undefined) throw new Error('nothing was declared')
    return { id, application, file: `${server.issuer}/quan-tri/to-chuc/${application.id}` }
  }
  const stateOf = async (company: Company) => (await declaredBy(company)).application.state

  test('declared, agreed to by the other one, examined with papers, issued, activated, and acting at a service', async () => {
    const company = nextCompany()
    const [director, partner] = [await grownUp(server, bank, company.director), await grownUp(server, bank, company.partner)]
    expect((await mine(director, `${server.issuer}/tai-khoan/to-chuc`)).text).toContain('href="/tai-khoan/khai-to-chuc"')
    const sent = await declare(director, typed(company, { number1: company.partner.number, name1: company.partner.name }))
    expect([sent.status, sent.text.includes('chưa được xác nhận'), sent.text.includes('Chờ những người đại diện khác đồng ý')]).toEqual([200, true, true])
    const { id, file } = await declaredBy(company)
    const asked = await mine(partner, organisationAt(server, id))
    expect([asked.text.includes(nameOf(company)), asked.text.includes('chưa được xác nhận')]).toEqual([true, true])
    expect((await askedForWhom(tax, director, { scope: 'openid organisation' })).page.text).not.toContain(nameOf(company))
    expect((await registrar.visitor.open(`${server.issuer}/quan-tri/to-chuc`)).text).not.toContain(nameOf(company))
    await actOn(server, partner, id, { act: 'agree' })
    expect((await declaredBy(company)).application).toMatchObject({ state: 'waiting', dueOn: dueAfter(dayInVietnam(new Date()), 15) })

    const page = await registrar.visitor.open(file)
    for (const said of ['Không có trong đăng ký doanh nghiệp', '1234/QĐ-UBND', 'Ủy ban nhân dân thành phố Hà Nội', '02/01/2020']) expect(page.text).toContain(said)
    const without = await fillIn(registrar.visitor, page, '/xem-xet', { reason: 'Đủ' })
    expect([without.status, without.text.includes('Hãy ghi giấy tờ bạn đã xem'), await stateOf(company)]).toEqual([422, true, 'waiting'])
    await fillIn(registrar.visitor, await registrar.visitor.open(file), '/xem-xet', { reason: 'Đủ', papers })
    const examined = await approver.visitor.open(file)
    expect(examined.text).toContain(papers)
    await fillIn(approver.visitor, examined, '/cap', { reason: 'Đủ' })
    expect((await mine(director, organisationAt(server, id))).text).not.toContain('chưa được xác nhận')
    await actOn(server, director, id, { act: 'activate' })

    const { visitor, page: whom, checks } = await askedForWhom(tax, director, { scope: 'openid organisation' })
    const { url } = await agree(visitor, await actFor(visitor, whom, nameOf(company)))
    expect((await tax.finish(url, checks)).claims).toMatchObject({ vn_org_id: company.organisation.code, vn_org_name: nameOf(company), vn_org_role: 'legal-representative' })
  })

  test('refused with a reason of the list, which the applicant reads; it is declared anew, and not applied for as it was', async () => {
    const company = nextCompany()
    const director = await grownUp(server, bank, company.director)
    await declare(director, typed(company))
    const { id, file } = await declaredBy(company)
    const page = await registrar.visitor.open(file)
    expect([page.text.includes('value="papers-insufficient"'), page.text.includes('value="data-differ"')]).toEqual([true, false])
    await fillIn(registrar.visitor, page, '/tu-choi', { refusal: 'papers-insufficient' })
    const read = await mine(director, organisationAt(server, id))
    expect([read.text.includes('Giấy tờ không đủ'), read.text.includes('value="apply"'), read.text.includes('chưa được xác nhận')]).toEqual([true, false, true])
    expect((await declare(director, typed(company))).text).toContain('Chờ cơ quan định danh xem xét')
    expect((await declaredBy(company)).id).not.toBe(id)
  })

  test('a number of the registration is refused and sends them the ordinary way; faults are told one by one, and level 1 declares nothing', async () => {
    const company = nextCompany()
    const partner = await enrol(server, bank, ({ number }) => number === company.partner.number)
    expect((await form(partner)).text).toContain('phải ở mức 2')
    const director = await grownUp(server, bank, company.director)
    await registered(server, company.organisation)
    const known = await declare(director, typed(company))
    expect([known.status, known.text.includes('Số này đã có trong cơ sở dữ liệu'), known.text.includes(`value="${nameOf(company)}"`)]).toEqual([422, true, true])
    const empty = await declare(director, { code: '12', issuedOn: '2099-01-01', number1: '12', name2: 'Lê Văn An' })
    for (const said of ['Hãy nhập 10 hoặc 13 số', 'Hãy nhập tên tổ chức', 'Hãy chọn loại', 'Hãy nhập địa chỉ', 'Hãy nhập số giấy tờ', 'Hãy nhập nơi cấp', 'không sau hôm nay', 'Hãy nhập đủ 12 số', 'Hãy nhập họ và tên']) expect(empty.text).toContain(said)
    const page = await form(director)
    const csrf = /name="csrf" value="([^"]+)"/.exec((await mine(partner, `${server.issuer}/tai-khoan/khoa-tai-khoan`)).text)?.[1] ?? ''
    expect((await partner.visitor.submit(new URL(page.url), { csrf, ...typed(company, { code: '0499999999' }) }, new URL(page.url))).status).toBe(403)
  })

  test('two at once with one number: of one person one is filed, and nobody hears of what another has declared', async () => {
    const company = nextCompany()
    const [director, neighbour] = [await grownUp(server, bank, company.director), await grownUp(server, bank, company.neighbour)]
    const pages = [await form(director), await form(director)]
    const both = await Promise.all(pages.map((page) => fillIn(director.visitor, page, '/khai-to-chuc', typed(company))))
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 422]))
    expect(both.filter(({ text }) => text.includes('Bạn đã nộp hồ sơ với số này'))).toHaveLength(1)
    const other = await declare(neighbour, typed(company))
    expect([other.status, other.text.includes('Chờ cơ quan định danh xem xét')]).toEqual([200, true])
    expect(await accountOf(server, neighbour)).not.toBe(await accountOf(server, director))
  })

  test('after fifteen days without an answer it stands in the list of what is overdue, and on the last of them it does not', async () => {
    const company = nextCompany()
    await declare(await grownUp(server, bank, company.director), typed(company))
    const { application: { id, dueOn = '' } } = await declaredBy(company)
    const overdue = async (today: string) => (await server.house.organisationDirectory.search({ state: 'overdue', today, order: 'due', offset: 0, most: 50 })).rows.map(({ application }) => application.id)
    const next = new Date(Date.parse(`${dueOn}T00:00Z`) + 86_400_000).toISOString().slice(0, 10)
    expect([(await overdue(dueOn)).includes(id), (await overdue(next)).includes(id)]).toEqual([false, true])
    expect(Math.round((Date.parse(dueOn) - Date.parse(dayInVietnam(new Date()))) / 86_400_000)).toBeGreaterThanOrEqual(15)
  })
})
