import { sql, type RawBuilder } from 'kysely'
import type { ServiceSession } from '#domain/signal/session.ts'

export type Row = {
  account_id: string
  acted_by: string | null
  organisation_id: string | null
  mandate_id: string | null
  session_uid: string
  client_id: string
  sid: string
  grant_id: string | null
  since: Date
  ends_at: Date
}

export const columns = sql`account_id, acted_by, organisation_id, mandate_id, session_uid, client_id, sid, grant_id, since, ends_at`

const rowsOf = (sessions: readonly ServiceSession[]) => sql.join(sessions.map((one) => sql`(
    ${one.account}::uuid, ${one.by ?? null}::uuid, ${one.organisation ?? null}::uuid, ${one.mandate ?? null}::uuid, ${one.session}, ${one.client}, ${one.sid}, ${one.grant ?? null}, ${one.since}::timestamptz, ${one.endsAt}::timestamptz)`))

/** What adds these sessions, or says anew what has changed about them; one that is as it was is not written. */
export function insertSessions(sessions: readonly ServiceSession[]): RawBuilder<unknown> {
  return sql`
    insert into service_session (${columns}) values ${rowsOf(sessions)}
    on conflict (account_id, session_uid, client_id) do update
    set acted_by = excluded.acted_by, organisation_id = excluded.organisation_id, mandate_id = excluded.mandate_id, sid = excluded.sid, grant_id = excluded.grant_id, ends_at = excluded.ends_at
    where (service_session.acted_by, service_session.organisation_id, service_session.mandate_id, service_session.sid, service_session.grant_id, service_session.ends_at)
      is distinct from (excluded.acted_by, excluded.organisation_id, excluded.mandate_id, excluded.sid, excluded.grant_id, excluded.ends_at)`
}

/** What keeps, of those that now go on in another name, what they were; to be said together with `insertSessions`, which sees them as this does. */
export function keepEarlier(sessions: readonly ServiceSession[]): RawBuilder<unknown> {
  return sql`
    insert into service_session_earlier (${columns})
    select s.account_id, s.acted_by, s.organisation_id, s.mandate_id, s.session_uid, s.client_id, s.sid, s.grant_id, s.since, s.ends_at
    from service_session s join (values ${rowsOf(sessions)}) as goes_on (${columns})
      on (goes_on.account_id, goes_on.session_uid, goes_on.client_id) = (s.account_id, s.session_uid, s.client_id)
    where s.grant_id is distinct from goes_on.grant_id and s.grant_id is not null
      and (s.acted_by, s.organisation_id, s.mandate_id) is distinct from (goes_on.acted_by, goes_on.organisation_id, goes_on.mandate_id)
    on conflict (account_id, grant_id) do nothing`
}
