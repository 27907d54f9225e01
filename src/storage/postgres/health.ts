import { sql } from 'kysely'
import { clientId } from '#kernel/id.ts'
import type { HealthStore, Mark } from '#domain/statistic/health.ts'
import type { Db } from './db.ts'

type Row = { client_id: string; what: Mark['what']; at: Date; detail: string }
const toMark = ({ client_id: client, ...mark }: Row): Mark => ({ client: clientId.parse(client), ...mark })
const inOne = 1000

export const health = (db: Db): HealthStore => ({
  // Always in the same order, so that two processes that write together wait for each other and no more.
  async add({ faults, marks }) {
    const counts = faults.toSorted((one, other) => keyOf(one).localeCompare(keyOf(other)))
    for (let at = 0; at < counts.length; at += inOne) {
      await db.change(sql`
        insert into fault_count (client_id, hour, error, reason, count)
        values ${sql.join(counts.slice(at, at + inOne).map((one) => sql`(${one.client}, ${one.hour}, ${one.error}, ${one.reason}, ${one.count})`))}
        on conflict (client_id, hour, error, reason) do update set count = fault_count.count + excluded.count`)
    }
    const seen = marks.toSorted((one, other) => `${one.client} ${one.what}`.localeCompare(`${other.client} ${other.what}`))
    for (let at = 0; at < seen.length; at += inOne) {
      await db.change(sql`
        insert into client_mark (client_id, what, at, detail)
        values ${sql.join(seen.slice(at, at + inOne).map((one) => sql`(${one.client}, ${one.what}, ${one.at}, ${one.detail})`))}
        on conflict (client_id, what) do update set at = excluded.at, detail = excluded.detail where client_mark.at <= excluded.at`)
    }
  },

  faultsOf: (client, since) => db.rows(sql<{ error: string; reason: string; count: number }>`
    select error, reason, sum(count)::bigint as count from fault_count where client_id = ${client} and hour >= ${since}
    group by error, reason order by count desc, error, reason`),

  marksOf: async (client) => (await db.rows(sql<Row>`select client_id, what, at, detail from client_mark where client_id = ${client} order by what`)).map(toMark),

  certificates: async () => (await db.rows(sql<Row>`select client_id, what, at, detail from client_mark where what = 'certificate' order by client_id`)).map(toMark),

  async sweep(before) {
    await db.change(sql`delete from fault_count where hour < ${before}`)
  },
})

function keyOf({ client, hour, error, reason }: Parameters<HealthStore['add']>[0]['faults'][number]): string {
  return [client, hour.toISOString(), error, reason].join(' ')
}
