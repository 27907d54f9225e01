import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientId, newId, sector } from '#kernel/id.ts'
import type { Role } from '#domain/officer/role.ts'
import { insertRole } from '#storage/postgres/officers.ts'
import { accountOf, assertionOf, authorization, enrol, get, post, signIn, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'
import { formAt } from '#test/support/visitor.ts'

const [portal, bank] = [testClient({ name: 'portal' }), testClient({ name: 'bank' })]
const portalId = clientId.parse('portal')
const inFourWeeks = new Date(Date.now() + 28 * 86_400_000).toISOString().slice(0, 10)

describe('what relying parties are told of themselves', () => {
  let server: TestServer
  let party: RelyingParty
  let [chief, admin, other, fourth]: Enrolled[] = []
  let sub = ''
  const there = <Thing>(thing: Thing | undefined): Thing => {
    if (thing === undefined) throw new Error('nobody is there')
    return thing
  }
  const hire = async (who: Enrolled, role: Role, of?: string) => insertRole(server.house.database, {
    id: newId(), account: await accountOf(server, who), role, since: new Date(), endsOn: inFourWeeks, ...(of !== undefined && { sector: sector.parse(of) }),
  }, undefined)
  beforeAll(async () => {
    server = await startServer({ clients: () => [{ ...portal.metadata, sector: 'portal.example' }, { ...bank.metadata, sector: 'bank.example' }] })
    party = await makeRelyingParty(portal.party(server.issuer))
    ;[chief, admin, other, fourth] = [await enrol(server, party), await enrol(server, party), await enrol(server, party), await enrol(server, party)]
    sub = String((await signIn(party, there(fourth), { prompt: 'login' })).claims.sub)
    await hire(there(chief), 'super-admin')
    await hire(there(admin), 'client-admin', 'portal.example')
    await hire(there(other), 'client-admin', 'bank.example')
  })
  afterAll(() => server.close())

  const at = (path: string) => `${server.issuer}/quan-tri/ung-dung/portal${path}`
  const send = async (who: Enrolled, text: string, page = at('/lien-ket')) => {
    const { fields } = formAt((await who.visitor.open(at('/lien-ket'))).text, '/lien-ket')
    const body = new FormData()
    body.set('csrf', fields['csrf'] ?? '')
    body.set('file', new Blob([text], { type: 'text/csv' }), 'subs.csv')
    const response = await fetch(page, { method: 'POST', body, redirect: 'manual', headers: { cookie: who.visitor.jar.header(new URL(page)), origin: server.issuer } })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
  const reports = () => server.house.database.rows(sql<{ data: object }>`select data from audit_event where type = 'links.reported' order by id`)

  test('requests that were refused are counted by their reason in words of ours, and nothing of what was sent is kept', async () => {
    const right = portal.party(server.issuer)
    for (const code of ['canary-1', 'canary-2']) {
      await post(`${server.issuer}/token`, { grant_type: 'authorization_code', code, redirect_uri: right.redirectUri, code_verifier: 'v'.repeat(43), ...(await assertionOf(right)) })
    }
    await post(`${server.issuer}/par`, { ...authorization(right), redirect_uri: 'https://canary.example/', ...(await assertionOf(right)) })
    await post(`${server.issuer}/token`, { grant_type: 'authorization_code', client_id: 'canary-client', code: 'x' })
    await expect.poll(() => server.house.health.faultsOf(portalId, new Date(Date.now() - 7_200_000)), { timeout: 20_000 }).toContainEqual(expect.objectContaining({ error: 'invalid_grant', count: 2 }))
    const kept = JSON.stringify(await server.house.database.rows(sql`select * from fault_count`))
    expect([kept.includes('canary'), kept.includes('portal')]).toEqual([false, true])
    const page = await there(admin).visitor.open(at('/suc-khoe'))
    expect([page.status, page.text]).toEqual([200, expect.stringMatching(/invalid_grant.*?<td[^>]*>2<\/td>/s)])
  })

  test('sign-ins by day and a file of them are there, without the reason why a person was refused', async () => {
    await server.house.audit.append({ type: 'login.refused', client: portalId, reason: 'account.deceased' })
    await server.house.statistics.refresh(new Date(Date.now() + 61_000))
    const page = await there(admin).visitor.open(at('/suc-khoe'))
    expect(page.text).toContain('role="img"')
    const thisMonth = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 7)
    const file = await there(admin).visitor.open(at(`/suc-khoe/tep?thang=${thisMonth}`))
    expect([file.status, file.headers.get('content-type'), file.text]).toEqual([200, 'text/csv; charset=utf-8', expect.stringContaining('"Đăng nhập",2,"Thành công"')])
    expect(file.text).not.toContain('deceased')
    expect(file.text).toContain('"Thất bại",1')
  })

  test('L04: whoever is not of the organisation sees no number below five, nothing of today and no month that runs', async () => {
    const { house } = server
    const yesterday = new Date(Date.now() - 86_400_000 + 7 * 3_600_000).toISOString().slice(0, 10)
    for (const [outcome, count] of [['finished', 40], ['account.locked', 3]] as const) {
      await house.database.change(sql`insert into daily_count (day, client_id, kind, level, outcome, count) values (${yesterday}, 'portal', 'sign-in', 2, ${outcome}, ${count})`)
    }
    const [own, support] = [await there(admin).visitor.open(at('/suc-khoe')), await there(chief).visitor.open(at('/suc-khoe'))]
    const row = (text: string) => [...(text.match(/<caption>Đăng nhập 14 ngày qua[^]*?<\/table>/)?.[0] ?? '').matchAll(/<tr><th scope="row"[^>]*>([^<]*)<\/th>(.*?)<\/tr>/g)].map(([, day = '', cells = '']) => [day, cells.replaceAll(/<[^>]+>/g, ' ').trim().split(/\s+/)])
    expect(row(own.text)).toHaveLength(2)
    expect(row(support.text)).toEqual([[yesterday.split('-').toReversed().join('/'), ['ẩn', 'ẩn', '0']]])
    expect([support.text, support.text.includes('>3<')]).toEqual([expect.stringContaining('Số dưới 5 được ẩn'), false])
    expect(support.text).toMatch(/invalid_grant.*?ẩn/s)
    const [thisMonth, last] = [new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 7), '2026-01']
    expect((await there(chief).visitor.open(at(`/suc-khoe/tep?thang=${thisMonth}`))).status).toBe(404)
    await house.database.change(sql`insert into daily_count (day, client_id, kind, level, outcome, count) values ('2026-01-05', 'portal', 'sign-in', 2, 'finished', 3), ('2026-01-06', 'portal', 'sign-in', 2, 'finished', 70)`)
    const file = await there(chief).visitor.open(at(`/suc-khoe/tep?thang=${last}`))
    expect([file.status, file.text]).toEqual([200, expect.not.stringMatching(/,(3|70),/)])
    expect((await there(admin).visitor.open(at(`/suc-khoe/tep?thang=${last}`))).text).toContain('"Thành công",3')
  })

  test('an organisation asks about its own subjects alone, all at once, and that is one event with counts', async () => {
    const answer = await send(there(admin), `sub\n${sub}\nnobody\n`)
    expect([answer.status, answer.headers.get('content-disposition'), answer.text]).toEqual([200, 'attachment; filename="portal-link-status.csv"', `sub,status\r\n${sub},linked\r\nnobody,unknown\r\n`])
    await server.house.accounts.move(await accountOf(server, there(fourth)), { to: 'lock', ground: 'terms-breach', by: 'operator' }, new Date())
    expect((await send(there(admin), sub)).text).toContain(`${sub},locked`)
    await server.house.accounts.move(await accountOf(server, there(fourth)), { to: 'unlock', ground: 'terms-breach', by: 'operator' }, new Date())
    expect(await reports()).toEqual([
      { data: expect.objectContaining({ client: 'portal', linked: 1, unknown: 1 }) }, { data: expect.objectContaining({ linked: 0, locked: 1 }) },
    ])
    expect(JSON.stringify(await reports())).not.toContain(sub)
  })

  test('a subject of one sector is unknown in another', async () => {
    const found = await server.house.subjects.accountsOf([sub], sector.parse('bank.example'))
    expect(found.size).toBe(0)
  })

  test('a file with a line that is no subject, with too many or with too much is refused', async () => {
    expect((await send(there(admin), 'abc\n=1+1')).text).toContain('Dòng 2 không phải mã sub')
    expect((await send(there(admin), 'a\n'.repeat(100_001))).text).toContain('hơn 100.000')
    expect((await send(there(admin), '')).status).toBe(422)
    const large = await send(there(admin), 'a'.repeat(6_100_000)).then(({ status }) => status, () => 'cut off')
    expect([413, 'cut off']).toContain(large)
  })

  test('A03: neither another organisation nor who has no such role sees or asks, and a file of theirs is not even read', async () => {
    for (const path of ['/suc-khoe', '/suc-khoe/tep?thang=2026-11', '/lien-ket']) {
      expect([path, (await there(other).visitor.open(at(path))).status]).toEqual([path, 403])
    }
    expect((await there(chief).visitor.open(at('/suc-khoe'))).status).toBe(200)
    expect((await there(chief).visitor.open(at('/lien-ket'))).status).toBe(403)
    const { fields } = formAt((await there(admin).visitor.open(at('/lien-ket'))).text, '/lien-ket')
    const body = new FormData()
    body.set('csrf', fields['csrf'] ?? '')
    body.set('file', 'abc')
    const forged = await fetch(at('/lien-ket'), { method: 'POST', body, headers: { cookie: there(admin).visitor.jar.header(new URL(at(''))), origin: 'https://evil.example' } })
    expect(forged.status).toBe(403)
    const strangers = await fetch(at('/lien-ket'), { method: 'POST', body, redirect: 'manual', headers: { cookie: there(chief).visitor.jar.header(new URL(at(''))), origin: server.issuer } })
    expect(strangers.status).toBe(403)
  })

  test('what ends soon stands on the overview', async () => {
    const soon = new Date(Date.now() + 5 * 86_400_000).toISOString()
    await server.house.health.add({ faults: [], marks: [{ client: portalId, what: 'certificate', at: new Date(), detail: soon }] })
    expect((await there(chief).visitor.open(`${server.issuer}/quan-tri`)).text).toContain('Chứng thư dùng lần cuối')
  })

  test('the status of the system is public, for people and for programs, and says nothing of fewer than five', async () => {
    const page = await get(`${server.issuer}/tinh-trang`)
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Hệ thống đang hoạt động')])
    const told = await get(`${server.issuer}/tinh-trang.json`)
    expect([told.status, told.headers.get('cache-control'), told.json['status'], told.json['parts']]).toEqual([200, 'public, max-age=10', 'up', { sign_in: true, registry: true }])
    expect(told.json['sign_in_success']).toHaveLength(24)
  })
})

test('R10: the status page answers when a store is gone, says so, and nothing of why', async () => {
  const server = await startServer()
  try {
    await server.house.database.close()
    const [page, told] = [await get(`${server.issuer}/tinh-trang`), await get(`${server.issuer}/tinh-trang.json`)]
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('đang có sự cố')])
    expect([told.status, told.json['status'], told.json['parts'], told.json['sign_in_success']]).toEqual([200, 'down', { sign_in: false, registry: false }, null])
    expect(page.text + told.text).not.toMatch(/postgres|redis|pglite|ECONN|unavailable/i)
  } finally {
    await server.close().catch(() => undefined)
  }
})
