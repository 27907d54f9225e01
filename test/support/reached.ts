import { sql } from 'kysely'
import type { AccountId } from '#kernel/id.ts'
import type { Database } from '#storage/postgres/db.ts'

/** At which services a person is signed in, as the database has it. */
export function reachedBy(db: Pick<Database, 'rows'>, account: AccountId) {
  return db.rows(sql<{ session: string; client: string; sid: string; grant: string | null; since: Date; endsAt: Date }>`
    select session_uid as session, client_id as client, sid, grant_id as grant, since, ends_at as "endsAt"
    from service_session where account_id = ${account} order by since, client_id`)
}
