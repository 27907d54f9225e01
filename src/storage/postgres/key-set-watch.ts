import { sql } from 'kysely'
import { mostAddresses, type Called, type Fetched, type KeySetWatch } from '#domain/signing-key/watch.ts'
import type { Db } from './db.ts'

/** A service that calls all the time is written once in so long. */
const staleHours = 1

export const keySetWatch = (db: Db): KeySetWatch => ({
  async add({ calls, fetches }) {
    if (calls.length > 0 && (await call(db, calls)) > 0) await trim(db, calls)
    return fetches.length === 0 ? [] : keep(db, fetches)
  },

  async seenOf(client) {
    const rows = await db.rows(sql<{ called_at: Date; fetched_at: Date | null }>`
      select c.called_at, f.at as fetched_at from key_set_caller c left join key_set_fetch f on f.address = c.address where c.client_id = ${client} order by c.called_at desc`)
    return rows.map(({ called_at: calledAt, fetched_at: fetchedAt }) => ({ calledAt, fetchedAt: fetchedAt ?? undefined }))
  },

  async watchedSince() {
    const row = await db.first(sql<{ since: Date }>`select min(since) as since from key_set_watch`)
    if (row === undefined) throw new Error('nothing says since when fetches are watched')
    return row.since
  },

  async sweep(before) {
    await db.change(sql`delete from key_set_caller where called_at < ${before}`)
    await db.change(sql`delete from key_set_fetch f where not exists (select 1 from key_set_caller c where c.address = f.address)`)
  },
})

// Always in the same order, so that two processes that write together wait for each other and no more.
function call(db: Db, calls: readonly Called[]): Promise<number> {
  const rows = calls.toSorted((one, other) => one.client.localeCompare(other.client) || one.address.localeCompare(other.address))
  return db.change(sql`
    insert into key_set_caller (client_id, address, called_at)
    values ${sql.join(rows.map(({ client, address, at }) => sql`(${client}, ${address}, ${at})`))}
    on conflict (client_id, address) do update set called_at = excluded.called_at
    where key_set_caller.called_at < excluded.called_at - make_interval(hours => ${staleHours}::int)`)
}

async function trim(db: Db, calls: readonly Called[]): Promise<void> {
  const clients = [...new Set(calls.map(({ client }) => client))]
  await db.change(sql`
    delete from key_set_caller where (client_id, address) in (
      select client_id, address from (
        select client_id, address, row_number() over (partition by client_id order by called_at desc, address) as place
        from key_set_caller where client_id in (${sql.join(clients)})) of_client
      where place > ${mostAddresses})`)
}

async function keep(db: Db, fetches: readonly Fetched[]): Promise<readonly string[]> {
  const rows = fetches.toSorted((one, other) => one.address.localeCompare(other.address))
  const kept = await db.rows(sql<{ address: string }>`
    insert into key_set_fetch (address, at)
    select seen.address, seen.at from (values ${sql.join(rows.map(({ address, at }) => sql`(${address}::text, ${at}::timestamptz)`))}) as seen (address, at)
    where exists (select 1 from key_set_caller c where c.address = seen.address) order by seen.address
    on conflict (address) do update set at = greatest(key_set_fetch.at, excluded.at)
    returning address`)
  return kept.map(({ address }) => address)
}
