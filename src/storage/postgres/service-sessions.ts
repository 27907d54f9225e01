import { sql, type RawBuilder } from 'kysely'
import { accountId, clientId } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import type { EndReason } from '#domain/signal/end-reason.ts'
import type { Ending, ServiceSessionStore } from '#domain/signal/session.ts'
import { enqueue } from '#storage/jobs/enqueue.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'
import { columns, type Row } from './service-session-row.ts'

type Begin = ServiceSessionStore['begin']

/** `begin` is the audit log's, for the two are one commit. */
export const serviceSessions = (db: Db, { begin }: { begin: Begin }): ServiceSessionStore => ({
  begin,
  end: (ending, events = []) => db.transaction((tx) => endSessions(tx, ending, events)),

  async acted({ after, most }) {
    const rows = await db.rows(sql<{ account_id: string; acted_by: string }>`
      select distinct account_id, acted_by from service_session
      where acted_by is not null ${after === undefined ? sql`` : sql`and (account_id, acted_by) > (${after.account}::uuid, ${after.by}::uuid)`}
      order by account_id, acted_by limit ${most}`)
    return rows.map(({ account_id: account, acted_by: by }) => ({ account: accountId.parse(account), by: accountId.parse(by) }))
  },

  /** A thousand at a time: one statement has 700 milliseconds. */
  async sweep(before) {
    const current = await swept(db, sql`
      delete from service_session where (account_id, session_uid, client_id) in
        (select account_id, session_uid, client_id from service_session where ends_at < ${before} limit 1000)`)
    return current + await swept(db, sql`
      delete from service_session_earlier where (account_id, grant_id) in (select account_id, grant_id from service_session_earlier where ends_at < ${before} limit 1000)`)
  },
})

async function swept(db: Db, aThousand: RawBuilder<unknown>): Promise<number> {
  let all = 0
  for (;;) {
    const gone = await db.change(aThousand)
    all += gone
    if (gone < 1000) return all
  }
}

/**
 * Those after which nothing of before counts any more, whatever of it is known here. What a passkey opened may have left no session
 * behind: a permission to go on while the person is away, an approval at a counter. Of a lost phone nobody knows where it has been.
 */
const wholeAccount: ReadonlySet<EndReason> = new Set<EndReason>(['signed-out-everywhere', 'locked', 'deceased', 'passkey-removed', 'represented'])

/** Ends sessions within whatever transaction `db` is; see `ServiceSessionStore.end`. */
export async function endSessions(db: Db, ending: Ending, events: readonly AuditEvent[] = []): Promise<void> {
  const { account, reason, at } = ending
  if (wholeAccount.has(reason)) await db.change(sql`update account set signed_out_at = greatest(signed_out_at, ${at}) where id = ${account}`)
  const rows = await db.rows(sql<Ended>`
    with current as (delete from service_session where ${chosen(ending)} returning ${columns}),
      earlier as (delete from service_session_earlier where ${chosen(ending)} returning ${columns})
    select ended.*, (select registered->>'backchannel_logout_uri' from client where client.id = client_id) as logout_uri
    from (select *, false as earlier from current union all select *, true as earlier from earlier) as ended order by earlier, client_id`)
  const ended = services(rows)
  const told = ended.filter(({ logout_uri: uri }) => uri !== null)
  await enqueue(db, [
    // What is signed out here the provider ends by itself, but for what the session had granted in another name before.
    ...(reason === 'signed-out' ? sessionEnds(rows.filter(({ earlier }) => earlier), true) : sessionEnds(rows, reason === 'mandate-ended')),
    ...told.map(({ account_id: whose, client_id: client, sid, logout_uri: uri }) => ({
      signal: { kind: 'logout' as const, client: clientId.parse(client), account: accountId.parse(whose), sid }, at: new URL(uri ?? '').host,
    })),
  ])
  const record: AuditEvent = { type: 'sessions.ended', account, reason, services: ended.length, told: told.map(({ client_id: id }) => clientId.parse(id)) }
  await insertEvents(db, ended.length > 0 ? [...events, record] : events, at)
}

type Ended = Row & { logout_uri: string | null; earlier: boolean }

/** Each service of a session once, in however many names it was there. */
function services(rows: readonly Ended[]): readonly Ended[] {
  return [...new Map(rows.toReversed().map((row) => [`${row.session_uid} ${row.client_id} ${row.sid}`, row])).values()].toReversed()
}

function chosen(ending: Ending): RawBuilder<unknown> {
  if (ending.reason === 'signed-out') {
    return sql`account_id = ${ending.account} and session_uid = ${ending.session} and (${ending.client ?? null}::text is null or client_id = ${ending.client ?? null})`
  }
  if (ending.reason === 'mandate-ended') return sql`account_id = ${ending.account} and organisation_id = ${ending.organisation} and client_id = ${ending.client}
    and mandate_id is not distinct from ${ending.mandate ?? null}::uuid`
  if (ending.reason === 'representative-replaced' || ending.reason === 'acts-alone') return sql`account_id = ${ending.account} and acted_by = ${ending.by}`
  return sql`account_id = ${ending.account} or acted_by = ${ending.account}`
}

/** One signal for each session, with everything that was granted in it; `grantsAlone` leaves the person signed in. */
function sessionEnds(rows: readonly Row[], grantsAlone: boolean) {
  return [...Map.groupBy(rows, ({ session_uid: session }) => session)].map(([session, reached]) => ({
    signal: { kind: 'session-end' as const, ...(!grantsAlone && { session }), grants: reached.flatMap(({ grant_id: grant }) => (grant === null ? [] : [grant])) },
  }))
}
