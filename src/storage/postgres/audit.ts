import { sql, type RawBuilder } from 'kysely'
import type { Clock } from '#kernel/clock.ts'
import { newId } from '#kernel/id.ts'
import { isMover } from '#domain/account/rules.ts'
import type { AuditEvent, AuditLog } from '#domain/audit/event.ts'
import type { ServiceSession, ServiceSessionStore } from '#domain/signal/session.ts'
import type { Db } from './db.ts'
import { insertSessions } from './service-session-row.ts'

type Waiting = { events: readonly AuditEvent[]; session?: ServiceSession; done: () => void; failed: (error: unknown) => void }

/**
 * The log of record, and what begins together with an event. Events of requests that run at the same time share one commit: while one insert is on its way the next
 * ones gather, so that durability costs each of them a part of a commit and no one a timer.
 */
export function auditLog(db: Db, clock: Clock): AuditLog & Pick<ServiceSessionStore, 'begin'> {
  const waiting: Waiting[] = []
  let writing = false

  async function write(): Promise<void> {
    writing = true
    while (waiting.length > 0) {
      const batch = waiting.splice(0, 200)
      try {
        await insertTogether(db, batch, clock.now())
        for (const { done } of batch) done()
      } catch (error) {
        for (const { failed } of batch) failed(error)
      }
    }
    writing = false
  }

  const wait = (what: Pick<Waiting, 'events' | 'session'>) => new Promise<void>((done, failed) => {
    waiting.push({ ...what, done, failed })
    if (!writing) void write()
  })
  return { append: (...events) => wait({ events }), begin: (session, events) => wait({ events, session }) }
}

/** One statement for all, so that none is there without the others. */
async function insertTogether(db: Db, batch: readonly Waiting[], at: Date): Promise<void> {
  const events = batch.flatMap(({ events: some }) => some)
  const sessions = new Map(batch.flatMap(({ session }) =>
    (session === undefined ? [] : [[`${session.account} ${session.session} ${session.client}`, session] as const])))
  if (sessions.size === 0) return insertEvents(db, events, at)
  const begun = insertSessions([...sessions.values()])
  if (events.length === 0) return void (await db.change(begun))
  await db.change(sql`with begun as (${begun}) ${eventRows(events, at)}`)
}

/** Adds events within whatever transaction `db` is. */
export async function insertEvents(db: Db, events: readonly AuditEvent[], at: Date): Promise<void> {
  if (events.length > 0) await db.change(eventRows(events, at))
}

function eventRows(events: readonly AuditEvent[], at: Date): RawBuilder<unknown> {
  const rows = events.map(({ type, ...data }) => sql`(
    ${newId(at.getTime())}, ${at}, ${type}, ${'client' in data ? (data.client ?? null) : null}, ${'account' in data ? (data.account ?? null) : null},
    ${'by' in data && !isMover(data.by) ? data.by : null}, ${JSON.stringify(data)}::jsonb)`)
  return sql`insert into audit_event (id, at, type, client_id, account_id, actor, data) values ${sql.join(rows)}`
}
