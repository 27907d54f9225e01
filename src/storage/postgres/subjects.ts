import { sql } from 'kysely'
import { accountId } from '#kernel/id.ts'
import type { AccountWithLife, SubjectStore } from '#domain/account/store.ts'
import { accountColumns, toAccount, type AccountRow } from './account-row.ts'
import type { Db } from './db.ts'

export const subjects = (db: Db): SubjectStore => ({
  async settle(account, sector, proposed) {
    const stored = () => db.first(sql<{ sub: string }>`select sub from subject where account_id = ${account} and sector = ${sector}`)
    const known = await stored()
    if (known) return known.sub
    // Whoever races proposes the same, so that either of the two keys may be the one that PostgreSQL finds taken.
    await db.change(sql`insert into subject (account_id, sector, sub) values (${account}, ${sector}, ${proposed}) on conflict do nothing`)
    const settled = await stored()
    if (settled === undefined) throw new Error('the proposed subject is that of another account')
    return settled.sub
  },
  async accountOf(sub, sector) {
    const found = await db.first(sql<{ id: string }>`select account_id as id from subject where sub = ${sub} and sector = ${sector}`)
    return found && accountId.parse(found.id)
  },
  async accountsOf(subs, sector) {
    const rows = await db.rows(sql<AccountRow & { sub: string; life: AccountWithLife['life'] | null }>`
      select s.sub, ${accountColumns}, p.life from subject s join account a on a.id = s.account_id left join person p on p.id = a.person_id
      where s.sub = any(${[...subs]}) and s.sector = ${sector}`)
    return new Map(rows.map((row) => [row.sub, { account: toAccount(row), life: row.life ?? 'missing' }]))
  },
})
