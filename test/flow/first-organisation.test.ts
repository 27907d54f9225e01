import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientId } from '#kernel/id.ts'
import { bringOrganisation, organisationLines, sample } from '#app/start/organisation.ts'
import { agree, fillIn } from '#test/support/citizen.ts'
import { aCompany, mine, offeredTo } from '#test/support/company.ts'
import { actFor, askedForWhom } from '#test/support/family.ts'
import { accountOf, enrol, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

const names = [{ claims: ['name'], basis: 'consent', purpose: { vi: 'Kê khai thuế', en: 'Tax' } }]
const tax = testClient({ name: 'tax', metadata: { in_name_of: ['organisation'], purposes: names } })
const { director, accountant } = aCompany(900)
const five = [{ purpose: 'adult', person: director }, { purpose: 'single-name', person: accountant }] as const

describe('the organisation of a development start', () => {
  let server: TestServer
  let portal: RelyingParty
  beforeAll(async () => {
    server = await startServer({ clients: () => [tax.metadata], people: [director, accountant] })
    portal = await makeRelyingParty(tax.party(server.issuer))
  })
  afterAll(() => server.close())

  const begin = () => bringOrganisation(server.house, five, [clientId.parse(tax.metadata['client_id'])])
  const levelOf = async (who: Enrolled) => (await server.house.accounts.findNow(await accountOf(server, who)))?.account.level
  const inItsName = async (who: Enrolled) => {
    const { visitor, page, checks } = await askedForWhom(portal, who, { scope: 'openid organisation' })
    const { url } = await agree(visitor, await actFor(visitor, page, sample.name))
    return (await portal.finish(url, checks)).claims
  }

  test('is there for who registers as its representative and as whom it offers a mandate, whoever comes first', async () => {
    await begin()
    const holder = await enrol(server, portal, ({ number }) => number === accountant.number)
    expect([await levelOf(holder), (await server.house.organisations.findByCode(sample.code))?.account]).toEqual([2, undefined])
    const representative = await enrol(server, portal, ({ number }) => number === director.number)
    expect(await levelOf(representative)).toBe(2)
    expect(await inItsName(representative)).toMatchObject({ vn_org_id: sample.code, vn_org_name: sample.name, vn_org_role: 'legal-representative' })
    const offered = await offeredTo(server, holder)
    await fillIn(holder.visitor, offered, offered.url.pathname, { act: 'accept' })
    expect(await inItsName(holder)).toMatchObject({ vn_org_id: sample.code, vn_org_role: 'accountant' })
    expect((await mine(representative, `${server.issuer}/tai-khoan/to-chuc`)).text).toContain('dữ liệu mẫu')
  })

  test('is brought once, however often it starts, and raises nobody else', async () => {
    await begin()
    await begin()
    const known = await server.house.organisations.findByCode(sample.code)
    expect(known?.account).toMatchObject({ state: 'active', locks: [] })
    expect(known && (await server.house.organisations.mandatesOf(known.organisation.id, 9))).toHaveLength(1)
    expect(await levelOf(await enrol(server, portal))).toBe(1)
  })

  test('is told beside the test people, and not where one of them is missing', async () => {
    expect(organisationLines(five)).toEqual([expect.stringMatching(/Nguyễn Thị Ánh Nguyệt represents .*mẫu.* Trần Thu Trang a mandate/)])
    expect(organisationLines(five.slice(1))).toEqual([])
    await bringOrganisation(server.house, [], [])
  })
})
