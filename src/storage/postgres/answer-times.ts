import { sql } from 'kysely'
import type { AnswerTimeStore, Counted } from '#domain/statistic/answer-time.ts'
import type { Db } from './db.ts'

export const answerTimes = (db: Db): AnswerTimeStore => ({
  // Always in the same order, so that two processes that write together wait for each other and no more.
  async add(counts) {
    if (counts.length === 0) return
    const rows = counts.toSorted((one, other) => one.minute.getTime() - other.minute.getTime() || one.wait.localeCompare(other.wait) || one.bucket - other.bucket)
    await db.change(sql`
      insert into answer_time (minute, wait, bucket, count)
      values ${sql.join(rows.map((one) => sql`(${one.minute}, ${one.wait}, ${one.bucket}, ${one.count})`))}
      on conflict (minute, wait, bucket) do update set count = answer_time.count + excluded.count`)
  },

  since: (at) => db.rows(sql<Counted>`
    select wait, bucket, sum(count)::bigint as count from answer_time where minute >= date_trunc('minute', ${at}::timestamptz) group by wait, bucket order by wait, bucket`),

  async sweep(before) {
    await db.change(sql`delete from answer_time where minute < ${before}`)
  },
})
