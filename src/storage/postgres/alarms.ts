import { sql } from 'kysely'
import { accountId, newId } from '#kernel/id.ts'
import type { Alarm, AlarmStore } from '#domain/audit/alarm.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'

type Row = { kind: Alarm['kind']; actor: string; at: Date }

export const alarms = (db: Db): AlarmStore => ({
  raise: (alarm) => db.transaction((tx) => insertAlarm(tx, alarm)),

  async since(at, most) {
    const rows = await db.rows(sql<Row>`select kind, actor, at from alarm where at >= ${at} order by id desc limit ${most}`)
    return rows.map(({ kind, actor, at: raisedAt }) => ({ kind, by: actor === 'operator' ? actor : accountId.parse(actor), at: raisedAt }))
  },
})

/** Within whatever transaction `db` is. */
export async function insertAlarm(db: Db, { kind, by, at }: Alarm): Promise<boolean> {
  const raised = await db.change(sql`
    insert into alarm (id, kind, actor, hour, at) values (${newId(at.getTime())}, ${kind}, ${by}, date_trunc('hour', ${at}::timestamptz), ${at})
    on conflict do nothing`)
  if (raised === 1) await insertEvents(db, [{ type: 'alarm.raised', kind, by }], at)
  return raised === 1
}
