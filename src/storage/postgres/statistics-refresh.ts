import { sql } from 'kysely'
import { firstIdAt, madeAt } from '#kernel/id.ts'
import { counted } from '#domain/statistic/counted.ts'
import type { Database, Db } from './db.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** An event is written within seconds of its time; clocks of nodes differ by less than the rest. */
const lateMilliseconds = minute
/** What is counted in one transaction, so that nobody waits long for it. */
const pieceMilliseconds = 10 * minute
/** Counting the accounts reads all of them. */
const accountsMilliseconds = 6 * hour
const hoursKeptMilliseconds = 8 * day

/** `StatisticStore.refresh`. Long work: it goes through a door of its own. */
export async function refresh(database: Database, now: Date, { recount = false }: { recount?: boolean }): Promise<{ events: number }> {
  return database.patiently(async (db) => {
    const until = new Date(now.getTime() - lateMilliseconds)
    let events = 0
    for (let piece = await countPiece(db, until); piece !== undefined; piece = await countPiece(db, until)) events += piece
    await countAccounts(db, now, recount)
    await db.change(sql`delete from hourly_count where hour < ${new Date(now.getTime() - hoursKeptMilliseconds)}`)
    return { events }
  })
}

/** Counts the events of the next minutes that have any, and moves the mark behind them; nothing where there are none. */
function countPiece(database: Db, until: Date): Promise<number | undefined> {
  return database.transaction(async (db) => {
    const mark = await db.first(sql<{ until: Date }>`select until from counted where what = 'events' for update`)
    const from = mark?.until ?? new Date(0)
    const first = await db.first(sql<{ id: string }>`
      select id from audit_event where id >= ${firstIdAt(from)} and id < ${firstIdAt(until)} order by id limit 1`)
    // Nothing came: the next look begins where this one ended.
    const to = first === undefined ? until : new Date(Math.min(madeAt(first.id).getTime() + pieceMilliseconds, until.getTime()))
    if (to <= from) return undefined
    const events = first === undefined ? undefined : await countBetween(db, from, to)
    await db.change(sql`update counted set until = ${to} where what = 'events'`)
    return events
  })
}

async function countBetween(db: Db, from: Date, to: Date): Promise<number> {
  const kinds = sql.join(Object.entries(counted).map(([type, how]) =>
    sql`(${type}, ${how.kind}, ${'outcome' in how ? how.outcome : null}, ${'from' in how ? how.from : null})`))
  const events = sql`
    select e.at, e.client_id, e.account_id, k.kind, coalesce((e.data->>'level')::smallint, 0) as level, coalesce(k.outcome, e.data->>k.member, 'unknown') as outcome
    from audit_event e join (values ${kinds}) as k (type, kind, outcome, member) on k.type = e.type
    where e.id >= ${firstIdAt(from)} and e.id < ${firstIdAt(to)} and e.client_id is not null`
  await db.change(sql`
    insert into hourly_count (hour, ending, count)
    select date_trunc('hour', at), case when outcome in ('finished', 'cancelled') then outcome else 'refused' end, count(*)
    from (${events}) as event where kind = 'sign-in' group by 1, 2
    on conflict (hour, ending) do update set count = hourly_count.count + excluded.count`)
  await db.change(sql`
    insert into daily_count (day, kind, client_id, level, outcome, count)
    select (at at time zone 'Asia/Ho_Chi_Minh')::date, kind, client_id, level, outcome, count(*) from (${events}) as event group by 1, 2, 3, 4, 5
    on conflict (day, kind, client_id, level, outcome) do update set count = daily_count.count + excluded.count`)
  await db.change(sql`
    insert into province_count (day, province, count)
    select (event.at at time zone 'Asia/Ho_Chi_Minh')::date, coalesce(p.province, ''), count(*)
    from (${events}) as event left join account a on a.id = event.account_id left join person p on p.id = a.person_id
    where event.kind = 'sign-in' and event.outcome = 'finished' group by 1, 2
    on conflict (day, province) do update set count = province_count.count + excluded.count`)
  return (await db.first(sql<{ count: number }>`select count(*) as count from (${events}) as event`))?.count ?? 0
}

/** Accounts that may be used, of people who live, by where they live. */
async function countAccounts(database: Db, now: Date, recount: boolean): Promise<void> {
  await database.transaction(async (db) => {
    const mark = await db.first(sql<{ until: Date }>`select until from counted where what = 'accounts' for update`)
    if (!recount && mark !== undefined && now.getTime() - mark.until.getTime() < accountsMilliseconds) return
    await db.change(sql`delete from account_count`)
    await db.change(sql`
      insert into account_count (province, level, count)
      select coalesce(p.province, ''), a.level, count(*) from account a join person p on p.id = a.person_id
      where a.state = 'active' and p.life = 'alive' group by 1, 2`)
    await db.change(sql`update counted set until = ${now} where what = 'accounts'`)
  })
}
