import { sql, type RawBuilder } from 'kysely'
import { clientId } from '#kernel/id.ts'
import { firstIdAt } from '#kernel/id.ts'
import { counted, type AccountCount, type Count, type Ending, type Kind, type ProvinceCount } from '#domain/statistic/counted.ts'
import type { Span, StatisticStore, Sum } from '#domain/statistic/store.ts'
import type { Database, Db } from './db.ts'
import { refresh } from './statistics-refresh.ts'

const ending = sql`case when outcome in ('finished', 'cancelled') then outcome else 'refused' end`

export const statistics = (db: Database): StatisticStore => ({
  sums: async (kind, span) => {
    const by = <Key>(column: RawBuilder<unknown>) => sumsBy<Key>(db, { kind, span, column })
    const reasons = sql<{ key: string; count: number }>`
      select outcome as key, sum(count)::bigint as count from daily_count where ${within(kind, span)} and outcome not in ('finished', 'cancelled') group by outcome order by count desc, key`
    const [byDay, byClient, byLevel, byReason] = await Promise.all([by<string>(sql`day`), by<string>(sql`client_id`), by<number>(sql`level`), db.rows(reasons)])
    return { byDay, byClient: byClient.map((sum) => ({ ...sum, key: clientId.parse(sum.key) })), byLevel, byReason }
  },

  ofClient: async ({ client, from, to }) => {
    const rows = await db.rows(sql<Omit<Count, 'client'>>`
      select day, kind, level, outcome, count from daily_count where client_id = ${client} and day >= ${from} and day < ${to}
      order by day, kind, level, outcome`)
    return rows.map((row) => ({ ...row, client }))
  },

  lastUse: async (client) => (await db.first(sql<{ day: string | null }>`select max(day) as day from daily_count where client_id = ${client}`))?.day ?? undefined,

  provinces: ({ from, to }) => db.rows(sql<ProvinceCount>`
    select province, sum(count)::bigint as count from province_count where day >= ${from} and day < ${to} group by province order by province`),

  accounts: () => db.rows(sql<AccountCount>`select province, level, count from account_count order by province, level`),

  async countedUntil() {
    const rows = await db.rows(sql<{ what: string; until: Date }>`select what, until from counted`)
    const of = (what: string) => rows.find((row) => row.what === what)?.until ?? new Date(0)
    return { events: of('events'), accounts: of('accounts') }
  },

  hours: (since) => db.rows(sql<{ hour: Date; ending: Ending; count: number }>`select hour, ending, count from hourly_count where hour >= ${since} order by hour, ending`),

  live: (since) => liveSince(db, since),

  refresh: (now, how = {}) => refresh(db, now, how),
})

function within(kind: Kind, { from, to, clients }: Span): RawBuilder<unknown> {
  return sql`kind = ${kind} and day >= ${from} and day < ${to}${clients === undefined ? sql`` : sql` and client_id = any(${[...clients]})`}`
}

type By = { kind: Kind; span: Span; column: RawBuilder<unknown> }

function sumsBy<Key>(db: Db, { kind, span, column }: By): Promise<readonly Sum<Key>[]> {
  return db.rows(sql<Sum<Key>>`
    select ${column} as key, ${ending} as ending, sum(count)::bigint as count from daily_count where ${within(kind, span)} group by 1, 2 order by 1, 2`)
}

async function liveSince(db: Db, since: Date): Promise<readonly { ending: Ending; count: number }[]> {
  const types = Object.entries(counted).filter(([, { kind }]) => kind === 'sign-in').map(([type]) => type)
  return db.rows(sql<{ ending: Ending; count: number }>`
    select case when type in ('login.finished', 'approval.given') then 'finished' when type = 'login.cancelled' then 'cancelled' else 'refused' end as ending,
      count(*) as count
    from audit_event where id >= ${firstIdAt(since)} and type = any(${types}) group by 1`)
}
