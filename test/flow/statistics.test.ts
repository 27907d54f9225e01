import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { enrol, signIn, type Enrolled } from '#test/support/journey.ts'
import { hire } from '#test/support/officers.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

const [portal, bank] = [testClient({ name: 'portal' }), testClient({ name: 'bank' })]
const ownSector = 'bank.example'

describe('statistics in the console', () => {
  let server: TestServer
  let party: RelyingParty
  let people: readonly Enrolled[]
  beforeAll(async () => {
    server = await startServer({ clients: () => [portal.metadata, { ...bank.metadata, sector: ownSector }] })
    party = await makeRelyingParty(portal.party(server.issuer))
    people = [await enrol(server, party), await enrol(server, party), await enrol(server, party)]
    for (const who of [...people, ...people]) await signIn(party, who, { prompt: 'login' })
    const bankParty = await makeRelyingParty(bank.party(server.issuer))
    await signIn(bankParty, people[0] ?? fail(), { prompt: 'login' })
    await hire(server, people[0] ?? fail(), 'analyst')
    await hire(server, people[1] ?? fail(), 'client-admin', ownSector)
    await server.house.statistics.refresh(new Date(Date.now() + 61_000), { recount: true })
  })
  afterAll(() => server.close())

  const fail = () => {
    throw new Error('nobody is there')
  }
  const open = (at: number, path = '') => (people[at] ?? fail()).visitor.open(`${server.issuer}/quan-tri/thong-ke${path}`)
  const cells = (page: string, caption: string) => {
    const table = page.split('<table>').find((one) => one.startsWith(`<caption>${caption}`)) ?? ''
    return [...table.matchAll(/<t[hd] [^>]*data-label[^>]*>(?:<span[^>]*>)?([^<]*)/g)].map(([, text]) => text)
  }
  const thisMonth = () => new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 7)

  test('an analyst sees sign-ins by day, service, level and reason, and accounts by province; a picture says what the table says', async () => {
    const page = await open(0)
    expect(page.status).toBe(200)
    expect(page.text).toMatch(/<svg[^>]*role="img" aria-labelledby="sign-ins-title sign-ins-text"/)
    expect(cells(page.text, 'Đăng nhập theo ngày').slice(-5)).toEqual(['10', '0', '0', '10', '100 %'])
    expect(cells(page.text, 'Đăng nhập thành công theo mức xác thực').slice(0, 2)).toEqual(['Mức 2', '10'])
    // One sign-in at the bank is not told, and what is left would tell it.
    expect(cells(page.text, 'Đăng nhập theo dịch vụ').filter((text) => text === 'ẩn').length).toBeGreaterThan(1)
    // Three accounts in all: neither their provinces nor their sum.
    expect(cells(page.text, 'Tài khoản theo tỉnh').some((text) => ['1', '2', '3'].includes(text ?? ''))).toBe(false)
    expect(cells(page.text, 'Tài khoản theo tỉnh').filter((text) => text === 'ẩn').length).toBeGreaterThan(1)
    expect(cells(page.text, 'Đăng ký tài khoản theo ngày')).toContain('ẩn')
  })

  test('a month is chosen in the address, another shape is refused', async () => {
    expect((await open(0, '?thang=2020-01')).text).toContain('Thống kê tháng 01/2020')
    expect((await open(0, '?thang=2020-13')).status).toBe(400)
  })

  test('sign-ins by province are told of a month that is over, with bars, to whoever sees the country; of the running month never', async () => {
    const db = server.house.database
    await db.change(sql`insert into daily_count (day, kind, client_id, level, outcome, count) values ('2020-02-03', 'sign-in', 'portal', 2, 'finished', 63)`)
    await db.change(sql`insert into province_count (day, province, count) values ('2020-02-03', '46', 52), ('2020-02-03', '79', 8), ('2020-02-03', '01', 3)`)
    const caption = 'Đăng nhập thành công theo tỉnh'
    const page = await open(0, '?thang=2020-02')
    const told = cells(page.text, caption)
    const of = (name: string) => told[told.findIndex((text) => text?.includes(name)) + 1]
    expect([of('Huế'), of('Hà Nội'), of('Hồ Chí Minh')]).toEqual(['52', 'ẩn', 'ẩn'])
    expect(page.text).toMatch(/<svg[^>]*aria-labelledby="dang-nhap-tinh-title dang-nhap-tinh-text"[^]*Huế: 52/)
    expect((await open(0, '/tep?thang=2020-02&bang=dang-nhap-tinh')).text).toContain('Huế",52')
    expect((await open(0)).text).toContain('Có khi hết tháng')
    expect((await open(0, `/tep?thang=${thisMonth()}&bang=dang-nhap-tinh`)).text.trimEnd().split('\r\n')).toHaveLength(1)
    expect((await open(1, '?thang=2020-02')).text).not.toContain(caption)
    expect((await open(1, '/tep?thang=2020-02&bang=dang-nhap-tinh')).text).not.toContain('Huế')
  })

  test('what is downloaded is what is shown', async () => {
    const file = await open(0, `/tep?thang=${thisMonth()}&bang=ngay`)
    expect([file.status, file.headers.get('content-type'), file.headers.get('content-disposition')]).toEqual([200, 'text/csv; charset=utf-8', `attachment; filename="ngay-${thisMonth()}.csv"`])
    expect(file.text).toContain('"Ngày","Thành công"')
    expect((await open(0, `/tep?thang=${thisMonth()}&bang=tinh`)).text).not.toMatch(/,[1-4],/)
  })

  test('A03: whoever works for one organisation sees its services alone, and no accounts of the country', async () => {
    const page = await open(1)
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Chỉ gồm ứng dụng thuộc phạm vi của bạn')])
    expect(page.text).not.toContain('portal')
    expect(page.text).not.toContain('Tài khoản theo tỉnh')
    expect(cells(page.text, 'Đăng nhập theo ngày')).not.toContain('10')
    expect((await open(1, `/tep?thang=${thisMonth()}&bang=tinh`)).text.split('\r\n')).toHaveLength(2)
  })

  test('A03: nobody else sees them; the overview shows what happens now to those who may see all of it', async () => {
    expect((await open(2)).status).toBe(403)
    const overview = async (at: number) => (await (people[at] ?? fail()).visitor.open(`${server.issuer}/quan-tri`)).text
    expect(await overview(0)).toContain('Đăng nhập mỗi phút')
    expect(await overview(1)).not.toContain('Đăng nhập mỗi phút')
  })
})
