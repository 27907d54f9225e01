import { sql } from 'kysely'
import type { Clock } from '#kernel/clock.ts'
import { rulesOn } from '#domain/audit/alarm.ts'
import type { AuditEvent, AuditLog } from '#domain/audit/event.ts'
import { alarmsIn } from '#domain/audit/watch.ts'
import type { ServiceSession, ServiceSessionStore } from '#domain/signal/session.ts'
import { insertAlarm } from './alarms.ts'
import { auditTrail } from './audit-trail.ts'
import type { Db } from './db.ts'
import { writeEvents } from './event-row.ts'
import { insertSessions, keepEarlier } from './service-session-row.ts'

type Waiting = { events: readonly AuditEvent[]; session?: ServiceSession; done: () => void; failed: (error: unknown) => void }

/**
 * The log of record, and what begins together with an event. Events of requests that run at the same time share one commit: while one insert is on its way the next
 * ones gather, so that durability costs each of them a part of a commit and no one a timer.
 */
export function auditLog(db: Db, clock: Clock): AuditLog & Pick<ServiceSessionStore, 'begin'> {
  const waiting: Waiting[] = []
  let writing = false

  async function write(): Promise<void> {
    writing = true
    while (waiting.length > 0) {
      const batch = waiting.splice(0, together(waiting))
      try {
        await insertTogether(db, batch, clock.now())
        for (const { done } of batch) done()
      } catch (error) {
        for (const { failed } of batch) failed(error)
      }
    }
    writing = false
  }

  const wait = (what: Pick<Waiting, 'events' | 'session'>) => new Promise<void>((done, failed) => {
    waiting.push({ ...what, done, failed })
    if (!writing) void write()
  })
  return { append: (...events) => wait({ events }), begin: (session, events) => wait({ events, session }) }
}

const most = 200

const keyOf = ({ account, session, client }: ServiceSession): string => `${account} ${session} ${client}`

/**
 * How many of those that wait go into one commit. A statement sees each row once, so of two sign-ins in one session the second, in another name,
 * waits for the next: what the first opened is to be kept beside it (`keepEarlier`), and would be in no table otherwise.
 */
function together(waiting: readonly Waiting[]): number {
  const opened = new Map<string, ServiceSession>()
  const second = waiting.slice(0, most).findIndex(({ session }) => {
    if (session === undefined) return false
    const first = opened.get(keyOf(session)) ?? session
    opened.set(keyOf(session), session)
    return first.grant !== session.grant
  })
  return second === -1 ? most : second
}

/** All or nothing; in one statement unless somebody has an eye on one of them. */
async function insertTogether(db: Db, batch: readonly Waiting[], at: Date): Promise<void> {
  const events = batch.flatMap(({ events: some }) => some)
  const sessions = new Map(batch.flatMap(({ session }) =>
    (session === undefined ? [] : [[keyOf(session), session] as const])))
  const earlier = keepEarlier([...sessions.values()])
  const begun = sessions.size === 0 ? undefined : insertSessions([...sessions.values()])
  if (isWatched(events)) {
    return db.transaction(async (tx) => {
      if (begun) await tx.change(sql`with earlier as (${earlier}) ${begun}`)
      await insertEvents(tx, events, at)
    })
  }
  if (begun === undefined) return insertEvents(db, events, at)
  if (events.length === 0) return void (await db.change(sql`with earlier as (${earlier}) ${begun}`))
  await writeEvents(db, { events, at }, (rows) => sql`with earlier as (${earlier}), begun as (${begun}) ${rows}`)
}

/** Adds events within whatever transaction `db` is, and the alarms that they are beside them (A04). */
export async function insertEvents(db: Db, events: readonly AuditEvent[], at: Date): Promise<void> {
  if (events.length === 0) return
  await writeEvents(db, { events, at })
  if (isWatched(events)) for (const alarm of await alarmsIn(auditTrail(db), events, at)) await insertAlarm(db, alarm)
}

function isWatched(events: readonly AuditEvent[]): boolean {
  return events.some((event) => rulesOn(event) !== undefined)
}
