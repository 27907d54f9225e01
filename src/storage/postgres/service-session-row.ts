import { sql, type RawBuilder } from 'kysely'
import type { ServiceSession } from '#domain/signal/session.ts'

export type Row = {
  account_id: string
  acted_by: string | null
  organisation_id: string | null
  session_uid: string
  client_id: string
  sid: string
  grant_id: string | null
  since: Date
  ends_at: Date
}

export const columns = sql`account_id, acted_by, organisation_id, session_uid, client_id, sid, grant_id, since, ends_at`

/** What adds these sessions, or says anew what has changed about them; one that is as it was is not written. */
export function insertSessions(sessions: readonly ServiceSession[]): RawBuilder<unknown> {
  const rows = sessions.map((one) => sql`(
    ${one.account}::uuid, ${one.by ?? null}::uuid, ${one.organisation ?? null}::uuid, ${one.session}, ${one.client}, ${one.sid}, ${one.grant ?? null}, ${one.since}::timestamptz, ${one.endsAt}::timestamptz)`)
  return sql`
    insert into service_session (${columns}) values ${sql.join(rows)}
    on conflict (account_id, session_uid, client_id) do update
    set acted_by = excluded.acted_by, organisation_id = excluded.organisation_id, sid = excluded.sid, grant_id = excluded.grant_id, ends_at = excluded.ends_at
    where (service_session.acted_by, service_session.organisation_id, service_session.sid, service_session.grant_id, service_session.ends_at)
      is distinct from (excluded.acted_by, excluded.organisation_id, excluded.sid, excluded.grant_id, excluded.ends_at)`
}
