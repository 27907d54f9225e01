import { sql } from 'kysely'
import { accountId } from '#kernel/id.ts'
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
  async accountOf(sub, sector) {
    const found = await db.first(sql<{ id: string }>`select account_id as id from subject where sub = ${sub} and sector = ${sector}`)
    return found && accountId.parse(found.id)
  },
})
