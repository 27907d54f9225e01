import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId, proposalId } from '#kernel/id.ts'
import { fillIn } from '#test/support/citizen.ts'
import { accountOf, enrol, type Enrolled } from '#test/support/journey.ts'
import { allDay, approve, hire, inFourWeeks } from '#test/support/officers.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'
import { formAt, type Stop } from '#test/support/visitor.ts'

const portal = testClient({ name: 'portal' })

describe.each(engines)('many roles in one proposal, on %s,', (engine) => {
  let server: TestServer
  let first: Enrolled
  let second: Enrolled
  let one: Enrolled
  let other: Enrolled
  beforeAll(async () => {
    server = await startServer({ engine, clients: () => [portal.metadata] })
    const party = await makeRelyingParty(portal.party(server.issuer))
    ;[first, second, one, other] = [await enrol(server, party), await enrol(server, party), await enrol(server, party), await enrol(server, party)]
    for (const who of [first, second]) await hire(server, who, 'super-admin')
    await hire(server, other, 'support')
  })
  afterAll(() => server.close())

  const header = 'number,role,ends_on,desk,commune,badge,from,until,days,end'
  const desk = (of: Enrolled) => `${of.citizen.number},enrolment-officer,${inFourWeeks},Quầy 7,${allDay.commune},Cán bộ Bình,07:30,17:00,5,`
  const ends = (of: Enrolled, role: string) => `${of.citizen.number},${role},,,,,,,,x`
  const send = async (lines: readonly string[], reason = 'Mở thêm quầy') => {
    const page = await first.visitor.open(`${server.issuer}/quan-tri/can-bo/nhieu`)
    return fillIn(first.visitor, page, '/nhieu', { list: [header, ...lines].join('\r\n'), reason })
  }
  const rolesOf = async (who: Enrolled) => (await server.house.officers.rolesOf(await accountOf(server, who))).map(({ role }) => role)
  const idOf = ({ url }: Stop) => proposalId.parse(url.pathname.split('/').at(-1))

  test('each fault is told by line and column, nothing is proposed, and what was typed stays', async () => {
    const told = await send([desk(one), `123,support,${inFourWeeks},,,,,,,`, `${other.citizen.number},no-role,${inFourWeeks},,,,,,,`, ends(one, 'auditor')])
    expect(told.status).toBe(422)
    for (const fault of ['Dòng 3, number: không có tài khoản nào với số này', 'Dòng 4, role: trống hoặc không đúng', 'Dòng 5, role: người này không giữ vai trò như vậy']) expect(told.text).toContain(fault)
    expect(told.text).toContain(one.citizen.number)
    expect((await send([desk(one), desk(one)])).text).toContain('Dòng 3, giống hệt một dòng ở trên')
    expect((await send([desk(one)], '')).status).toBe(422)
    expect(await server.house.proposals.waiting()).toEqual([])
  })

  test('A01: another person signs the list row by row, and all of it takes effect in that moment, each on record', async () => {
    const proposed = await send([desk(one), ends(other, 'support')])
    for (const shown of ['trao 1, chấm dứt 1', 'Quầy 7', 'Người dân đọc: Cán bộ Bình', await accountOf(server, one), await accountOf(server, other)]) expect(proposed.text).toContain(shown)
    expect(proposed.text).not.toContain(one.citizen.number)
    expect([await rolesOf(one), await rolesOf(other)]).toEqual([[], ['support']])
    const done = await approve(second, proposed.url)
    expect(done.text).toContain(`eid audit verify-approval ${idOf(proposed)}`)
    expect([await rolesOf(one), await rolesOf(other)]).toEqual([['enrolment-officer'], []])
    const events = await server.house.database.rows(sql<{ type: string; data: Record<string, unknown> }>`select type, data from audit_event where type like 'role.%' order by type`)
    expect(events.map(({ type, data }) => [type, data['role'], data['by']])).toEqual([
      ['role.ended', 'support', await accountOf(server, second)], ['role.granted', 'enrolment-officer', await accountOf(server, second)],
    ])
    expect((await send([desk(one)])).text).toContain('Mọi vai trò trong danh sách đều đang có hiệu lực')
  })

  test('A01: a list in which one row no longer holds does nothing at all', async () => {
    const proposed = await send([`${other.citizen.number},analyst,${inFourWeeks},,,,,,,`, ends(one, 'enrolment-officer')])
    const [held] = await server.house.officers.rolesOf(await accountOf(server, one))
    await server.house.database.change(sql`update officer_role set ended_at = now() where id = ${held?.id ?? ''}`)
    expect((await approve(second, proposed.url)).status).toBe(409)
    expect([await rolesOf(other), (await server.house.proposals.find(idOf(proposed)))?.decision]).toEqual([[], undefined])
  })

  test('A01: nobody proposes or approves a list with themselves in it, not in the database either', async () => {
    expect((await send([`${other.citizen.number},analyst,${inFourWeeks},,,,,,,`, `${first.citizen.number},approver,${inFourWeeks},,,,,,,`])).status).toBe(403)
    const proposed = await send([`${other.citizen.number},analyst,${inFourWeeks},,,,,,,`, `${second.citizen.number},approver,${inFourWeeks},,,,,,,`])
    expect((await second.visitor.open(proposed.url)).text).not.toContain('/dong-y')
    const { fields } = formAt((await second.visitor.open(`${server.issuer}/quan-tri/can-bo/nhieu`)).text, '/nhieu')
    const assertion = JSON.stringify(second.citizen.authenticator.get({ challenge: 'AAAA', rpId: 'localhost' }))
    expect((await second.visitor.submit(`${proposed.url.href}/dong-y`, { csrf: fields['csrf'] ?? '', assertion })).status).toBe(403)
    expect(await rolesOf(other)).toEqual([])
    const by = await accountOf(server, first)
    const change = JSON.stringify({ act: 'role.many', grants: [{ account: await accountOf(server, other), role: 'support', ends_on: inFourWeeks }, { account: by, role: 'approver', ends_on: inFourWeeks }], ends: [] })
    await expect(server.house.database.change(sql`insert into proposal (id, act, subject, change, proposer, proposed_at, reason)
      values (${newId()}, 'role.many', 'roles', ${change}::jsonb, ${by}, now(), 'x')`)).rejects.toThrow('proposal_of_many_not_for_oneself')
  })
})
