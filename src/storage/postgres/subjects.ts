import { sql } from 'kysely'
import type { SubjectStore } from '#domain/account/store.ts'
import type { Db } from './db.ts'

export const subjects = (db: Db): SubjectStore => ({
  async settle(account, sector, proposed) {
    const stored = () => db.first(sql<{ sub: string }>`select sub from subject where account_id = ${account} and sector = ${sector}`)
    const known = await stored()
    if (known) return known.sub
    await db.change(sql`
      insert into subject (account_id, sector, sub) values (${account}, ${sector}, ${proposed}) on conflict (account_id, sector) do nothing`)
    return (await stored())?.sub ?? proposed
  },
})
