import { sql } from 'kysely'
import { accountId, newId, type AccountId } from '#kernel/id.ts'
import { concerned, type Alarm, type AlarmStore } from '#domain/audit/alarm.ts'
import { enqueue } from '#storage/jobs/enqueue.ts'
import { letterTo } from '#storage/jobs/letter.ts'
import type { Db } from './db.ts'
import { writeEvents } from './event-row.ts'
import { columns, toGrant, type Row as RoleRow } from './role-row.ts'

type Row = { kind: Alarm['kind']; actor: string; at: Date }

export const alarms = (db: Db): AlarmStore => ({
  async since(at, most) {
    const rows = await db.rows(sql<Row>`select kind, actor, at from alarm where at >= ${at} order by id desc limit ${most}`)
    return rows.map(({ kind, actor, at: raisedAt }) => ({ kind, by: actor === 'operator' || actor === 'clock' ? actor : accountId.parse(actor), at: raisedAt }))
  },
})

/** Caused by somebody who had the rights of the database, and perhaps still has them: what stands in the table of alarms holds up none of these. */
const alwaysTold: ReadonlySet<Alarm['kind']> = new Set<Alarm['kind']>(['altered'])

/**
 * Within whatever transaction `db` is: the alarm, its event, and a letter to each whom it concerns. Of those of one kind that an officer causes within
 * an hour it is the first that stands, whoever races.
 */
export async function insertAlarm(db: Db, { kind, by, at }: Alarm): Promise<void> {
  const raised = await db.change(sql`
    insert into alarm (id, kind, actor, hour, at) values (${newId(at.getTime())}, ${kind}, ${by}, date_trunc('hour', ${at}::timestamptz), ${at})
    on conflict do nothing`)
  if (raised !== 1 && !alwaysTold.has(kind)) return
  // A moment later, so that it stands after what it is about.
  await writeEvents(db, { events: [{ type: 'alarm.raised', kind, by }], at: new Date(at.getTime() + 1) })
  await enqueue(db, (await toldOf(db, { kind, by, at })).map((account) => letterTo(account, { about: 'alarm', alarm: kind, at: at.toISOString() })))
}

async function toldOf(db: Db, alarm: Alarm): Promise<readonly AccountId[]> {
  const grants = await db.rows(sql<RoleRow>`select ${columns} from officer_role where ended_at is null`)
  return concerned(alarm, grants.map(toGrant))
}
