import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { momentInVietnam } from '#kernel/clock.ts'
import { newId } from '#kernel/id.ts'
import { fillIn } from '#test/support/citizen.ts'
import { byItself, withinFiveSeconds } from '#test/support/five-seconds.ts'
import { accountOf, enrol, get, type Enrolled } from '#test/support/journey.ts'
import { bootstrap } from '#test/support/officers.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'
import { makeVisitor } from '#test/support/visitor.ts'

const portal = testClient({ name: 'portal' })
const inHours = (count: number) => momentInVietnam(new Date(Date.now() + count * 3_600_000))
const words = { vi: 'Bảo trì từ 22 giờ đến 23 giờ <b>tối nay</b>', en: 'Maintenance from 22:00 to 23:00' }
const shownVi = 'Bảo trì từ 22 giờ đến 23 giờ &lt;b&gt;tối nay&lt;/b&gt;'

describe.each(engines)('notices on every page, on %s,', (engine) => {
  let server: TestServer
  let another: Awaited<ReturnType<TestServer['another']>> | undefined
  let party: RelyingParty
  let officer: Enrolled
  let citizen: Enrolled
  beforeAll(async () => {
    server = await startServer({ engine, clients: () => [portal.metadata] })
    another = engine === 'servers' ? await server.another() : undefined
    party = await makeRelyingParty(portal.party(server.issuer))
    ;[officer, citizen] = [await enrol(server, party), await enrol(server, party)]
    await bootstrap(server, [officer, 'super-admin'])
  })
  afterAll(async () => {
    await another?.close()
    await server.close()
  })

  const at = (path: string) => `${server.issuer}/quan-tri/thong-bao${path}`
  const typed = () => ({ kind: 'maintenance', ...words, startsAt: inHours(-1), endsAt: inHours(1), reason: 'nâng cấp' })
  const set = async (more: Partial<ReturnType<typeof typed>> = {}) =>
    fillIn(officer.visitor, await officer.visitor.open(at('/moi')), '/moi', { ...typed(), ...more })

  test('are set by one officer with a reason, stand on every page of every node in its language, escaped, and are on record', async () => {
    const end = await set()
    expect([end.url.pathname, end.status, end.text]).toEqual(['/quan-tri/thong-bao', 200, expect.stringContaining('Đang hiện')])
    const pages = ['/tro-giup', '/minh-bach', '/nothing', '/interaction/abc', '/end-session/success', '/thiet-bi']
    for (const path of pages) expect([path, (await get(`${server.issuer}${path}`, { 'accept-language': 'vi' })).text]).toEqual([path, expect.stringContaining(shownVi)])
    const { url } = await party.begin()
    expect((await makeVisitor({ leaveAt: () => false }).open(url)).text).toContain(shownVi)
    for (const path of ['/tai-khoan', '/end-session']) expect((await citizen.visitor.open(`${server.issuer}${path}`)).text).toContain(shownVi)
    const english = (await get(`${server.issuer}/tro-giup`, { 'accept-language': 'en' })).text
    expect(english).toContain(`<strong>Maintenance.</strong> ${words.en}`)
    expect(english).not.toContain(shownVi)
    const elsewhere = `http://localhost:${another?.port ?? server.port}/tro-giup`
    await withinFiveSeconds(() => expect.poll(async () => (await get(elsewhere)).text, byItself).toContain(shownVi))
    expect((await get(`${server.issuer}/tinh-trang`)).text).toContain(shownVi)
    const notices = async (node: number) => (await get(`http://localhost:${node}/tinh-trang.json`)).json['notices']
    await expect.poll(() => notices(another?.port ?? server.port), byItself).toEqual([{ kind: 'maintenance', text: words, starts_at: expect.stringMatching(/Z$/), ends_at: expect.stringMatching(/Z$/) }])
    expect(await server.house.database.rows(sql`select data->>'reason' as reason, data->>'by' as by from audit_event where type = 'banner.set'`)).toEqual([{ reason: 'nâng cấp', by: await accountOf(server, officer) }])
  }, 60_000)

  test('are taken off before their time by one officer with a reason, within five seconds on every node', async () => {
    const id = (await server.house.banners.list(1))[0]?.id ?? ''
    const page = await officer.visitor.open(at(`/${id}/go`))
    expect((await fillIn(officer.visitor, page, '/go', { reason: ' ' })).text).toContain('Hãy ghi lý do')
    const end = await fillIn(officer.visitor, page, '/go', { reason: 'xong sớm' })
    expect(end.text).toContain('Đã gỡ')
    expect((await get(`${server.issuer}/tro-giup`)).text).not.toContain('Thông báo của hệ thống')
    const elsewhere = `http://localhost:${another?.port ?? server.port}/tro-giup`
    await withinFiveSeconds(() => expect.poll(async () => (await get(elsewhere)).text, byItself).not.toContain(shownVi))
    expect(await server.house.database.rows(sql`select data->>'reason' as reason from audit_event where type = 'banner.ended'`)).toEqual([{ reason: 'xong sớm' }])
    expect(await server.house.banners.end(id, { at: new Date(), event: { type: 'banner.ended', banner: id, by: await accountOf(server, officer), reason: 'x' } })).toBe(false)
  }, 60_000)

  test('need both languages, a kind, times that make sense and a reason, and no fourth comes beside three', async () => {
    const wrong: readonly (readonly [Partial<ReturnType<typeof typed>>, string])[] = [
      [{ en: ' ' }, 'Hãy viết nội dung'], [{ vi: '' }, 'Hãy viết nội dung'], [{ kind: '' }, 'Hãy chọn một loại'], [{ startsAt: 'mai' }, 'Hãy nhập ngày và giờ'],
      [{ endsAt: inHours(-1) }, 'phải sau lúc bắt đầu'], [{ startsAt: inHours(-3), endsAt: inHours(-2) }, 'đã qua'], [{ reason: '' }, 'Hãy ghi lý do'],
    ]
    for (const [more, sentence] of wrong) {
      const page = await set(more)
      expect([page.status, page.text]).toEqual([422, expect.stringContaining(sentence)])
    }
    const by = await accountOf(server, officer)
    const add = () => {
      const banner = { id: newId(), kind: 'information', text: words, startsAt: new Date(Date.now() + 3_600_000), endsAt: new Date(Date.now() + 7_200_000), by, reason: 'x' } as const
      return server.house.banners.add(banner, { at: new Date(), event: { type: 'banner.set', banner: banner.id, kind: banner.kind, by, reason: 'x' } })
    }
    const outcomes = await Promise.all([add(), add(), add(), add(), add()])
    expect(outcomes.filter((fault) => fault === undefined)).toHaveLength(3)
    expect(outcomes.filter((fault) => fault === 'too-many')).toHaveLength(2)
    expect((await set({ startsAt: inHours(1), endsAt: inHours(3) })).text).toContain('Đã có 3 thông báo')
    // What is to come is not shown yet.
    expect((await get(`${server.issuer}/tro-giup`)).text).not.toContain('Thông báo của hệ thống')
  }, 60_000)

  test('A03: are for those who have the permission', async () => {
    for (const path of ['', '/moi']) expect((await citizen.visitor.open(at(path))).status).toBe(403)
  })
})
