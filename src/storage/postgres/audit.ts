import { sql } from 'kysely'
import type { Clock } from '#kernel/clock.ts'
import { newId } from '#kernel/id.ts'
import type { AuditEvent, AuditLog } from '#domain/audit/event.ts'
import type { Db } from './db.ts'

type Waiting = { events: readonly AuditEvent[]; done: () => void; failed: (error: unknown) => void }

/**
 * The log of record. Events of requests that run at the same time share one commit: while one insert is on its way the next
 * ones gather, so that durability costs each of them a part of a commit and no one a timer.
 */
export function auditLog(db: Db, clock: Clock): AuditLog {
  const waiting: Waiting[] = []
  let writing = false

  async function write(): Promise<void> {
    writing = true
    while (waiting.length > 0) {
      const batch = waiting.splice(0, 200)
      try {
        await insertEvents(db, batch.flatMap(({ events }) => events), clock.now())
        for (const { done } of batch) done()
      } catch (error) {
        for (const { failed } of batch) failed(error)
      }
    }
    writing = false
  }

  return {
    append: (...events) => new Promise((done, failed) => {
      waiting.push({ events, done, failed })
      if (!writing) void write()
    }),
  }
}

/** Adds events within whatever transaction `db` is. */
export async function insertEvents(db: Db, events: readonly AuditEvent[], at: Date): Promise<void> {
  if (events.length === 0) return
  const rows = events.map(({ type, ...data }) => sql`(
    ${newId(at.getTime())}, ${at}, ${type}, ${'client' in data ? (data.client ?? null) : null}, ${'account' in data ? (data.account ?? null) : null},
    ${JSON.stringify(data)}::jsonb)`)
  await db.change(sql`insert into audit_event (id, at, type, client_id, account_id, data) values ${sql.join(rows)}`)
}
