import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { proposalId, type AccountId } from '#kernel/id.ts'
import { tellAltered } from '#domain/proposal/watch.ts'
import { approvalFault } from '#domain/proposal/verify.ts'
import { fillIn, requestOptions } from '#test/support/citizen.ts'
import { accountOf, enrol, type Enrolled } from '#test/support/journey.ts'
import { hire, inFourWeeks as endsOn } from '#test/support/officers.ts'
import { mailsIn } from '#test/support/mailbox.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'
import { formAt, titleOf, type Stop } from '#test/support/visitor.ts'

const portal = testClient({ name: 'portal' })
const engine = engines.at(-1) ?? 'embedded'

/** Somebody who has every right that a job gives, a session and a key of their own, and later even the database. */
describe(`an insider (${engine})`, () => {
  let server: TestServer
  let insider: Enrolled
  let colleague: Enrolled
  let auditor: Enrolled
  let victim: Enrolled
  let third: Enrolled
  let by: AccountId
  beforeAll(async () => {
    server = await startServer({ engine, clients: () => [portal.metadata] })
    const party = await makeRelyingParty(portal.party(server.issuer))
    ;[insider, colleague, auditor, victim, third] = [await enrol(server, party), await enrol(server, party), await enrol(server, party), await enrol(server, party), await enrol(server, party)]
    by = await accountOf(server, insider)
    for (const [who, role] of [[insider, 'auditor'], [insider, 'super-admin'], [colleague, 'super-admin'], [third, 'super-admin'], [auditor, 'auditor']] as const) await hire(server, who, role)
  })
  afterAll(() => server.close())

  const at = (path: string) => `${server.issuer}/quan-tri${path}`
  const count = async (type: string, who = by) =>
    (await server.house.database.rows(sql<{ data: Record<string, unknown> }>`select data from audit_event where type = ${type} and actor = ${who} order by id`)).map(({ data }) => data)
  const refusals = async (who = by) => (await count('officer.refused', who)).map(({ reason }) => reason)
  const alarms = async (who = by) => (await count('alarm.raised', who)).map(({ kind }) => kind)
  const propose = async (who: Enrolled, whom: Enrolled, role: string) =>
    fillIn(who.visitor, await who.visitor.open(at('/vai-tro/de-xuat')), '/de-xuat', { sector: '', endsOn, reason: 'vì cần', number: whom.citizen.number, role })
  const idOf = ({ url }: Stop) => proposalId.parse(url.pathname.split('/').at(-1))
  const signed = (who: Enrolled, page: Stop) => JSON.stringify(who.citizen.authenticator.get(requestOptions(page)))
  const rolesOf = async (who: Enrolled) => (await server.house.officers.rolesOf(await accountOf(server, who))).map(({ role }) => role)

  test('A04: looks citizens up without end: of a thousand tries the 61st and all after it are refused, an alarm stands by then, and the citizen knows', async () => {
    const { fields } = formAt((await insider.visitor.open(at('/nhat-ky/tra-cuu'))).text, '/tra-cuu')
    const look = (whom: string) => insider.visitor.submit(at('/nhat-ky/tra-cuu'), { ...fields, whom, case: 'HS-2026-1', ground: 'complaint' })
    const told: number[] = []
    for (let tried = 0; tried < 60; tried += 1) told.push((await look(victim.citizen.number)).status)
    expect([new Set(told), await alarms()]).toEqual([new Set([200]), []])
    const blocked = await look(victim.citizen.number)
    expect([blocked.status, blocked.headers.get('retry-after')]).toEqual([429, expect.stringMatching(/^\d+$/)])
    expect(await alarms()).toEqual(['look-ups'])
    // The rest of a thousand, many at once, get no further, and the alarm is not repeated.
    const rest = new Set<number>()
    for (let tried = 61; tried < 1000; tried += 30) {
      for (const { status } of await Promise.all(Array.from({ length: Math.min(30, 1000 - tried) }, () => look(victim.citizen.number)))) rest.add(status)
    }
    expect(rest).toEqual(new Set([429]))
    expect([(await count('audit.looked-up')).length, await alarms()]).toEqual([60, ['look-ups', 'refusals']])
    expect((await victim.visitor.open(`${server.issuer}/tai-khoan/lich-su`)).text).toContain('HS-2026-1')
  })

  test('A04: does so through another node, with the same count', async () => {
    if (engine !== 'servers') return
    const other = await server.another()
    try {
      await expect(other.house.limits.spend('look-ups-per-officer', by)).rejects.toMatchObject({ code: 'limit.exceeded' })
    } finally {
      await other.close()
    }
  })

  test('A04: the alarm stands on the first page of every auditor, with the way to what was done, and was sent to the others', async () => {
    const page = await auditor.visitor.open(at(''))
    expect(page.text).toContain('quá 60 lần một giờ')
    expect(page.text).toContain(`/quan-tri/nhat-ky?by=${by}`)
    expect((await colleague.visitor.open(at(''))).text).not.toContain('quá 60 lần một giờ')
    await expect.poll(() => mailsIn(server.mailDir).filter(({ to, subject }) => to === auditor.citizen.email && subject.includes('Cảnh báo')).length).toBe(2)
    expect(mailsIn(server.mailDir).filter(({ to, subject }) => to === insider.citizen.email && subject.includes('Cảnh báo'))).toEqual([])
  })

  test('A01: approves what they have proposed themselves, which is an alarm at the first try, and takes a role for themselves', async () => {
    const own = await propose(insider, victim, 'support')
    const open = requestOptions(await colleague.visitor.open(own.url))
    const { fields } = formAt(own.text, '/rut-lai')
    const told = await insider.visitor.submit(`${own.url.href}/dong-y`, { ...fields, assertion: JSON.stringify(insider.citizen.authenticator.get({ challenge: open.challenge, rpId: 'localhost' })) })
    expect([told.status, titleOf(told.text)]).toEqual([403, expect.stringContaining('Cần một người khác')])
    expect([(await refusals()).slice(-1), (await alarms()).slice(2)]).toEqual([['own-proposal'], ['own-proposal']])
    expect((await auditor.visitor.open(at(''))).text).toContain('Thử phê duyệt đề xuất của chính mình')
    expect((await propose(insider, insider, 'approver')).status).toBe(403)
    expect([(await refusals()).slice(-2), (await alarms()).slice(2)]).toEqual([['own-proposal', 'own-proposal'], ['own-proposal']])
    expect([await rolesOf(victim), await rolesOf(insider)]).toEqual([[], ['auditor', 'super-admin']])
  })

  test('A01: gives the assertion of one approval for another, and one of somebody else\'s: an alarm at once', async () => {
    const [one, other] = [await propose(colleague, victim, 'analyst'), await propose(colleague, victim, 'support')]
    const [page, otherPage] = [await insider.visitor.open(one.url), await insider.visitor.open(other.url)]
    const given = signed(insider, page)
    await fillIn(insider.visitor, otherPage, '/dong-y', { assertion: given })
    expect([(await refusals()).at(-1), await alarms()]).toEqual(['wrong-signature', ['look-ups', 'refusals', 'own-proposal', 'wrong-signature']])
    await fillIn(insider.visitor, otherPage, '/dong-y', { assertion: JSON.stringify(victim.citizen.authenticator.get({ ...requestOptions(otherPage), allowCredentials: [] })) })
    expect((await refusals()).at(-1)).toBe('wrong-signature')
    expect((await server.house.proposals.find(idOf(other)))?.decision).toBeUndefined()

    // The honest answer has its effect once; given again it is an alarm. Somebody else's, a moment too late, is on record alone.
    const late = await third.visitor.open(one.url)
    await fillIn(insider.visitor, page, '/dong-y', { assertion: given })
    expect((await fillIn(insider.visitor, page, '/dong-y', { assertion: given })).status).toBe(409)
    expect([(await refusals()).at(-1), (await alarms()).at(-1)]).toEqual(['replayed', 'replayed'])
    const honest = await accountOf(server, third)
    expect((await fillIn(third.visitor, late, '/dong-y', { assertion: signed(third, late) })).status).toBe(409)
    expect([await refusals(honest), await alarms(honest)]).toEqual([['too-late'], []])
    expect(await rolesOf(victim)).toEqual(['analyst'])
  })

  test('A01: changes a proposal in the database after it was shown: a trigger refuses, and without it the signature does', async () => {
    const { database, proposals, passkeys } = server.house
    const one = await propose(insider, victim, 'registry-operator')
    const page = await colleague.visitor.open(one.url)
    const greedier = (id: string) => sql`update proposal set change = jsonb_set(change, '{role,role}', '"super-admin"') where id = ${id}`
    await expect(database.change(greedier(idOf(one)))).rejects.toThrow('never changed')
    const asSuperuser = (id: string) => database.transaction(async (db) => {
      await db.change(sql`alter table proposal disable trigger all`)
      await db.change(greedier(id))
      await db.change(sql`alter table proposal enable trigger all`)
    })
    await asSuperuser(idOf(one))
    const second = await accountOf(server, colleague)
    await fillIn(colleague.visitor, page, '/dong-y', { assertion: signed(colleague, page) })
    expect([await rolesOf(victim), await alarms(second)]).toEqual([['analyst'], ['wrong-signature']])

    // And after it was approved: whoever checks later sees it.
    const two = await propose(insider, auditor, 'analyst')
    const shown = await colleague.visitor.open(two.url)
    await fillIn(colleague.visitor, shown, '/dong-y', { assertion: signed(colleague, shown) })
    await expect(database.change(sql`update proposal set reason = 'x' where id = ${idOf(two)}`)).rejects.toThrow('a decision is final')
    const check = async () => {
      const proposal = await proposals.find(idOf(two))
      if (proposal?.decision?.is !== 'approved') throw new Error('not approved')
      return approvalFault(proposal, { rp: { id: 'localhost', origin: server.issuer }, passkey: await passkeys.find(proposal.decision.evidence.passkey) })
    }
    expect(await check()).toBeUndefined()
    await asSuperuser(idOf(two))
    expect(await check()).toBe('wrong-signature')

    // Nobody needs to check: the hour does, and says it once.
    const look = () => tellAltered({ ...server.house, rp: { id: 'localhost', origin: server.issuer } })
    expect([(await Promise.all([look(), look()])).reduce((all, one) => all + one), await look()]).toEqual([1, 0])
    const told = await database.rows(sql<{ data: object }>`select data from audit_event where type = 'proposal.altered'`)
    expect(told.map(({ data }) => data)).toEqual([{ proposal: idOf(two), reason: 'wrong-signature', by: 'clock', mark: expect.any(String) }])
    const raised = await database.rows(sql<{ kind: string; actor: string }>`select kind, actor from alarm where actor = 'clock'`)
    expect(raised).toEqual([{ kind: 'altered', actor: 'clock' }])
    expect((await auditor.visitor.open(at(''))).text).toContain('Một phê duyệt đã bị sửa sau khi ký')

    // A second alteration of the same one is told too, also when what is left is no proposal; and so is the first again, once it had been undone.
    const kept = JSON.stringify((await database.first(sql<{ change: object }>`select change from proposal where id = ${idOf(two)}`))?.change)
    const put = (change: string) => database.transaction(async (db) => {
      await db.change(sql`alter table proposal disable trigger all`)
      await db.change(sql`update proposal set change = ${change}::jsonb where id = ${idOf(two)}`)
      await db.change(sql`alter table proposal enable trigger all`)
    })
    const reasons = async () => (await database.rows(sql<{ reason: string }>`select data->>'reason' as reason from audit_event where type = 'proposal.altered' order by id`)).map(({ reason }) => reason)
    await put('{"act":"role.grant"}')
    expect([await look(), await look(), await reasons()]).toEqual([1, 0, ['wrong-signature', 'unreadable']])
    await put(kept.replace('super-admin', 'analyst'))
    expect([await look(), await check()]).toEqual([0, undefined])
    await put(kept)
    expect([await look(), await look(), await reasons()]).toEqual([1, 0, ['wrong-signature', 'unreadable', 'wrong-signature']])
  })

  test.runIf(engine === 'servers')('A01, L03: comes to the database as an ordinary role: no table is theirs to read or to write', async () => {
    const { database } = server.house
    const name = `insider_${Date.now()}`
    await database.change(sql.raw(`create role ${name} login`))
    const url = new URL(String(inject('postgres')))
    url.username = name
    url.pathname = String((await database.first(sql<{ name: string }>`select current_database() as name`))?.name)
    const client = new pg.Client({ connectionString: url.href })
    await client.connect()
    try {
      const tries = [
        `insert into officer_role (id, account_id, role, since, ends_on) values (gen_random_uuid(), '${by}', 'approver', now(), '2027-01-01')`,
        'delete from audit_event', 'truncate alarm', 'update proposal set state = \'approved\'', 'alter table proposal disable trigger all', 'drop trigger audit_event_is_final on audit_event',
        'select * from person', 'select * from audit_event', 'insert into officer_bootstrap (once, at) values (true, now())',
      ]
      for (const tried of tries) await expect(client.query(tried), tried).rejects.toThrow(/permission denied|must be owner/)
    } finally {
      await client.end()
      await database.change(sql.raw(`drop role ${name}`))
    }
    expect(await rolesOf(insider)).toEqual(['auditor', 'super-admin'])
  })

  test('A04: wipes nothing away, not with the rights of the owner of the tables', async () => {
    const { database } = server.house
    for (const table of ['audit_event', 'alarm']) {
      for (const tried of [`delete from ${table}`, `truncate ${table}`]) await expect(database.change(sql.raw(tried))).rejects.toThrow('never changed or removed')
    }
    expect(await alarms()).toEqual(['look-ups', 'refusals', 'own-proposal', 'wrong-signature', 'replayed'])
  })
})
