import { sql } from 'kysely'
import { firstIdAt } from '#kernel/id.ts'
import type { AuditSequence, Double, Gap } from '#domain/audit/gap.ts'
import type { Database } from './db.ts'

type GapRow = Omit<Gap, 'after' | 'before'> & { after: number; seq: number }

/** Reads every event of the range once; whoever asks has time. */
export const auditSequence = (database: Pick<Database, 'patiently'>): AuditSequence => ({
  faults: ({ since, until }) => database.patiently(async (db) => {
    // Of a process that began before the range the first number that is seen follows nothing; of one that began in it, nought. Its id says when.
    const seen = sql`
      select node, boot, seq, at, lag(seq) over (partition by boot order by seq) as former, boot >= ${firstIdAt(since)}::uuid as began
      from audit_event where id >= ${firstIdAt(since)} and id < ${firstIdAt(until)} and boot is not null`
    const counted = await db.first(sql<{ events: number }>`select count(*) as events from (${seen}) as seen`)
    const gaps = await db.rows(sql<GapRow>`
      select node, boot, coalesce(former, 0) as after, seq, at from (${seen}) as seen
      where seq - coalesce(former, case when began then 0 else seq - 1 end) > 1 order by at, boot, seq limit 1000`)
    const doubles = await db.rows(sql<Double>`select node, boot, seq from (${seen}) as seen where seq = former order by boot, seq limit 1000`)
    return { events: counted?.events ?? 0, gaps: gaps.map(({ seq, ...gap }) => ({ ...gap, before: seq })), doubles }
  }),
})
