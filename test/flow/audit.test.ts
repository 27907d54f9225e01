import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientId, connectionId, newId } from '#kernel/id.ts'
import { makeBoss, queues } from '#storage/jobs/boss.ts'
import { letterTo } from '#storage/jobs/letter.ts'
import { insertRole } from '#storage/postgres/officers.ts'
import { textsOf } from '#web/i18n/language.ts'
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

  const database = () => server.house.database
  const referenceOn = (text: string) => /<strong class="mono">([^<]+)<\/strong>/.exec(text)?.[1] ?? ''
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
    expect((await events('audit.searched')).map(({ by: who, filters, sought }) => [who, filters, sought])).toEqual([
      [by, [], {}], [by, ['type', 'client'], { type: 'registration.finished', client: 'portal' }], [by, ['by'], { by }], [by, ['reference'], { reference: id }], [by, ['time'], {}]])
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
    expect((await events('audit.searched')).at(-1)).toEqual({ by: await accountOf(server, auditor), filters: ['by', 'type'], sought: { by, type: 'client.suspended' }, exported: true })
  })

  test('A04: outside of a look-up nothing leads to a person: no account, record, passkey or grant is on the page or in the file', async () => {
    const { database, accounts } = server.house
    const account = await accountOf(server, citizen)
    const person = (await accounts.find(account))?.account.person
    if (person === undefined) throw new Error('no account')
    await server.house.audit.append({ type: 'registry.shown', person, revealed: false })
    const rows = await database.rows(sql<{ data: Record<string, unknown> }>`select data from audit_event where account_id = ${account}`)
    const leading = new Set([account, person, ...rows.flatMap(({ data }) => [data['passkey'], data['grant']]).filter((one) => typeof one === 'string')])
    expect(leading.size).toBeGreaterThanOrEqual(4)
    const [page, file] = [await auditor.visitor.open(at('')), await auditor.visitor.open(at('/tai-ve'))]
    for (const { text } of [page, file]) expect([...leading].filter((one) => text.includes(one))).toEqual([])
    expect([page.text.includes('Đăng nhập'), file.text.includes('login.finished')]).toEqual([true, true])
  })

  test('A04: what a citizen did cannot be asked for by their account', async () => {
    const page = await auditor.visitor.open(at(`?by=${await accountOf(server, citizen)}`))
    expect([page.status, page.text]).toEqual([400, expect.stringContaining('không phải cán bộ')])
  })

  test('A04: from an event the way to its person leads through a case', async () => {
    const page = await auditor.visitor.open(at('?type=registration.finished'))
    const way = /href="(\/quan-tri\/nhat-ky\/tra-cuu\?event=[0-9a-f-]{36})"/.exec(page.text)?.[1]
    const form = await auditor.visitor.open(`${server.issuer}${way}`)
    const event = String(way?.split('=')[1])
    expect(form.text).toContain(`value="${event}"`)
    const all = await database().rows(sql<{ id: string; account_id: string }>`select id, account_id from audit_event where type = 'registration.finished' and account_id <> ${await accountOf(server, auditor)} order by id`)
    const { id, account_id: whose } = all.at(-1) ?? { id: '', account_id: '' }
    const found = await lookUp(auditor, { whom: id })
    expect([found.status, found.text]).toEqual([200, expect.stringContaining(whose)])
    expect((await events('audit.looked-up')).at(-1)).toMatchObject({ account: whose, ...inACase })
  })

  test('L04: a word that the log does not know is not kept by it', async () => {
    expect((await auditor.visitor.open(at('?client=nguyen.van.an'))).text).toContain('Không có sự kiện nào')
    expect((await events('audit.searched')).at(-1)).toEqual({ by: await accountOf(server, auditor), filters: ['client'], sought: {}, exported: false })
  })

  test('times before all ids and characters that no text holds are refused at their field', async () => {
    for (const typed of ['?from=0001-01-01T00:00', '?to=0001-01-01T00:00', '?type=%00', '?client=a%00', '?by=%00', '?reference=%00', '?from=%00']) {
      expect([typed, (await auditor.visitor.open(at(typed))).status]).toEqual([typed, 400])
    }
  })

  test('A04: a citizen is looked up in a case and for a reason, on record before anything is shown, and the number is in no address and no event', async () => {
    const [by, account] = [await accountOf(server, auditor), await accountOf(server, citizen)]
    const first = await events('audit.looked-up')
    for (const [typed, at_] of [[{ whom: '123' }, 'whom'], [{ whom: citizen.citizen.number, case: '' }, 'case'], [{ whom: citizen.citizen.number, case: citizen.citizen.number }, 'case'], [{ whom: citizen.citizen.number, ground: '' }, 'ground']] as const) {
      const refused = await lookUp(auditor, typed)
      expect([refused.status, refused.text]).toEqual([422, expect.stringContaining(`href="#${at_}`)])
    }
    const before = await events('audit.looked-up')
    const page = await lookUp(auditor, { whom: citizen.citizen.number })
    expect([page.status, titleOf(page.text)]).toEqual([200, expect.stringContaining(inACase.case)])
    expect(page.text).toContain('Đăng ký xong')
    expect(page.url.href).not.toContain(citizen.citizen.number)
    expect([before, (await events('audit.looked-up')).slice(first.length)]).toEqual([first, [{ lookup: page.url.pathname.split('/').at(-1), by, role: 'auditor', account, ...inACase }]])
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

  test('L04: a telephone number or an address is no case, and no reason either', async () => {
    for (const typed of ['HS-0912.345.678', '０７９２０３００１２３４']) {
      const refused = await lookUp(auditor, { whom: citizen.citizen.number, case: typed })
      expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('Mã hồ sơ này giống')])
    }
    const notice = await colleague.visitor.open(`${server.issuer}/quan-tri/thong-bao/moi`)
    const told = await fillIn(colleague.visitor, notice, '/moi', { kind: 'maintenance', vi: 'Bảo trì', en: 'Maintenance', startsAt: '2026-11-26T08:00', endsAt: '2026-11-26T09:00', reason: `theo yêu cầu của ${citizen.citizen.number}` })
    expect([told.status, titleOf(told.text)]).toEqual([422, expect.stringContaining('Lý do không được có số của ai')])
    expect(await events('banner.set')).toEqual([])
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

  test('S09: a reference that somebody read on an error page tells staff what happened, and of nobody', async () => {
    const refused = await citizen.visitor.open(at(''))
    const reference = referenceOn(refused.text)
    const typed = reference.toLowerCase().replace('-', ' ')
    await expect.poll(async () => (await auditor.visitor.open(at(`?reference=${encodeURIComponent(typed)}`))).text, { timeout: 10_000 }).toContain('officer.not-allowed')
    const page = await auditor.visitor.open(at(`?reference=${reference}`))
    for (const said of [reference, 'Điều đã xảy ra', '/quan-tri/nhat-ky', 'Xem sự kiện quanh lúc đó']) expect(page.text).toContain(said)
    for (const hidden of [await accountOf(server, citizen), citizen.citizen.name]) expect(page.text).not.toContain(hidden)
    expect((await events('audit.searched')).at(-1)).toMatchObject({ filters: ['reference'], sought: { reference } })
    const around = /href="([^"]*from=[^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&')
    expect((await auditor.visitor.open(`${server.issuer}${around}`)).text).toContain('Cán bộ bị từ chối')
    // What the protocol refused, with the service that it was refused to.
    const request = new URLSearchParams({ client_id: 'portal', response_type: 'code', scope: 'openid', redirect_uri: 'https://elsewhere.example/' })
    const wrong = referenceOn((await citizen.visitor.open(`${server.issuer}/authorize?${request}`)).text)
    expect(wrong).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/)
    await expect.poll(async () => (await auditor.visitor.open(at(`?reference=${wrong}`))).text, { timeout: 10_000 }).toMatch(/request\.malformed[^]*\/authorize[^]*portal/)
    expect((await auditor.visitor.open(at('?reference=2222-2222'))).text).toContain('Không có mã này')
  })

  test('A04: who knocks at the console from outside is no officer: the alarm names nobody, and their event leads to a case', async () => {
    const account = await accountOf(server, citizen)
    for (let tried = 0; tried < 5; tried += 1) await citizen.visitor.open(at(''))
    const page = await auditor.visitor.open(`${server.issuer}/quan-tri`)
    expect([page.text.includes('Một người không phải cán bộ'), page.text.includes(account), page.text.includes(citizen.citizen.name)]).toEqual([true, false, false])
    const found = await auditor.visitor.open(at('?type=officer.refused'))
    expect([found.text.includes(account), found.text.includes('tra-cuu?event=')]).toEqual([false, true])
  })

  test('letters that could not be delivered are seen by who reads the log', async () => {
    const { database } = server.house
    const letter = letterTo(await accountOf(server, citizen), { about: 'connection', is: 'live', connection: connectionId.parse(newId()) })
    await makeBoss(database).insert(queues.undelivered, [{ data: letter.signal }])
    expect((await auditor.visitor.open(`${server.issuer}/quan-tri`)).text).toContain('1 thư của hệ thống không gửi được')
  })

  test('L04: the columns of the log say what its events say, and each event has its words', async () => {
    const { database } = server.house
    expect(await database.rows(sql`
      select id, type from audit_event
      where client_id is distinct from data->>'client' or account_id::text is distinct from data->>'account' or actor::text is distinct from case when data->>'by' like '%-%' then data->>'by' end`)).toEqual([])
    const types = (await database.rows(sql<{ type: string }>`select distinct type from audit_event`)).map(({ type }) => type)
    expect(types.length).toBeGreaterThan(8)
    for (const language of ['vi', 'en'] as const) expect(types.filter((type) => !Object.hasOwn(textsOf(language).audit.types, type))).toEqual([])
  })

  test('A04: the eleventh file within an hour is refused, on record and an alarm', async () => {
    const by = await accountOf(server, auditor)
    const given: number[] = []
    for (let tried = 0; tried < 10; tried += 1) given.push((await auditor.visitor.open(at('/tai-ve?type=client.suspended'))).status)
    expect(given.at(-1)).toBe(429)
    expect((await events('officer.refused')).at(-1)).toEqual({ by, permission: 'audit.read', reason: 'too-many-exports' })
    expect(await events('alarm.raised')).toContainEqual({ kind: 'exports', by })
  })
})
