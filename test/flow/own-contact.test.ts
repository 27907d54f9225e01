import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { printedReference } from '#domain/notice/reference.ts'
import { lockLost } from '#domain/account/lost.ts'
import { fillIn } from '#test/support/citizen.ts'
import { accountOf, enrol, type Enrolled } from '#test/support/journey.ts'
import { mailsIn } from '#test/support/mailbox.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'
import { titleOf, type Stop } from '#test/support/visitor.ts'

const client = testClient({ name: 'portal' })
const soon = { timeout: 10_000 }

describe.each(engines)('where its holder is told, on %s,', (engine) => {
  let server: TestServer
  let portal: RelyingParty
  beforeAll(async () => {
    server = await startServer({ engine, clients: () => [client.metadata] })
    portal = await makeRelyingParty(client.party(server.issuer))
  })
  afterAll(() => server.close())
  afterEach(() => void vi.useRealTimers())

  const page = ({ visitor }: Enrolled) => visitor.open(`${server.issuer}/tai-khoan/lien-he`)
  const asks = async (who: Enrolled, email: string) => fillIn(who.visitor, await page(who), '/lien-he', { email })
  const codeTo = (email: string) => mailsIn(server.mailDir).filter(({ to }) => to === email).flatMap(({ subject }) => /^\d{6}/.exec(subject)?.[0] ?? []).at(-1) ?? ''
  const gives = (who: Enrolled, at: Stop, code: string) => fillIn(who.visitor, at, '/lien-he/ma', { code })
  const reached = async (who: Enrolled) => (await server.house.contactStore.ofAccount(await accountOf(server, who))).map(({ value }) => value)
  const toldAt = (email: string) => mailsIn(server.mailDir).filter(({ to, subject }) => to === email && !/^\d/.test(subject)).map(({ subject }) => subject)
  async function changed(who: Enrolled, email: string): Promise<void> {
    const code = await asks(who, email)
    expect((await gives(who, code, codeTo(email))).text).toContain('Đã đổi.')
  }

  test('changes with a code to the new address; both addresses are told, and it is on record', async () => {
    const who = await enrol(server, portal)
    const shown = await page(who)
    expect([shown.text.includes(`${who.citizen.email.slice(0, 1)}•••@`), shown.text.includes(who.citizen.email), shown.text.includes('Đổi số điện thoại')]).toEqual([true, false, false])
    await changed(who, 'lan.moi@example.com')
    expect(await reached(who)).toEqual(['lan.moi@example.com'])
    for (const email of [who.citizen.email, 'lan.moi@example.com']) await expect.poll(() => toldAt(email), soon).toContainEqual(expect.stringContaining('Nơi nhận thông báo của bạn đã thay đổi'))
    const events = await server.house.database.rows(sql<{ by: string }>`select data->>'by' as by from audit_event where type = 'contact.changed' and account_id = ${await accountOf(server, who)}`)
    expect(events).toEqual([{ by: 'holder' }])
  })

  test('W09: a wrong code, one tried too often and one of another session change nothing', async () => {
    const [who, other] = [await enrol(server, portal), await enrol(server, portal)]
    const at = await asks(who, 'ai.do@example.com')
    const right = codeTo('ai.do@example.com')
    const wrong = right === '000000' ? '000001' : '000000'
    const elsewhere = await asks(other, 'khac@example.com')
    expect((await gives(other, elsewhere, right)).status).toBe(422)
    expect((await gives(who, at, '12')).text).toContain('Hãy nhập mã.')
    for (const left of [4, 3, 2, 1]) expect((await gives(who, at, wrong)).text).toContain(`Còn ${left} lần thử`)
    expect((await gives(who, at, wrong)).text).toContain('thử quá nhiều lần')
    expect((await gives(who, at, right)).text).toContain('thử quá nhiều lần')
    expect([await reached(who), await reached(other)]).toEqual([[who.citizen.email], [other.citizen.email]])
  })

  test('of those who give the right code at once one changes it', async () => {
    const who = await enrol(server, portal)
    const at = await asks(who, 'cung.luc@example.com')
    const code = codeTo('cung.luc@example.com')
    await Promise.all(Array.from({ length: 4 }, () => gives(who, at, code)))
    const changes = await server.house.database.rows(sql`select 1 from audit_event where type = 'contact.changed' and account_id = ${await accountOf(server, who)}`)
    expect([await reached(who), changes.length]).toEqual([['cung.luc@example.com'], 1])
  })

  test('W09: "not me" from the old address locks the account and brings the old one back, for as long as a recovery is held and no longer', async () => {
    const who = await enrol(server, portal)
    const account = await accountOf(server, who)
    const lockTools = { ...server.house, recoveryRules: server.house.rules.recovery }
    await changed(who, 'trom@example.com')
    await changed(who, 'trom.nua@example.com')
    const [newest] = await server.house.holderNotices.ofAccount(account)
    await expect.poll(() => mailsIn(server.mailDir).some(({ to, text }) => to === 'trom@example.com' && newest !== undefined && text.includes(printedReference(newest.reference))), soon).toBe(true)
    await lockLost(lockTools, account)
    expect(await reached(who)).toEqual([who.citizen.email])
    await expect.poll(() => toldAt(who.citizen.email), soon).toContainEqual(expect.stringContaining('Nơi nhận thông báo cũ của bạn đã được khôi phục'))
    expect(toldAt('trom.nua@example.com').some((subject) => subject.includes('khôi phục'))).toBe(false)
    await lockLost(lockTools, account)
    expect(await reached(who)).toEqual([who.citizen.email])

    const later = await enrol(server, portal)
    await changed(later, 'moi.that@example.com')
    const old = new Date(Date.now() - 73 * 3_600_000)
    await server.house.database.change(sql`update contact set verified_at = ${old} where account_id = ${await accountOf(server, later)} and by_holder`)
    await server.house.database.change(sql`update contact set ended_at = ${old} where account_id = ${await accountOf(server, later)} and replaced`)
    await lockLost(lockTools, await accountOf(server, later))
    expect(await reached(later)).toEqual(['moi.that@example.com'])
  })

  test('W09: a session left open is not enough', async () => {
    const who = await enrol(server, portal)
    const shown = await page(who)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * 60_000 })
    const asked = await fillIn(who.visitor, shown, '/lien-he', { email: 'sau@example.com' })
    expect(titleOf(asked.text)).not.toContain('Nhập mã vừa gửi')
    expect(codeTo('sau@example.com')).toBe('')
  })

  test('what is no address is said, and what was typed stays', async () => {
    const who = await enrol(server, portal)
    const refused = await asks(who, 'không phải email')
    expect([refused.status, refused.text.includes('Hãy nhập email đầy đủ'), refused.text.includes('không phải email')]).toEqual([422, true, true])
    expect(titleOf((await who.visitor.open(`${server.issuer}/tai-khoan/lien-he/ma?n=9`)).text)).toContain('Nơi nhận thông báo')
  })
})
