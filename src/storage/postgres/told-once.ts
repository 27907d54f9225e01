import { sql } from 'kysely'
import type { ToldOnce } from '#domain/audit/told-once.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'

export const toldOnce = (db: Db): ToldOnce => ({
  tell: ({ about, state }, event, at) => db.transaction(async (tx) => {
    const first = await tx.change(sql`
      insert into told_once (about, at, state) values (${about}, ${at}, ${state ?? null})
      on conflict (about) do update set at = excluded.at, state = excluded.state where told_once.state is distinct from excluded.state`)
    if (first === 1) await insertEvents(tx, [event], at)
    return first === 1
  }),

  async forget(about) {
    await db.change(sql`delete from told_once where about = ${about}`)
  },
})
