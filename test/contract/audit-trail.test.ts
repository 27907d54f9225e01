import { sql, type RawBuilder } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { systemClock, type Clock } from '#kernel/clock.ts'
import { lookUpId, newId, type AccountId } from '#kernel/id.ts'
import type { Alarm } from '#domain/audit/alarm.ts'
import type { Search } from '#domain/audit/trail.ts'
import type { Role } from '#domain/officer/role.ts'
import { makeBoss, queues } from '#storage/jobs/boss.ts'
import { alarms, insertAlarm } from '#storage/postgres/alarms.ts'
import { auditLog, insertEvents } from '#storage/postgres/audit.ts'
import { auditTrail, looksStatement, searchStatement } from '#storage/postgres/audit-trail.ts'
import type { Database } from '#storage/postgres/db.ts'
import { insertRole, officers } from '#storage/postgres/officers.ts'
import { addEvents, busyClient, citizenAt, endOfEvents, officerAt, personAt, rareClient } from '#test/support/audit-events.ts'
import { databases } from '#test/support/engines.ts'

const everything = { from: new Date(0), to: endOfEvents }
const searches: Readonly<Record<string, Search>> = {
  'a day': { from: new Date(endOfEvents.getTime() - 3_600_000), to: endOfEvents },
  'whatever, without end': everything,
  'a citizen': { ...everything, account: citizenAt(5) },
  'an officer': { ...everything, by: officerAt(5) },
  'an officer and a type': { ...everything, by: officerAt(5), type: 'audit.looked-up' },
  'a service': { ...everything, client: rareClient },
  'a busy service': { ...everything, client: busyClient },
  'a rare type': { ...everything, type: 'audit.looked-up' },
  'a type that never was': { ...everything, type: 'alarm.raised' },
  'a busy service and a rare type': { ...everything, client: busyClient, type: 'login.refused' },
  'one event': { ...everything, reference: newId() },
  'the next page of a type': { ...everything, type: 'login.finished', older: newId(endOfEvents.getTime() - 5_000_000) },
}

describe.each(Object.entries(databases))('the log of record, searched on %s', (_name, open) => {
  let db: Database
  beforeEach(async () => {
    db = await open()
  })

  const planOf = async (statement: RawBuilder<unknown>) =>
    (await db.rows(sql<Record<'QUERY PLAN', string>>`explain ${statement}`)).map((line) => line['QUERY PLAN']).join('\n')

  test('each search goes down an index, and none reads the whole log', async () => {
    await addEvents(db, { to: 20_000 }, 20_000)
    await db.change(sql`analyze audit_event`)
    for (const [name, search] of Object.entries(searches)) {
      const plan = await planOf(searchStatement(search, 51))
      expect([name, plan]).toEqual([name, expect.stringMatching(/Index Scan|Bitmap Index Scan/)])
      expect([name, plan]).not.toEqual([name, expect.stringContaining('Seq Scan')])
    }
    expect(await planOf(searchStatement({ ...everything, client: busyClient, type: 'login.refused' }, 51))).toContain('audit_event_by_client_and_type')
    const looks = await planOf(looksStatement({ account: citizenAt(5), person: personAt(5) }, 51))
    expect([looks, looks]).toEqual([expect.stringContaining('audit_event_of_person'), expect.not.stringContaining('Seq Scan')])
  })

  test('what is found fits, is newest first, and pages follow each other without a gap or a repetition', async () => {
    await addEvents(db, { to: 3000 }, 3000)
    const { search } = auditTrail(db)
    const wanted = { ...everything, client: busyClient, type: 'login.finished' }
    const all = await search(wanted, 5000)
    expect(all.length).toBeGreaterThan(300)
    expect(all.every(({ client, type }) => client === busyClient && type === 'login.finished')).toBe(true)
    expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).toSorted().toReversed())
    const pages: string[] = []
    for (;;) {
      const page = await search({ ...wanted, older: pages.at(-1) }, 50)
      pages.push(...page.map(({ id }) => id))
      if (page.length < 50) break
    }
    expect(pages).toEqual(all.map(({ id }) => id))
    expect((await search({ ...everything, by: officerAt(5) }, 50)).every(({ actor }) => actor === officerAt(5))).toBe(true)
    expect((await search({ ...everything, account: citizenAt(5) }, 50)).every(({ account }) => account === citizenAt(5))).toBe(true)
    const [one] = all
    expect(await search({ ...everything, reference: one?.id }, 50)).toEqual([one])
  })

  test('a range of time has its first moment and not its last', async () => {
    await addEvents(db, { to: 100 }, 100)
    const at = (seconds: number) => new Date(endOfEvents.getTime() - seconds * 1000)
    const found = await auditTrail(db).search({ from: at(10), to: at(5) }, 50)
    expect(found.map((event) => event.at)).toEqual([6, 7, 8, 9, 10].map(at))
  })

  test('whoever acted is found by that, an operator is no account, and an old event keeps what it was', async () => {
    const log = auditLog(db, systemClock)
    const by = officerAt(1)
    await log.append(
      { type: 'officer.refused', by, permission: 'audit.read', reason: 'too-many' }, { type: 'officer.refused', by, permission: 'client.read', reason: 'not-allowed' },
      { type: 'account.shown', account: citizenAt(1), by: 'operator' })
    await db.change(sql`insert into audit_event (id, at, type, data) values (${newId()}, now(), 'long.gone', '{"was": [1]}')`)
    const trail = auditTrail(db)
    const now = { from: new Date(0), to: new Date(Date.now() + 60_000) }
    expect((await trail.search({ ...now, by }, 10)).map(({ type }) => type)).toEqual(['alarm.raised', 'officer.refused', 'officer.refused'])
    expect((await trail.search(now, 10)).filter(({ actor }) => actor === undefined).map(({ type, data }) => ({ type, data })).toSorted((one, other) => one.type.localeCompare(other.type))).toEqual([
      { type: 'account.shown', data: { account: citizenAt(1), by: 'operator' } }, { type: 'long.gone', data: { was: [1] } }])
    const since = new Date(Date.now() - 60_000)
    expect(await trail.count({ by, type: 'officer.refused', since })).toBe(2)
    expect(await trail.count({ by, type: 'officer.refused', reason: 'too-many', since })).toBe(1)
    expect(await trail.count({ by, type: 'officer.refused', since: now.to })).toBe(0)
    expect(await trail.count({ by: officerAt(2), type: 'officer.refused', since })).toBe(0)
  })

  test('a look-up is found by its own officer and no other, and not when it is over', async () => {
    const [by, lookup, started] = [officerAt(1), lookUpId.parse(newId()), Date.now()]
    await auditLog(db, systemClock).append({ type: 'audit.looked-up', lookup, by, role: 'auditor', account: citizenAt(1), case: 'HS-1', ground: 'court' })
    const trail = auditTrail(db)
    expect(await trail.lookUp(lookup, { by, since: new Date(started - 1000) })).toMatchObject({ account: citizenAt(1), case: 'HS-1' })
    expect(await trail.lookUp(lookup, { by: officerAt(2), since: new Date(started - 1000) })).toBeUndefined()
    expect(await trail.lookUp(lookup, { by, since: new Date(started + 60_000) })).toBeUndefined()
    expect(await trail.lookUp(lookUpId.parse(newId()), { by, since: new Date(started - 1000) })).toBeUndefined()
  })

  test('L06: a citizen sees who looked at their account, at the log about them and at their person, and nobody else\'s', async () => {
    const [mine, other] = [{ account: citizenAt(1), person: personAt(1) }, { account: citizenAt(2), person: personAt(2) }]
    let now = Date.now()
    const clock: Clock = { now: () => new Date((now += 1000)) }
    const log = auditLog(db, clock)
    for (const { account, person } of [mine, other]) {
      await log.append({ type: 'audit.looked-up', lookup: lookUpId.parse(newId()), by: officerAt(1), role: 'auditor', account, case: 'HS-1', ground: 'court' })
      await log.append({ type: 'account.shown', account, by: 'operator' })
      await log.append({ type: 'registry.shown', person, revealed: false })
      await log.append({ type: 'account.locked', account, ground: 'holder-request', by: 'operator' })
    }
    const { looksAt } = auditTrail(db)
    const all = await looksAt(mine, 10)
    expect(all.map(({ type }) => type)).toEqual(['registry.shown', 'account.shown', 'audit.looked-up'])
    expect((await looksAt(mine, 10, all[0]?.id)).map(({ type }) => type)).toEqual(['account.shown', 'audit.looked-up'])
    expect((await looksAt(mine, 1)).map(({ type }) => type)).toEqual(['registry.shown'])
  })

  test('A04: of twenty racing alarms of one kind, officer and hour one is raised; another kind, officer or hour is another', async () => {
    const { since } = alarms(db)
    const raise = (alarm: Alarm) => db.transaction((tx) => insertAlarm(tx, alarm))
    const at = new Date('2026-11-26T08:10:00Z')
    const one = { kind: 'look-ups', by: officerAt(1), at } as const
    await Promise.all(Array.from({ length: 20 }, () => raise(one)))
    await raise({ ...one, at: new Date('2026-11-26T08:59:59Z') })
    expect(await since(at, 50)).toHaveLength(1)
    const others = [{ ...one, kind: 'refusals' }, { ...one, by: officerAt(2) }, { ...one, by: 'operator' }, { ...one, at: new Date('2026-11-26T09:00:00Z') }] as const
    for (const other of others) await raise(other)
    expect(await db.rows(sql`select actor, data from audit_event where type = 'alarm.raised' and actor = ${officerAt(2)}`)).toEqual([{ actor: officerAt(2), data: { kind: 'look-ups', by: officerAt(2) } }])
    expect(await since(at, 50)).toHaveLength(5)
    expect((await since(new Date('2026-11-26T09:00:00Z'), 50)).map(({ by }) => by)).toEqual([officerAt(1)])
    expect(await since(at, 2)).toHaveLength(2)
    for (const attempt of [sql`update alarm set kind = 'x'`, sql`delete from alarm`, sql`truncate alarm`]) await expect(db.change(attempt)).rejects.toThrow('never changed or removed')
  })

  test('A04: an alarm queues one letter to each whom it concerns with itself, and none where it was raised already', async () => {
    const at = new Date('2026-11-26T08:10:00Z')
    const hold = (account: AccountId, role: Role) => insertRole(db, { id: newId(), account, role, since: at, endsOn: '2026-12-31' }, undefined)
    await hold(officerAt(1), 'auditor')
    await hold(officerAt(2), 'auditor')
    await hold(officerAt(3), 'auditor')
    await hold(officerAt(4), 'super-admin')
    const letters = async () => (await makeBoss(db).findJobs(queues.signals)).map(({ data }) => data)
    const letter = (account: AccountId) => ({ kind: 'letter', account, letter: { about: 'alarm', alarm: 'refusals', at: at.toISOString() } })
    await db.transaction((tx) => insertAlarm(tx, { kind: 'refusals', by: officerAt(1), at }))
    await db.transaction((tx) => insertAlarm(tx, { kind: 'refusals', by: officerAt(1), at }))
    expect(await letters()).toHaveLength(2)
    expect(await letters()).toEqual(expect.arrayContaining([letter(officerAt(2)), letter(officerAt(3))]))
  })

  test('A06: the first officers hear of each other', async () => {
    const at = new Date('2026-11-26T08:10:00Z')
    await officers(db).bootstrap([{ account: officerAt(1), role: 'super-admin', ends_on: '2026-12-31' }, { account: officerAt(2), role: 'super-admin', ends_on: '2026-12-31' }], at)
    expect((await makeBoss(db).findJobs(queues.signals)).map(({ data }) => data)).toEqual(expect.arrayContaining([officerAt(1), officerAt(2)].map((account) => ({ kind: 'letter', account, letter: { about: 'alarm', alarm: 'bootstrap', at: at.toISOString() } }))))
  })

  test('A04: whatever writes an event, the alarm that it is stands with it, or neither does', async () => {
    const kinds = async (by: AccountId) => (await alarms(db).since(new Date(0), 50)).filter((alarm) => alarm.by === by).map(({ kind }) => kind)
    const refused = (by: AccountId) => ({ type: 'officer.refused', by, permission: 'client.approve', reason: 'wrong-signature' } as const)
    const log = auditLog(db, systemClock)
    // Alone, together with others of the same moment, and with a session that begins.
    await Promise.all([log.append({ type: 'logout.finished' }), log.append(refused(officerAt(1))), log.append({ type: 'logout.finished' })])
    await log.begin({ account: citizenAt(1), session: 's', client: rareClient, sid: 'x', since: new Date(), endsAt: new Date() }, [refused(officerAt(2))])
    // In the transaction of a store, which counts what it has just done.
    const suspend = (by: AccountId) => ({ type: 'client.suspended', client: rareClient, by, reason: 'x' } as const)
    for (let at = 0; at < 5; at += 1) await db.transaction((tx) => insertEvents(tx, [suspend(officerAt(3))], new Date()))
    expect(await Promise.all([1, 2, 3].map((at) => kinds(officerAt(at))))).toEqual([['wrong-signature'], ['wrong-signature'], []])
    await db.transaction((tx) => insertEvents(tx, [suspend(officerAt(3))], new Date()))
    expect(await kinds(officerAt(3))).toEqual(['suspensions'])
    await expect(db.transaction(async (tx) => {
      await insertEvents(tx, [refused(officerAt(4))], new Date())
      throw new Error('undone')
    })).rejects.toThrow('undone')
    expect([await kinds(officerAt(4)), await db.rows(sql`select id from audit_event where actor = ${officerAt(4)}`)]).toEqual([[], []])
    expect(await db.rows(sql`select sid from service_session where account_id = ${citizenAt(1)}`)).toEqual([{ sid: 'x' }])
  })
})
