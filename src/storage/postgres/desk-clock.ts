import { sql } from 'kysely'
import { accountId, applicationId } from '#kernel/id.ts'
import type { Day } from '#kernel/clock.ts'
import { officeFor } from '#domain/notice/office.ts'
import type { Person } from '#domain/registry/person.ts'
import { enqueue } from '#storage/jobs/enqueue.ts'
import { letterTo } from '#storage/jobs/letter.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'

/** So many at a time: one statement has 700 milliseconds. */
const atOnce = 200

type Lapsed = { id: string; account_id: string; kind: Person['kind']; commune: string; reference: string; has: boolean }

/** See `DeskStore.lapse`. A code that is out keeps its application alive for as long as it may be answered. */
export async function lapseApplications(db: Db, before: Date, at: Date): Promise<number> {
  let ended = 0
  for (;;) {
    const lapsed = await db.transaction((tx) => lapse(tx, before, at))
    ended += lapsed
    if (lapsed < atOnce) return ended
  }
}

async function lapse(db: Db, before: Date, at: Date): Promise<number> {
  const rows = await db.rows(sql<Lapsed>`
    update desk_application a set state = 'refused', refusal = 'lapsed', decided_at = ${at}
    where a.id in (
      select o.id from desk_application o where o.state = 'open' and o.worked_at < ${before}
        and not exists (select from desk_code c where c.application_id = o.id and c.expires_at >= ${before}) order by o.id limit ${atOnce} for update)
    returning a.id, a.account_id, (select kind from person where person.id = a.person_id) as kind, a.commune, a.reference, exists (select from account where account.id = a.account_id) as has`)
  for (const { id, account_id: whose, kind, commune, reference, has } of rows) {
    const account = accountId.parse(whose)
    await db.change(sql`update desk_code set ended = 'denied' where application_id = ${id} and ended is null`)
    await insertEvents(db, [{ type: 'desk.lapsed', application: applicationId.parse(id), commune, by: 'clock', ...(has && { account }) }], at)
    if (has) await enqueue(db, [letterTo(account, { about: 'desk', is: 'lapsed', reference, at: at.toISOString(), office: officeFor({ kind }) })])
  }
  return rows.length
}

/** See `DeskStore.markOverdue`. */
export async function markOverdue(db: Db, today: Day, at: Date): Promise<number> {
  const rows = await db.rows(sql<{ commune: string }>`
    update desk_application set overdue_at = ${at} where state = 'open' and overdue_at is null and due_on < ${today} returning commune`)
  const communes = [...Map.groupBy(rows, ({ commune }) => commune)].map(([commune, late]) => ({ type: 'desk.overdue', commune, count: late.length, by: 'clock' }) as const)
  if (communes.length > 0) await insertEvents(db, communes, at)
  return rows.length
}
