import { sql, type RawBuilder } from 'kysely'
import { newId } from '#kernel/id.ts'
import { isMover } from '#domain/account/rules.ts'
import type { AuditEvent } from '#domain/audit/event.ts'

/** What adds these events to the log of record. For `audit.ts`, which has an eye on them: nobody else writes any. */
export function eventRows(events: readonly AuditEvent[], at: Date): RawBuilder<unknown> {
  const rows = events.map(({ type, ...data }) => sql`(
    ${newId(at.getTime())}, ${at}, ${type}, ${'client' in data ? (data.client ?? null) : null}, ${'account' in data ? (data.account ?? null) : null},
    ${'by' in data && data.by !== 'clock' && !isMover(data.by) ? data.by : null}, ${JSON.stringify(data)}::jsonb)`)
  return sql`insert into audit_event (id, at, type, client_id, account_id, actor, data) values ${sql.join(rows)}`
}
