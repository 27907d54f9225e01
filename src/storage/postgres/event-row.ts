import { sql, type RawBuilder } from 'kysely'
import { newId } from '#kernel/id.ts'
import { isMover } from '#domain/account/rules.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import type { Db } from './db.ts'
import { isUnanswered } from './fault.ts'

/**
 * Adds these events to the log of record in one statement, which `around` makes of theirs, each with who wrote it and its number (L05). For
 * `audit.ts`, which has an eye on them: nobody else writes any.
 */
export async function writeEvents(db: Db, { events, at }: { events: readonly AuditEvent[]; at: Date }, around: (rows: RawBuilder<unknown>) => RawBuilder<unknown> = (rows) => rows): Promise<void> {
  const { numbering } = db
  const numbers = numbering.take(events.length)
  try {
    await db.change(around(eventRows(events, { at, node: numbering.node, boot: numbering.boot, numbers })))
  } catch (error) {
    // Where the database did not answer nobody knows whether they are written.
    if (!isUnanswered(error)) numbering.giveBack(numbers)
    throw error
  }
}

type Written = { at: Date; node: string; boot: string; numbers: readonly number[] }

function eventRows(events: readonly AuditEvent[], { at, node, boot, numbers }: Written): RawBuilder<unknown> {
  const rows = events.map(({ type, ...data }, index) => sql`(
    ${newId(at.getTime())}, ${at}, ${type}, ${'client' in data ? (data.client ?? null) : null}, ${'account' in data ? (data.account ?? null) : null},
    ${'by' in data && data.by !== 'clock' && !isMover(data.by) ? data.by : null}, ${JSON.stringify(data)}::jsonb, ${node}, ${boot}, ${numbers[index] ?? null})`)
  return sql`insert into audit_event (id, at, type, client_id, account_id, actor, data, node, boot, seq) values ${sql.join(rows)}`
}
