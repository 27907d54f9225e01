import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '#kernel/id.ts'
import { protocolRoutes } from '#oidc/routes.ts'
import { accountOf, enrol, get, type Enrolled } from '#test/support/journey.ts'
import { allDay, bootstrap, inFourWeeks, seat } from '#test/support/officers.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

const many = 57
const numbered = (at: number) => String(at).padStart(2, '0')
const counted = Array.from({ length: many }, (_, at) => at)
const clients = counted.map((at) => testClient({ name: `c${numbered(at)}`, sector: at % 2 === 0 ? 'chan.example' : 'le.example', metadata: { client_name: at === 3 ? '=HYPERLINK("x")' : `Dịch vụ Đất đai ${at}` } }))
const kidOf = (at: number) => `khoa-${numbered(at)}`.padEnd(43, 'x')
const evidence = JSON.stringify({ passkey: 'AAAA', publicKey: 'AA', hardwareBound: true, rpId: 'x', origin: 'x', clientDataJSON: 'AA', authenticatorData: 'AA', signature: 'AA' })

type Table = {
  path: string
  /** What each row of a page is known by. */
  row: RegExp
  /** In one order that is asked for, what comes first. */
  sorted: { xep: string; first: RegExp }
  /** A filter that leaves so many. */
  filter: { query: string; left: number }
  /** How many there are. */
  all: number
  table: string
  /** What stands in the file. */
  says: string
}

/** The seeds are beside what a server has anyway: four roles in force and three at other desks, a key of each algorithm. */
const tables: Readonly<Record<string, Table>> = {
  clients: { path: '/ung-dung?', row: /<th[^>]*><a href="\/quan-tri\/ung-dung\/([^"]+)"/g, sorted: { xep: 'sector', first: /^c00$/ }, filter: { query: 'to=le.example&tim=dat+dai', left: 27 }, all: many, table: 'clients', says: `"'=HYPERLINK(""x"")"` },
  'waiting proposals': { path: '/phe-duyet?', row: /<th[^>]*><a href="\/quan-tri\/phe-duyet\/([^"]+)"/g, sorted: { xep: 'subject', first: /./ }, filter: { query: 'viec=client.end&doituong=C0', left: 10 }, all: many, table: 'proposals', says: `"'=1+1"` },
  'decided proposals': { path: '/phe-duyet?tinhtrang=decided&', row: /<th[^>]*><a href="\/quan-tri\/phe-duyet\/([^"]+)"/g, sorted: { xep: 'oldest', first: /./ }, filter: { query: 'tinhtrang=withdrawn', left: 1 }, all: many + 1, table: 'proposals', says: '"Đã rút"' },
  roles: { path: '/vai-tro?', row: /href="\/quan-tri\/vai-tro\/([^"/]+)\/ket-thuc"/g, sorted: { xep: 'role', first: /./ }, filter: { query: 'vaitro=client-admin&phamvi=le.example&tinhtrang=in-force', left: 28 }, all: many + 7, table: 'roles', says: 'chan.example' },
  officers: { path: '/can-bo?', row: /href="\/quan-tri\/vai-tro\/([^"/]+)\/ket-thuc"/g, sorted: { xep: 'desk', first: /./ }, filter: { query: 'vaitro=enrolment-officer&noi=xa+phu&khoa=none&tinhtrang=in-force', left: 3 }, all: many + 7, table: 'officers', says: `"'=xã Phú 0"` },
  notices: { path: '/thong-bao?', row: /href="\/quan-tri\/thong-bao\/([^"/]+)\/go"/g, sorted: { xep: 'oldest', first: /./ }, filter: { query: 'loai=maintenance&tim=bao+tri+0&tinhtrang=coming', left: 10 }, all: many, table: 'banners', says: `"'=Bảo trì 56"` },
  'requests to connect': { path: '/ket-noi?', row: /<th[^>]*><a href="\/quan-tri\/ket-noi\/([^"]+)"/g, sorted: { xep: 'newest', first: /./ }, filter: { query: 'tinhtrang=overdue&to=le.example&tim=dat+dai', left: 10 }, all: many, table: 'connections', says: `"'=Đề nghị Đất đai 56"` },
  'applications at a desk': { path: '/quay?', row: /<th[^>]*>(?:<a[^>]*>)?<span class="seq">(R[^<]+)</g, sorted: { xep: 'newest', first: /^R056$/ }, filter: { query: 'tinhtrang=overdue&viec=recovery&tim=hs-4', left: 9 }, all: many, table: 'desk', says: `"'=HS-00"` },
  'applications of organisations': { path: '/to-chuc?', row: /<th[^>]*><a href="\/quan-tri\/to-chuc\/([^"]+)"/g, sorted: { xep: 'newest', first: /./ }, filter: { query: 'tinhtrang=overdue&tim=hop+tac+xa', left: 10 }, all: many, table: 'organisations', says: `"'=Hợp tác xã 56"` },
  'signing keys': { path: '/khoa?', row: /<th[^>]*><span class="mono">([^<]{43})</g, sorted: { xep: 'newest', first: /./ }, filter: { query: 'tim=KHOA-0', left: 10 }, all: 0, table: 'keys', says: kidOf(7) },
}

describe('tables of the console', () => {
  let server: TestServer
  let officer: Enrolled
  let of: Enrolled
  let third: Enrolled
  beforeAll(async () => {
    server = await startServer({ clients: () => clients.map(({ metadata }) => metadata) })
    const party = await makeRelyingParty((clients[0] ?? testClient({ name: 'x' })).party(server.issuer))
    ;[officer, of, third] = [await enrol(server, party), await enrol(server, party), await enrol(server, party)]
    await bootstrap(server, [officer, 'super-admin'], [officer, 'auditor'], [third, 'super-admin'])
    await seat(server, officer)
    await seed()
  })
  afterAll(() => server.close())

  async function seed() {
    const db = server.house.database
    const [someone, other] = [randomUUID(), randomUUID()]
    for (const at of counted) {
      const moment = new Date(Date.now() + at * 1000)
      const id = () => newId(moment.getTime())
      const client = `c${numbered(at)}`
      const change = (act: string, more: object) => JSON.stringify({ act, ...more })
      await db.change(sql`insert into proposal (id, act, subject, change, proposer, proposed_at, reason)
        values (${id()}, 'client.end', ${client}, ${change('client.end', { client })}::jsonb, ${someone}, ${moment}, ${at === 0 ? '=1+1' : 'vì cần'})`)
      const [decided, kid] = [id(), kidOf(at)]
      await db.change(sql`insert into proposal (id, act, subject, change, proposer, proposed_at, reason, state, decided_by, decided_at, evidence)
        values (${decided}, 'key.retire', ${kid}, ${change('key.retire', { kid, alg: 'ES256' })}::jsonb, ${someone}, ${moment}, 'cũ', 'approved', ${other}, ${moment}, ${evidence}::jsonb)`)
      await db.change(sql`insert into signing_key_change (seq, act, kid, alg, at, decided_at, proposal_id) values (${at + 1}, 'retire', ${kid}, 'ES256', ${moment}, ${moment}, ${decided})`)
      await db.change(sql`insert into officer_role (id, account_id, role, sector, since, ends_on) values (${id()}, ${randomUUID()}, 'client-admin', ${at % 2 === 0 ? 'chan.example' : 'le.example'}, ${moment}, ${inFourWeeks})`)
      await db.change(sql`insert into banner (id, kind, text_vi, text_en, starts_at, ends_at, set_by, reason)
        values (${id()}, 'maintenance', ${`=Bảo trì ${numbered(at)}`}, 'Maintenance', ${new Date(Date.now() + (100 - at) * 86_400_000)}, ${new Date(Date.now() + 200 * 86_400_000)}, ${someone}, 'x')`)
    }
    await seedClocks()
    await seedFiles()
    for (const at of [0, 1, 2]) {
      const post = { ...allDay, commune: `${at === 0 ? '=' : ''}xã Phú ${at}` }
      await db.change(sql`insert into officer_role (id, account_id, role, post, since, ends_on) values (${newId()}, ${randomUUID()}, 'enrolment-officer', ${JSON.stringify(post)}::jsonb, now(), ${inFourWeeks})`)
    }
    await db.change(sql`insert into proposal (id, act, subject, change, proposer, proposed_at, reason, state, decided_by, decided_at)
      values (${newId()}, 'client.end', 'c01', '{"act":"client.end","client":"c01"}'::jsonb, ${someone}, now(), 'x', 'withdrawn', ${someone}, now())`)
  }

  /** Half of them are of cooperatives; of the first twenty the day has passed. Neither what representatives have not agreed to nor what is decided waits. */
  async function seedFiles() {
    const db = server.house.database
    for (const at of counted) {
      const sent = new Date(Date.now() + at * 1000)
      const name = `${at === 56 ? '=' : ''}${at % 2 === 0 ? 'Hợp tác xã' : 'Công ty'} ${numbered(at)}`
      const [organisation] = await db.rows(sql<{ id: string }>`
        insert into organisation (id, code, name, state, source_version, confirmed_at) values (${newId()}, ${`04000000${numbered(at)}`}, ${name}, 'operating', 1, now()) returning id`)
      const applied = (state: string, ending: string, more: { due?: string; refusal?: string }) => db.change(sql`
        insert into organisation_application (id, reference, organisation_id, person_id, account_id, state, applied_at, due_on, refusal, decided_at)
        values (${newId(sent.getTime())}, ${`T0${numbered(at)}-${ending}`}, ${organisation?.id}, ${randomUUID()}, ${randomUUID()}, ${state}, ${sent}, ${more.due ?? null}::date, ${more.refusal ?? null}, ${more.refusal === undefined ? null : sent})`)
      await applied('waiting', 'A', { due: at < 20 ? '2026-01-05' : '2100-01-05' })
      await applied('refused', 'B', { due: '2026-01-05', refusal: 'data-differ' })
    }
    const [last] = await db.rows(sql<{ id: string }>`insert into organisation (id, code, name, state, source_version, confirmed_at) values (${newId()}, '0400000099', 'Công ty', 'operating', 1, now()) returning id`)
    await db.change(sql`insert into organisation_application (id, reference, organisation_id, person_id, account_id, state, applied_at) values (${newId()}, 'T099-C', ${last?.id}, ${randomUUID()}, ${randomUUID()}, 'consenting', now())`)
  }

  /** What the law gives so many days for: twenty of each are overdue. Drafts, and applications of another commune, are nobody's business here. */
  async function seedClocks() {
    const db = server.house.database
    const tested = JSON.stringify({ results: [] })
    for (const at of counted) {
      const sent = new Date(Date.now() - (at < 20 ? 60 : 1) * 86_400_000 + at * 1000)
      const entry = JSON.stringify({ client_name: at === 56 ? '=Đề nghị Đất đai 56' : `Đề nghị Đất đai ${numbered(at)}` })
      await db.change(sql`insert into connection (id, owner, tried, entry, sector, state, created_at, submitted_at, self_test)
        values (${newId(sent.getTime())}, ${randomUUID()}, ${`t${numbered(at)}`}, ${entry}::jsonb, ${at % 2 === 0 ? 'chan.example' : 'le.example'}, 'submitted', ${sent}, ${sent}, ${tested}::jsonb)`)
      await db.change(sql`insert into connection (id, owner, tried, entry, sector, created_at) values (${newId()}, ${randomUUID()}, ${`d${numbered(at)}`}, ${entry}::jsonb, 'le.example', now())`)
      for (const commune of [allDay.commune, 'xã khác']) {
        await db.change(sql`insert into desk_application (id, reference, purpose, person_id, account_id, case_number, officer, grant_id, desk, commune, received_at, worked_at, due_on)
          values (${newId()}, ${`${commune === allDay.commune ? 'R' : 'K'}0${numbered(at)}`}, ${at % 2 === 0 ? 'recovery' : 'level-2'}, ${randomUUID()}, ${randomUUID()}, ${at === 0 ? '=HS-00' : `HS-${at < 20 ? 4 : 5}${numbered(at)}`}, ${randomUUID()}, ${randomUUID()},
            'Quầy 2', ${commune}, ${sent}, ${sent}, ${at < 20 ? '2026-01-05' : '2100-01-05'})`)
      }
    }
  }

  const at = (path: string) => `${server.issuer}/quan-tri${path}`
  const open = (path: string, { visitor } = officer) => visitor.open(at(path))
  /** Of keys those that the server holds are published. */
  const countOf = async ({ all }: Table) => (all > 0 ? all : many + (await get(`${server.issuer}${protocolRoutes.jwks}`)).text.split('"kid"').length - 1)
  const rowsOf = (text: string, { row }: Table) => [...new Set([...text.matchAll(row)].map(([, name = '']) => name))]

  describe.each(Object.entries(tables))('%s', (_name, one) => {
    test('come in pages that together have every row once, reached by links that keep filter and order', async () => {
      const first = await open(`${one.path}xep=${one.sorted.xep}`)
      const next = /<a href="([^"]+)">Trang sau</.exec(first.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
      expect(new URL(next, server.issuer).searchParams.get('xep')).toBe(one.sorted.xep)
      const second = await officer.visitor.open(new URL(next, server.issuer))
      const [here, there] = [rowsOf(first.text, one), rowsOf(second.text, one)]
      expect([here.length, here.filter((id) => there.includes(id)), second.text.includes('Trang sau'), second.text.includes('Trang trước')]).toEqual([50, [], false, true])
      const all = await countOf(one)
      expect(here.length + there.length).toBe(all)
      expect((await open(`${one.path}trang=9`)).text).not.toContain('Trang sau')
    })

    test('are filtered by what stands in the address, which the form shows', async () => {
      const page = await open(`${one.path.split('?')[0]}?${one.filter.query}`)
      expect([page.status, rowsOf(page.text, one).length, page.text.includes('<details open')]).toEqual([200, one.filter.left, true])
      expect(page.text).not.toContain('Trang sau')
    })

    test('are sorted as asked for, and otherwise in another order', async () => {
      const [sorted, unsorted] = [rowsOf((await open(`${one.path}xep=${one.sorted.xep}`)).text, one), rowsOf((await open(one.path)).text, one)]
      expect(sorted[0]).toMatch(one.sorted.first)
      expect(sorted).not.toEqual(unsorted)
      const options = [...(await open(one.path)).text.matchAll(/<select id="xep"[^]*?<\/select>/g)].flatMap(([text]) => [...text.matchAll(/value="([^"]*)"/g)].map(([, value = '']) => value))
      expect(options.length).toBeGreaterThan(1)
      for (const xep of options) expect([xep, (await open(`${one.path}xep=${xep}`)).status]).toEqual([xep, 200])
    })

    test('refuse what is no order, no page, no filter and no form, and take what is empty for nothing', async () => {
      const path = `${one.path.split('?')[0]}?`
      for (const query of ['xep=x', 'xep=id;drop', 'trang=0', 'trang=-1', 'trang=1e9', 'trang=999999', 'dang=xlsx', 'la=1', 'xep=&xep=', `tim=${'a'.repeat(200)}`, 'tinhtrang=%27']) {
        expect([query, (await open(path + query)).status]).toEqual([query, 400])
      }
    })

    test('A04: leave as a file that no spreadsheet runs, which is on record', async () => {
      const file = await open(`${one.path}dang=csv`)
      expect([file.status, file.headers.get('content-type'), file.headers.get('content-disposition')]).toEqual([200, 'text/csv; charset=utf-8', expect.stringMatching(/^attachment; filename="[a-z-]+\.csv"$/)])
      expect(file.text).toContain(one.says)
      expect(file.text.trimEnd().split('\r\n').filter((line) => /(^|,)"[=+@-]/.test(line))).toEqual([])
      const all = await countOf(one)
      expect(file.text.trimEnd().split('\r\n')).toHaveLength(all + 1)
      const [last] = await server.house.database.rows(sql<{ data: object }>`select data from audit_event where type = 'table.exported' order by id desc limit 1`)
      expect(last?.data).toEqual({ table: one.table, by: await accountOf(server, officer), count: all })
    })
  })

  test('A03: of proposals everybody sees, counts and downloads their own and what their roles reach', async () => {
    const db = server.house.database
    const account = await accountOf(server, of)
    const rows = async (path: string) => (await open(path, of)).text
    const role = (name: string, sector: string | null) => db.change(sql`insert into officer_role (id, account_id, role, sector, since, ends_on) values (${newId()}, ${account}, ${name}, ${sector}, now(), ${inFourWeeks})`)
    await role('analyst', null)
    expect(await rows('/phe-duyet')).toContain('Không có đề xuất nào đang chờ')
    await role('client-admin', 'le.example')
    expect(await rows('/phe-duyet')).toContain('1–28 trong 28')
    expect(await rows('/phe-duyet?tinhtrang=decided')).toContain('1–1 trong 1')
    expect((await rows('/phe-duyet?dang=csv')).trimEnd().split('\r\n')).toHaveLength(29)
    // One that would take a client to another organisation is for who reaches both.
    const entry = { sector: 'chan.example' }
    await db.change(sql`insert into proposal (id, act, subject, change, proposer, proposed_at, reason)
      values (${newId()}, 'client.change', 'c01', ${JSON.stringify({ act: 'client.change', client: 'c01', from: 'x'.repeat(43), entry })}::jsonb, ${randomUUID()}, now(), 'x')`)
    expect(await rows('/phe-duyet?viec=client.change')).toContain('Không có dòng nào như vậy')
    await role('client-admin', 'chan.example')
    expect(await rows('/phe-duyet?viec=client.change')).toContain('1–1 trong 1')
    expect(await rows('/phe-duyet')).toContain(`1–50 trong ${many + 1}`)
  })

  test('A03: a manager of officers sees, counts and downloads those at desks, with their last sign-in and their keys, and nobody else', async () => {
    const db = server.house.database
    const [account, mine] = [await accountOf(server, of), await accountOf(server, officer)]
    await db.change(sql`update officer_role set ended_at = now() where account_id = ${account}`)
    await db.change(sql`insert into officer_role (id, account_id, role, since, ends_on) values (${newId()}, ${account}, 'officer-manager', now(), ${inFourWeeks})`)
    const signedIn = (client: string, at: Date) => db.change(sql`insert into audit_event (id, at, type, client_id, account_id, data) values (${newId(at.getTime())}, ${at}, 'login.finished', ${client}, ${mine}, '{}'::jsonb)`)
    await signedIn('dinh-danh', new Date())
    const page = await open('/can-bo', of)
    expect(page.text).toContain('1–4 trong 4')
    for (const query of ['vaitro=super-admin', 'to=le.example']) expect((await open(`/can-bo?${query}`, of)).text).toContain('Không có vai trò nào như vậy')
    const file = (await open('/can-bo?dang=csv', of)).text.trimEnd().split('\r\n')
    expect(file).toHaveLength(5)
    const [served] = file.filter((line) => line.includes(allDay.commune))
    expect(served).toMatch(new RegExp(`"Quầy 1","${allDay.commune}".*"\\d{4}-\\d\\d-\\d\\dT[^"]+","Chưa được chứng thực","?1"?$`))
    const never = file.filter((line) => line.includes('xã Phú'))
    expect([never.length, never.every((line) => /"?","Không có khóa","?0"?$/.test(line))]).toEqual([3, true])
    // What somebody does elsewhere is their own affair.
    await signedIn('benh-vien', new Date(Date.now() + 86_400_000))
    expect((await open('/can-bo?dang=csv', of)).text).toBe(file.join('\r\n') + '\r\n')
  })

  test('the log of record is read from either end, and its pages together have every event once', async () => {
    const ids = (text: string) => [...text.matchAll(/<dd class="mono">([0-9a-f-]{36})<\/dd><\/div>\n<div><dt>Đúng lúc/g)].map(([, id = '']) => id)
    // Up to now, so that what the searches themselves record does not come between.
    const to = new Date(Date.now() + 7 * 3_600_000 + 1000).toISOString().slice(0, 19)
    const read = async (query: string) => {
      const seen: string[] = []
      for (let path = `/nhat-ky?to=${encodeURIComponent(to)}&client=c00${query}`; path !== '';) {
        const page = await open(path)
        seen.push(...ids(page.text))
        path = /href="\/quan-tri([^"]*older=[^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
      }
      return seen
    }
    const [newest, oldest] = [await read(''), await read('&xep=oldest')]
    expect(oldest.length).toBeGreaterThan(3)
    expect(newest).toEqual(oldest.toReversed())
    expect(new Set(newest).size).toBe(newest.length)
    expect((await open('/nhat-ky?xep=x')).status).toBe(400)
  })

  test('A04: the eleventh file within an hour is refused, whichever table it is of, and an alarm', async () => {
    const told = []
    for (const path of ['/ung-dung', '/vai-tro', '/khoa', '/thong-bao', '/phe-duyet', '/ung-dung', '/vai-tro', '/khoa', '/thong-bao', '/phe-duyet', '/ung-dung']) told.push((await open(`${path}?dang=csv`, third)).status)
    expect(told).toEqual([...Array.from({ length: 10 }, () => 200), 429])
    const [alarm] = await server.house.database.rows(sql<{ data: object }>`select data from audit_event where type = 'alarm.raised' order by id desc limit 1`)
    expect(alarm?.data).toMatchObject({ kind: 'exports', by: await accountOf(server, third) })
  })
})
