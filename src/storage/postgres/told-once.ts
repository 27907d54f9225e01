import { sql } from 'kysely'
import type { ToldOnce } from '#domain/audit/told-once.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'

export const toldOnce = (db: Db): ToldOnce => ({
  tell: (about, event, at) => db.transaction(async (tx) => {
    const first = await tx.change(sql`insert into told_once (about, at) values (${about}, ${at}) on conflict do nothing`)
    if (first === 1) await insertEvents(tx, [event], at)
    return first === 1
  }),
})
