import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { connectionId, proposalId, type AccountId } from '#kernel/id.ts'
import { tellOverdue } from '#domain/connection/overdue.ts'
import { remindAll } from '#domain/connection/reminder.ts'
import type { Role } from '#domain/officer/role.ts'
import { fillIn, requestOptions } from '#test/support/citizen.ts'
import { asTyped } from '#test/support/connection-form.ts'
import { sandboxOf } from '#test/support/developer.ts'
import { accountOf, enrol, signIn, type Enrolled } from '#test/support/journey.ts'
import { openLoginSite, type LoginSite } from '#test/support/login-site.ts'
import { mailsIn } from '#test/support/mailbox.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'
import { titleOf, type Stop } from '#test/support/visitor.ts'

const portal = testClient({ name: 'portal' })
const redirectUri = 'https://newcomer.example:1/callback'
const newcomer = testClient({ name: 'newcomer', profile: 'fapi2', metadata: { redirect_uris: [redirectUri], post_logout_redirect_uris: ['https://newcomer.example:1/'] } })
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
const whole = {
  ...newcomer.metadata, agreement: { number: '7/TT', signed_on: inDays(-10), ends_on: inDays(300) }, security_level: 3, contacts: ['ops@example.com'],
  purposes: [{ claims: ['name'], basis: 'law', reference: { vi: 'Luật', en: 'Law' }, purpose: { vi: 'Làm thủ tục', en: 'Procedures' } }],
}

describe('from the sandbox to the live server', () => {
  let server: TestServer
  let party: RelyingParty
  let developer: Enrolled
  let reviewer: Enrolled
  let approver: Enrolled
  let account: AccountId
  let site: LoginSite
  beforeAll(async () => {
    server = await startServer({ sandbox: true, clients: () => [portal.metadata] })
    party = await makeRelyingParty(portal.party(server.issuer))
    ;[developer, reviewer, approver] = [await enrol(server, party), await enrol(server, party), await enrol(server, party)]
    account = await accountOf(server, developer)
    await server.house.officers.bootstrap([await wish(reviewer, 'super-admin'), await wish(approver, 'approver')], new Date())
    site = await openLoginSite(sandboxOf(server), account)
  }, 60_000)
  afterAll(async () => {
    await site.close()
    await server.close()
  })

  const wish = async (who: Enrolled, role: Role) => ({ account: await accountOf(server, who), role, ends_on: inDays(28) } as const)
  const open = ({ visitor }: Enrolled, path: string) => visitor.open(`${server.issuer}${path}`)
  const idOf = ({ url }: Stop) => connectionId.parse(url.pathname.split('/').at(-1))
  const write = (page: Stop, entry: object) => fillIn(developer.visitor, page, '/luu', asTyped(entry))

  /** What the developer was written under such a subject. */
  const letters = (subject: string) => mailsIn(server.mailDir).filter((mail) => mail.to === developer.citizen.email && mail.subject.includes(subject)).map(({ text }) => text)

  async function draft(): Promise<Stop> {
    const list = await open(developer, '/nha-phat-trien/ket-noi')
    return fillIn(developer.visitor, list, '/ket-noi')
  }

  test('W20: a request goes by self-test, reviewer and a second person to a live sign-in with the key of its own', async () => {
    const first = await draft()
    const early = await fillIn(developer.visitor, await write(first, whole), '/gui')
    expect([early.status, early.text]).toEqual([422, expect.stringContaining('Chưa gửi được')])

    const testPage = await open(developer, `/nha-phat-trien/${site.id}/tu-kiem-tra`)
    const away = await fillIn(developer.visitor, testPage, '/tu-kiem-tra', { initiate: 'https://elsewhere.example/', logout: '' })
    expect([away.status, away.text]).toEqual([422, expect.stringContaining('cùng máy chủ và cổng')])
    const running = await fillIn(developer.visitor, testPage, '/tu-kiem-tra', site.addresses)
    expect(running.text).toContain('id="again" data-seconds="3"')
    await expect.poll(async () => (await open(developer, `/nha-phat-trien/${site.id}/tu-kiem-tra`)).text, { timeout: 40_000 }).toContain('Tất cả các bước đều đạt')

    const sent = await fillIn(developer.visitor, await open(developer, first.url.pathname), '/gui')
    expect([sent.status, sent.text]).toEqual([200, expect.stringContaining('Chờ xem xét')])
    const id = idOf(sent)
    const queue = await open(reviewer, '/quan-tri/ket-noi')
    expect(queue.text).toContain(`/quan-tri/ket-noi/${id}`)
    const review = await open(reviewer, `/quan-tri/ket-noi/${id}`)
    expect([review.text.includes('✗'), (await fillIn(reviewer.visitor, review, '/tra-lai', { reason: ' ' })).status]).toEqual([false, 422])
    const returned = await fillIn(reviewer.visitor, review, '/tra-lai', { reason: 'thiếu căn cứ' })
    expect(returned.text).toContain('Bị trả lại')

    await expect.poll(() => letters('cần sửa'), { timeout: 10_000 }).toEqual([expect.stringContaining(id)])

    const again = await open(developer, first.url.pathname)
    expect(again.text).toContain('thiếu căn cứ')
    await fillIn(developer.visitor, await write(again, whole), '/gui')
    const proposed = await fillIn(reviewer.visitor, await open(reviewer, `/quan-tri/ket-noi/${id}`), '/de-xuat', { why: 'đủ hồ sơ' })
    expect([proposed.status, proposed.text]).toEqual([200, expect.stringContaining('Kết quả kiểm tra đề nghị kết nối')])
    expect((await open(developer, first.url.pathname)).text).toContain('Chờ người thứ hai')

    const page = await approver.visitor.open(proposed.url)
    expect(page.text).toContain('Kết quả kiểm tra đề nghị kết nối')
    const done = await fillIn(approver.visitor, page, '/dong-y', { assertion: JSON.stringify(approver.citizen.authenticator.get(requestOptions(page))) })
    expect(done.text).toContain('Đã phê duyệt')
    expect((await open(developer, first.url.pathname)).text).toMatch(/Đã hoạt động với client_id newcomer[^]*Bộ khóa công khai của hệ thống[^]*Chưa có khóa ký mới nào cần tải/)
    await expect.poll(() => letters('đã được kết nối'), { timeout: 10_000 }).toEqual([expect.stringContaining(id)])
    const live = await makeRelyingParty({ ...newcomer.party(server.issuer), redirectUri })
    expect((await signIn(live, developer)).claims.sub).toBeTruthy()

    const events = await server.house.database.rows(sql<{ type: string }>`select type from audit_event where type like 'connection.%' order by id`)
    expect(events.map(({ type }) => type)).toEqual(['connection.submitted', 'connection.returned', 'connection.submitted', 'connection.proposed'])
  }, 90_000)

  test('W21: before its agreement ends who asked for the connection is written of it, once at each step', async () => {
    const { house } = server
    const remindIn = (days: number) => remindAll({ ...house, clock: { now: () => new Date(Date.now() + days * 86_400_000) } })
    expect([await remindIn(200), await remindIn(275), await remindIn(280), await remindIn(296)]).toEqual([0, 1, 0, 1])
    await expect.poll(() => [letters('30 ngày'), letters('7 ngày')], { timeout: 10_000 }).toEqual([[expect.stringMatching(/newcomer[^]*văn bản thỏa thuận/)], [expect.stringContaining('newcomer')]])
  })

  describe('A03: what is somebody else\'s is shut', () => {
    test('a developer sees and moves their own requests alone, and a draft is nobody else\'s', async () => {
      const page = await draft()
      const id = idOf(page)
      for (const path of [`/nha-phat-trien/ket-noi/${id}`, `/nha-phat-trien/${site.id}/tu-kiem-tra`]) expect([path, (await open(approver, path)).status]).toEqual([path, 404])
      expect((await open(reviewer, `/quan-tri/ket-noi/${id}`)).status).toBe(404)
      expect((await open(approver, '/quan-tri/ket-noi')).status).toBe(403)
      expect(idOf(await draft())).toBe(id)
      for (const [entry, says] of [[{ ...whole, jwks: '[1' }, 'Cần dạng {&quot;keys&quot;'], [{ ...whole, redirect_uris: ['http://dichvu.example/'] }, 'phải bắt đầu bằng https'], [{ ...whole, sector: '' }, 'Hãy điền: Mã của cơ quan']] as const) {
        expect((await write(page, entry)).text).toContain(says)
      }
      expect((await fillIn(developer.visitor, await open(developer, page.url.pathname), '/rut')).text).toContain('Đã rút')
      expect((await write(page, whole)).status).toBe(409)
    })
  })

  test('a request that is not answered in time is an alarm, once, and stands on the overview with the way to it', async () => {
    const page = await draft()
    await fillIn(developer.visitor, await write(page, { ...whole, client_id: 'forgotten', client_name: 'Cổng bị quên' }), '/gui')
    const id = idOf(page)
    expect((await open(reviewer, '/quan-tri')).text).not.toContain('chưa được trả lời')
    expect(await tellOverdue(server.house)).toBe(0)
    await server.house.database.change(sql`update connection set submitted_at = now() - interval '31 days 1 hour' where id = ${id}`)
    const told = await Promise.all([tellOverdue(server.house), tellOverdue(server.house)])
    expect([told.reduce((all, one) => all + one), await tellOverdue(server.house)]).toEqual([1, 0])
    expect((await open(reviewer, '/quan-tri')).text).toMatch(new RegExp(`1 đề nghị kết nối đã quá 30 ngày mà chưa được trả lời[^]*/quan-tri/ket-noi/${id}">Cổng bị quên`))
    expect(await server.house.database.rows(sql`select kind, actor from alarm where kind = 'overdue'`)).toEqual([{ kind: 'overdue', actor: 'clock' }])
    expect(await server.house.database.rows(sql`select actor, data->>'connection' as connection from audit_event where type = 'connection.overdue'`)).toEqual([{ actor: null, connection: id }])
    await expect.poll(() => mailsIn(server.mailDir).filter(({ text }) => text.includes('quá hạn trả lời')).map(({ to }) => to), { timeout: 10_000 }).toEqual([reviewer.citizen.email])
    await fillIn(developer.visitor, await open(developer, page.url.pathname), '/rut')
    expect((await open(reviewer, '/quan-tri')).text).not.toContain('chưa được trả lời')
  }, 30_000)

  describe('A01: in the database', () => {
    const ready = async () => {
      const page = await draft()
      await fillIn(developer.visitor, await write(page, { ...whole, client_id: 'other' }), '/gui')
      return idOf(page)
    }

    test('of two reviewers who propose at once one does, and of the other nothing stays', async () => {
      const id = await ready()
      const by = await accountOf(server, reviewer)
      const wishes = [0, 1].map(() => ({ id: proposalId.parse(crypto.randomUUID()), change: { act: 'client.end' as const, client: site.id }, proposer: by, proposedAt: new Date(), reason: 'x' }))
      const found = await server.house.connections.find(id)
      const checklist = { 'self-test': 'yes', agreement: 'yes', 'security-level': 'yes', 'legal-basis': 'yes', 'redirect-hosts': 'yes', contacts: 'yes', logo: 'none', profile: 'yes' } as const
      const told = await Promise.all(wishes.map((proposal) => server.house.connections.propose({ id, entry: found?.entry ?? {} }, { proposal, checklist, events: [] })))
      expect([found?.state, told.filter(Boolean)]).toEqual(['submitted', [true]])
      const kept = await Promise.all(wishes.map(async ({ id: one }) => server.house.proposals.find(one)))
      expect(kept.filter((one) => one !== undefined)).toHaveLength(1)
      expect((await server.house.connections.find(id))?.state).toBe('proposed')
    })

    test('nobody reviews their own', async () => {
      // What waits for a second person keeps its developer from beginning another.
      await server.house.database.change(sql`update proposal set state = 'withdrawn', decided_by = proposer, decided_at = now() where state = 'waiting'`)
      await fillIn(developer.visitor, await draft(), '/rut')
      const page = await draft()
      await fillIn(developer.visitor, await write(page, { ...whole, client_id: 'third' }), '/gui')
      const found = await server.house.connections.find(idOf(page))
      const event = { type: 'connection.returned', connection: idOf(page), owner: account, by: account } as const
      await expect(server.house.connections.sendBack({ id: idOf(page), entry: found?.entry ?? {} }, { by: account, at: new Date(), reason: 'x' }, event)).rejects.toThrow(/constraint/)
      await server.house.database.rows(sql`insert into officer_role (id, account_id, role, since, ends_on) values (${crypto.randomUUID()}, ${account}, 'super-admin', now(), ${inDays(5)})`)
      const own = await open(developer, `/quan-tri/ket-noi/${idOf(page)}`)
      expect([own.status, own.text.includes('/de-xuat'), titleOf(own.text)]).toEqual([200, false, expect.stringContaining('newcomer')])
    })
  })
})
