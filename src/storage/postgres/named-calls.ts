import { sql } from 'kysely'
import { newId } from '#kernel/id.ts'
import { keptHours, underWaySeconds, type NamedCallStore } from '#domain/api/repeat.ts'
import type { Db } from './db.ts'

type Row = { fingerprint: string; id: string; status: number | null; body: string | null }

/** Expired names that one call clears away. */
const clearedAtOnce = 100

export const namedCalls = (db: Db): NamedCallStore => ({
  async begin({ client, key, fingerprint, at }) {
    const before = (seconds: number) => new Date(at.getTime() - seconds * 1000)
    await db.change(sql`
      delete from named_call where (client_id, key) in
        (select client_id, key from named_call where at < ${before(keptHours * 3600)} order by at limit ${clearedAtOnce})`)
    // Taken up again where the first died on the way; the condition and the row's lock let one of racing calls have it.
    const own = await db.first(sql<Pick<Row, 'id'>>`
      insert into named_call (client_id, key, fingerprint, id, at) values (${client}, ${key}, ${fingerprint}, ${newId(at.getTime())}, ${at})
      on conflict (client_id, key) do update set at = excluded.at
      where named_call.status is null and named_call.fingerprint = excluded.fingerprint and named_call.at < ${before(underWaySeconds)}
      returning id`)
    if (own !== undefined) return { is: 'new', id: own.id }
    const found = await db.first(sql<Row>`select fingerprint, id, status, body from named_call where client_id = ${client} and key = ${key}`)
    if (found === undefined) return { is: 'under-way' }
    if (found.fingerprint !== fingerprint) return { is: 'taken' }
    return found.status === null || found.body === null ? { is: 'under-way' } : { is: 'done', answer: { status: found.status, body: found.body } }
  },

  // Whoever was overtaken, after a minute, has no say any more.
  async finish({ client, key, at }, { status, body }) {
    await db.change(sql`update named_call set status = ${status}, body = ${body} where client_id = ${client} and key = ${key} and at = ${at} and status is null`)
  },

  async forget({ client, key, at }) {
    await db.change(sql`delete from named_call where client_id = ${client} and key = ${key} and at = ${at} and status is null`)
  },
})
