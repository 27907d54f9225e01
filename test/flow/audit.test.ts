import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientId, newId } from '#kernel/id.ts'
import { insertRole } from '#storage/postgres/officers.ts'
import { fillIn } from '#test/support/citizen.ts'
import { accountOf, enrol, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'
import { titleOf } from '#test/support/visitor.ts'

const portal = testClient({ name: 'portal' })
const endsOn = new Date(Date.now() + 28 * 86_400_000).toISOString().slice(0, 10)
const inACase = { case: '000.00.19.H29-261104-0001', ground: 'complaint' }

describe('the log of record, for auditors', () => {
  let server: TestServer
  let party: RelyingParty
  let auditor: Enrolled
  let colleague: Enrolled
  let citizen: Enrolled
  beforeAll(async () => {
    server = await startServer({ clients: () => [portal.metadata] })
    party = await makeRelyingParty(portal.party(server.issuer))
    ;[auditor, colleague, citizen] = [await enrol(server, party), await enrol(server, party), await enrol(server, party)]
    for (const [who, role] of [[auditor, 'auditor'], [colleague, 'auditor'], [colleague, 'super-admin']] as const) {
      await insertRole(server.house.database, { id: newId(), account: await accountOf(server, who), role, since: new Date(), endsOn }, undefined)
    }
  })
  afterAll(() => server.close())

  const at = (path: string) => `${server.issuer}/quan-tri/nhat-ky${path}`
  const events = async (type: string) =>
    (await server.house.database.rows(sql<{ data: Record<string, unknown> }>`select data from audit_event where type = ${type} order by id`)).map(({ data }) => data)
  const lookUp = async (who: Enrolled, typed: Record<string, string>) =>
    fillIn(who.visitor, await who.visitor.open(at('/tra-cuu')), '/tra-cuu', { ...inACase, ...typed })

  test('A03: who does not read the log sees none of it', async () => {
    for (const path of ['', '/tai-ve', '/tra-cuu', `/tra-cuu/${newId()}`]) {
      const page = await citizen.visitor.open(at(path))
      expect([path, page.status, page.text.includes('login.finished')]).toEqual([path, 403, false])
    }
  })

  test('a search is in the address, finds by what, service, officer and number, and is on record by what it was narrowed', async () => {
    const all = await auditor.visitor.open(at(''))
    expect([all.status, all.text]).toEqual([200, expect.stringContaining('Đăng ký xong')])
    const registered = await auditor.visitor.open(at('?type=registration.finished&client=portal'))
    expect(registered.text.match(/<tbody>[^]*<\/tbody>/)?.[0].match(/<tr>/g)).toHaveLength(3)
    const by = await accountOf(server, auditor)
    const mine = await auditor.visitor.open(at(`?by=${by}`))
    expect(mine.text.match(/<tbody>[^]*<\/tbody>/)?.[0]).toContain('Tìm trong nhật ký')
    const id = /<dd class="mono">([0-9a-f-]{36})<\/dd>/.exec(registered.text)?.[1]
    const one = await auditor.visitor.open(at(`?reference=${id}`))
    expect(one.text.match(/<tbody>[^]*<\/tbody>/)?.[0].match(/<tr>/g)).toHaveLength(1)
    expect((await auditor.visitor.open(at('?from=2020-01-01T00:00&to=2020-01-02T00:00'))).text).toContain('Không có sự kiện nào')
    const wrong = await auditor.visitor.open(at('?from=2020-01-03T00:00&to=2020-01-02T00:00'))
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('phải trước')])
    expect((await events('audit.searched')).map(({ by: who, filters }) => [who, filters])).toEqual([[], ['type', 'client'], ['by'], ['reference'], ['time']].map((filters) => [by, filters]))
  })

  test('pages of fifty follow each other; the whole search is a table for spreadsheets', async () => {
    const by = await accountOf(server, colleague)
    await server.house.audit.append(...Array.from({ length: 120 }, () => ({ type: 'client.suspended', client: clientId.parse('portal'), by, reason: '=HYPERLINK("x")' }) as const))
    const seen: string[] = []
    let next: string | undefined = at(`?by=${by}&type=client.suspended`)
    while (next !== undefined) {
      const { text } = await auditor.visitor.open(next)
      seen.push(...[...text.matchAll(/<dd class="mono">([0-9a-f-]{36})<\/dd>/g)].map(([, id = '']) => id))
      const older: string | undefined = /href="([^"]*older=[^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&')
      next = older && `${server.issuer}${older}`
    }
    expect([seen.length, new Set(seen).size]).toEqual([120, 120])
    const file = await auditor.visitor.open(at(`/tai-ve?by=${by}&type=client.suspended`))
    expect([file.status, file.headers.get('content-type'), file.headers.get('content-disposition')]).toEqual([200, 'text/csv; charset=utf-8', expect.stringMatching(/^attachment; filename="nhat-ky-[0-9-]+\.csv"$/)])
    expect(file.text.trim().split('\r\n')).toHaveLength(121)
    expect(file.headers.get('cache-control')).toContain('no-store')
    expect((await events('audit.searched')).at(-1)).toEqual({ by: await accountOf(server, auditor), filters: ['by', 'type'], exported: true })
  })

  test('A04: a citizen is looked up in a case and for a reason, on record before anything is shown, and the number is in no address and no event', async () => {
    const [by, account] = [await accountOf(server, auditor), await accountOf(server, citizen)]
    for (const [typed, at_] of [[{ whom: '123' }, 'whom'], [{ whom: citizen.citizen.number, case: '' }, 'case'], [{ whom: citizen.citizen.number, case: citizen.citizen.number }, 'case'], [{ whom: citizen.citizen.number, ground: '' }, 'ground']] as const) {
      const refused = await lookUp(auditor, typed)
      expect([refused.status, refused.text]).toEqual([400, expect.stringContaining(`href="#${at_}`)])
    }
    expect(await events('audit.looked-up')).toEqual([])
    const page = await lookUp(auditor, { whom: citizen.citizen.number })
    expect([page.status, titleOf(page.text)]).toEqual([200, expect.stringContaining(inACase.case)])
    expect(page.text).toContain('Đăng ký xong')
    expect(page.url.href).not.toContain(citizen.citizen.number)
    expect(await events('audit.looked-up')).toEqual([{ lookup: page.url.pathname.split('/').at(-1), by, role: 'auditor', account, ...inACase }])
    expect(await server.house.database.rows(sql`select id from audit_event where data::text like ${`%${citizen.citizen.number}%`}`)).toEqual([])
    // By the number of an account as it stands in the log, too.
    expect((await lookUp(auditor, { whom: account })).text).toContain('Đăng ký xong')
  })

  test('A04: what one has looked up nobody else reads on, and nothing of the other\'s', async () => {
    const mine = await lookUp(auditor, { whom: citizen.citizen.number })
    expect((await auditor.visitor.open(mine.url)).status).toBe(200)
    expect((await colleague.visitor.open(mine.url)).status).toBe(404)
    expect((await auditor.visitor.open(at(`/tra-cuu/${newId()}`))).status).toBe(404)
  })

  test('a number of nobody is looked up like any other and shows nothing; it is on record by whom', async () => {
    const page = await lookUp(auditor, { whom: server.nextPerson().number })
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Không có sự kiện nào')])
    expect((await events('audit.looked-up')).at(-1)).toEqual({ lookup: page.url.pathname.split('/').at(-1), by: await accountOf(server, auditor), role: 'auditor', ...inACase })
  })

  test('A04: nobody looks themself up, and the try is on record', async () => {
    const page = await lookUp(auditor, { whom: auditor.citizen.number })
    expect([page.status, titleOf(page.text)]).toEqual([403, expect.stringContaining('không tra cứu chính mình')])
    expect((await events('officer.refused')).at(-1)).toEqual({ by: await accountOf(server, auditor), permission: 'audit.read', reason: 'own-record' })
  })

  test('A04, L06: the citizen sees when, which role, which case and why, operators too, and never a name', async () => {
    const account = await accountOf(server, citizen)
    const found = await server.house.accounts.find(account)
    if (found === undefined) throw new Error('no account')
    await server.house.audit.append({ type: 'account.shown', account, by: 'operator' }, { type: 'registry.shown', person: found.account.person, revealed: true })
    const home = await citizen.visitor.open(`${server.issuer}/tai-khoan`)
    expect(home.text).toContain('href="/tai-khoan/lich-su"')
    const page = await citizen.visitor.open(`${server.issuer}/tai-khoan/lich-su`)
    for (const said of [inACase.case, 'Cán bộ, vai trò Kiểm tra', 'Giải quyết khiếu nại, tố cáo', 'Nhật ký về bạn', 'Tài khoản của bạn', 'Dữ liệu dân cư của bạn', 'Người vận hành máy chủ']) expect(page.text).toContain(said)
    for (const hidden of [auditor.citizen.name, await accountOf(server, auditor)]) expect(page.text).not.toContain(hidden)
    // What they read there as the number of the event is what an auditor finds it by.
    const reference = /<span class="mono">([0-9a-f-]{36})<\/span>/.exec(page.text)?.[1]
    expect((await auditor.visitor.open(at(`?reference=${reference}`))).text).toContain(String(reference))
    expect((await colleague.visitor.open(`${server.issuer}/tai-khoan/lich-su`)).text).toContain('Chưa có ai xem')
  })
})
