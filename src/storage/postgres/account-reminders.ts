import { sql } from 'kysely'
import { dayInVietnam, type Day } from '#kernel/clock.ts'
import { accountId } from '#kernel/id.ts'
import type { Paper } from '#domain/account/ground.ts'
import { lastDayReminded } from '#domain/account/move.ts'
import type { Db } from './db.ts'
import { tellHolder } from './notices.ts'

/** So many at a time: one statement has 700 milliseconds. */
const atOnce = 500

/** See `AccountStore.remindOfPapers`. Each account is a commit of its own, with its notice. */
export async function remindOfPapers(db: Db, at: Date): Promise<number> {
  const today = dayInVietnam(at)
  const due = sql`state <> 'deceased' and paper is not null and expires_on between ${today} and ${lastDayReminded(today)} and reminded_for is distinct from expires_on`
  for (let told = 0; ;) {
    const rows = await db.rows(sql<{ id: string }>`select id from account where ${due} order by id limit ${atOnce}`)
    for (const { id } of rows) {
      told += await db.transaction(async (tx) => {
        const row = await tx.first(sql<{ paper: Paper; on: Day }>`
          update account set reminded_for = expires_on where id = ${id} and ${due} returning paper, expires_on::text as on`)
        if (row !== undefined) await tellHolder(tx, accountId.parse(id), { occasion: { of: 'paper-ending', ...row }, at })
        return row === undefined ? 0 : 1
      })
    }
    if (rows.length < atOnce) return told
  }
}
