import { sql, type RawBuilder } from 'kysely'
import type { ConnectionDirectory, ConnectionSearch } from '#domain/connection/search.ts'
import { from, late, rowsFrom, standing, toConnection, type Row } from './connection-row.ts'
import type { Db } from './db.ts'
import { every, holds, plain } from './sought.ts'

export const connectionDirectory = (db: Db): ConnectionDirectory => ({
  async search({ order, offset, most, ...wish }) {
    const where = conditionOf(wish)
    const counted = await db.first(sql<{ all: number }>`select count(*) as all from ${from} where ${where}`)
    const rows = await db.rows(sql<Row>`${rowsFrom} where ${where} order by ${orders[order]}, c.id limit ${most} offset ${offset}`)
    return { rows: rows.map(toConnection), all: counted?.all ?? 0 }
  },
})

/** As `serviceOf` says it. */
const service = sql`coalesce(nullif(c.entry->>'client_name', ''), c.tried)`

const orders = {
  oldest: sql`c.submitted_at`, newest: sql`c.submitted_at desc`, name: plain(service), sector: sql`c.sector nulls last`,
} satisfies Record<ConnectionSearch['order'], RawBuilder<unknown>>

function conditionOf({ within, state, overdueBefore, text, sector }: Omit<ConnectionSearch, 'order' | 'offset' | 'most'>): RawBuilder<unknown> {
  return every([
    sql`c.submitted_at is not null`,
    within !== 'all' && sql`c.sector = any(${[...within]})`,
    state === 'overdue' ? late(overdueBefore) : state !== 'all' && sql`${standing} = ${state === 'waiting' ? 'submitted' : state}`,
    text && holds(sql`concat_ws(' ', ${service}, c.tried, c.sector)`, text),
    sector && sql`c.sector = ${sector}`,
  ])
}
