import { hostname } from 'node:os'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '#kernel/clock.ts'
import { clientId } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import { auditLog, insertEvents } from '#storage/postgres/audit.ts'
import { auditSequence } from '#storage/postgres/audit-sequence.ts'
import type { Database, Db } from '#storage/postgres/db.ts'
import { databases } from '#test/support/engines.ts'
import { anAccount } from '#test/support/made-up.ts'

const client = clientId.parse('thue')
const numbered = (at: number): AuditEvent => ({ type: 'registry.imported', inserted: at, replaced: 0, refused: 0 })
const many = (count: number) => Array.from({ length: count }, (_, index) => index)

describe.each(Object.entries(databases))('the audit log on %s', (_name, open) => {
  let db: Database
  beforeEach(async () => {
    db = await open()
  })

  const written = () =>
    db.rows(sql<{ type: string; client_id: string | null; account_id: string | null; data: Record<string, unknown> }>`
      select type, client_id, account_id, data from audit_event order by id`)
  const numbers = async () => (await written()).map(({ data }) => data['inserted'])

  test('an event is there when append answers, with who and where beside it', async () => {
    const { id } = anAccount()
    const log = auditLog(db, systemClock)
    await log.append({ type: 'consent.given', client, account: id, claims: ['name'], declined: [] })
    expect(await written()).toEqual([
      { type: 'consent.given', client_id: 'thue', account_id: id,
        data: { client: 'thue', account: id, claims: ['name'], declined: [] } },
    ])
    await log.append({ type: 'grant.revoked', grant: 'g', reason: 'logout' })
    expect((await written()).at(-1)).toMatchObject({ client_id: null, account_id: null })
  })

  test('L05: every event says which process wrote it and as its how many-eth; what was undone leaves no gap, and what was taken away does', async () => {
    const log = auditLog(db, systemClock)
    const faults = async () => auditSequence(db).faults({ since: new Date(0), until: new Date(Date.now() + 60_000) })
    const undone = (at: number) => db.transaction(async (tx) => {
      await insertEvents(tx, [numbered(at), numbered(at)], new Date())
      throw new Error('undone')
    }).catch(() => undefined)
    // PostgreSQL takes no such character.
    const impossible = () => log.append({ type: 'grant.revoked', grant: 'a\u0000b', reason: 'logout' }).catch(() => undefined)
    const kept = (at: number) => db.transaction((tx) => insertEvents(tx, [numbered(at)], new Date()))
    await Promise.all(many(30).flatMap((at) => [log.append(numbered(at)), undone(at), kept(at)]))
    await impossible()
    await log.append(numbered(99))
    await log.append(numbered(100), numbered(101))
    // What was given back last belongs to later events: sixty are as many as were undone.
    for (const at of many(60)) await log.append(numbered(200 + at))
    const rows = await db.rows(sql<{ node: string; boot: string; seq: number }>`select node, boot, seq from audit_event order by seq`)
    const { node = '', boot = '', seq: first = 0 } = rows[0] ?? {}
    expect([rows.map(({ seq }) => seq), new Set(rows.map((row) => row.boot)).size, new Set(rows.map((row) => row.node))]).toEqual([many(123).map((index) => first + index), 1, new Set([hostname()])])
    const gap = (after: number, before: number) => ({ node, boot, after, before, at: expect.any(Date) })
    // An embedded database of these tests is emptied and used again, so that its first numbers are missed.
    expect(await faults()).toEqual({ events: 123, gaps: first === 1 ? [] : [gap(0, first)], doubles: [] })

    const forced = (statement: string) => db.change(sql.raw(`do $$ begin alter table audit_event disable trigger user; ${statement}; alter table audit_event enable trigger user; end $$`))
    await forced(`delete from audit_event where seq in (${first}, ${first + 1}, ${first + 39})`)
    expect(await faults()).toEqual({ events: 120, gaps: expect.arrayContaining([gap(0, first + 2), gap(first + 38, first + 40)]), doubles: [] })
    expect((await faults()).gaps).toHaveLength(2)
    await forced(`update audit_event set seq = ${first + 50} where seq = ${first + 51}`)
    expect((await faults()).doubles).toEqual([{ node, boot, seq: first + 50 }])
  })

  test('events of one append are together and in their order; none is fine', async () => {
    const log = auditLog(db, systemClock)
    await log.append()
    await log.append(...many(20).map(numbered))
    expect((await numbers()).toSorted((a, b) => Number(a) - Number(b))).toEqual(many(20))
    const times = await db.first(sql`select count(distinct at) as times from audit_event`)
    expect(times).toEqual({ times: 1 })
  })

  test('one after the other, the ids tell the order', async () => {
    const log = auditLog(db, systemClock)
    for (const at of many(10)) {
      await log.append(numbered(at))
      await new Promise((later) => setTimeout(later, 2))
    }
    expect(await numbers()).toEqual(many(10))
  })

  test('of 200 parallel appends none is lost and none is there twice, in far fewer statements', async () => {
    let statements = 0
    const counted: Db = { ...db, change: (statement) => ((statements += 1), db.change(statement)) }
    const log = auditLog(counted, systemClock)
    const seen = await Promise.all(many(200).map(async (at) => {
      await log.append(numbered(at))
      return (await db.first(sql<{ there: number }>`select count(*) as there from audit_event where data->>'inserted' = ${String(at)}`))?.there
    }))
    expect(seen).toEqual(Array(200).fill(1))
    expect((await numbers()).length).toBe(200)
    expect(statements).toBeLessThan(20)
  })

  test('more than a batch at once is written in several', async () => {
    const log = auditLog(db, systemClock)
    await Promise.all(many(900).map((at) => log.append(numbered(at))))
    expect(new Set(await numbers()).size).toBe(900)
  })

  test('a failure is heard by exactly those who waited for it, and later events are written', async () => {
    let broken = false
    const faulty: Db = { ...db, change: async (statement) => {
      if (broken) throw new Error('the disk is full')
      return db.change(statement)
    } }
    const log = auditLog(faulty, systemClock)
    await log.append(numbered(1))
    broken = true
    const failed = await Promise.allSettled([log.append(numbered(2)), log.append(numbered(3))])
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    broken = false
    await log.append(numbered(4))
    expect(await numbers()).toEqual([1, 4])
  })

  test('a failure in the middle of many reaches only its batch', async () => {
    let statements = 0
    const faulty: Db = { ...db, change: async (statement) => {
      statements += 1
      if (statements === 2) throw new Error('the disk is full')
      return db.change(statement)
    } }
    const log = auditLog(faulty, systemClock)
    const first = log.append(numbered(0))
    const second = many(5).map((at) => log.append(numbered(10 + at)))
    await first
    const outcomes = await Promise.allSettled(second)
    await Promise.all(many(5).map((at) => log.append(numbered(20 + at))))
    expect(outcomes.map(({ status }) => status)).toEqual(Array(5).fill('rejected'))
    expect(new Set(await numbers())).toEqual(new Set([0, 20, 21, 22, 23, 24]))
  })

  test('what cannot be written is told and stops nobody who comes later', async () => {
    const log = auditLog(db, systemClock)
    await db.change(sql`alter table audit_event add constraint no_logout check (type <> 'logout.finished')`)
    await expect(log.append({ type: 'logout.finished' })).rejects.toThrow()
    await log.append(numbered(7))
    expect(await numbers()).toEqual([7])
  })

  test('an event is never changed or removed, not even by the owner of the tables', async () => {
    await auditLog(db, systemClock).append(numbered(1), numbered(2))
    expect(await db.first(sql`select rolsuper from pg_roles where rolname = current_user`)).toEqual({ rolsuper: true })
    const attempts = [
      sql`update audit_event set type = 'x'`,
      sql`update audit_event set data = '{}'::jsonb where data->>'inserted' = '1'`,
      sql`delete from audit_event`,
      sql`delete from audit_event where data->>'inserted' = '2'`,
      sql`insert into audit_event select * from audit_event limit 1 on conflict (id) do update set type = 'x'`,
      sql`truncate audit_event`,
    ]
    for (const attempt of attempts) await expect(db.change(attempt)).rejects.toThrow('never changed or removed')
    expect(new Set(await numbers())).toEqual(new Set([1, 2]))
  })
})
