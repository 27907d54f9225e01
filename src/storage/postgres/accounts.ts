import { sql } from 'kysely'
import type { Account } from '#domain/account/account.ts'
import type { AccountStore } from '#domain/account/store.ts'
import type { Sealer } from '#keys/seal.ts'
import { insertEvents } from './audit.ts'
import { accountColumns, findAccount, toAccount, type AccountRow } from './account-row.ts'
import { followDeaths } from './account-deaths.ts'
import { remindOfPapers } from './account-reminders.ts'
import { askOpening, followPapers, moveAccount } from './account-moves.ts'
import { insertContact, openContact } from './contact-row.ts'
import { followCourts } from './court-days.ts'
import type { Db } from './db.ts'
import { tellHolder } from './notices.ts'
import { insertPasskey } from './passkeys.ts'

export const accounts = (db: Db, sealer: Sealer): AccountStore => ({
  find: (id) => findAccount(db, id),
  findNow: (id) => findAccount(db, id),

  async findByPerson(person) {
    const row = await db.first(sql<AccountRow>`select ${accountColumns} from account a where a.person_id = ${person} order by a.state = 'deceased', a.created_at desc limit 1`)
    return row && toAccount(row)
  },

  open: (opening) => db.transaction(async (tx) => {
    if (!(await insertAccount(tx, opening.account))) return false
    if (opening.passkey && !(await insertPasskey(tx, opening.passkey))) throw new Taken()
    if (opening.contact) await insertContact(tx, sealer, opening.account.id, opening.contact)
    await tellHolder(tx, opening.account.id, { occasion: { of: 'account-opened' }, at: opening.account.createdAt })
    if (opening.event) await insertEvents(tx, [opening.event], opening.account.createdAt)
    return true
  }).catch((error: unknown) => {
    if (error instanceof Taken) return false
    throw error
  }),

  async contacts(id) {
    const rows = await db.rows(sql<{ id: string; kind: 'email'; value: Uint8Array; verified_at: Date }>`
      select id, kind, value, verified_at from contact where account_id = ${id} and kind = 'email' and ended_at is null order by id`)
    return rows.map((row) => ({ kind: row.kind, value: openContact(sealer, id, row), verifiedAt: row.verified_at }))
  },

  move: (id, move, at) => db.transaction((tx) => moveAccount(tx, id, { move, at })),
  askOpening: (id, how) => db.transaction((tx) => askOpening(tx, id, how)),
  followPapers: (at) => followPapers(db, at),
  remindOfPapers: (at) => remindOfPapers(db, at),
  followDeaths: (at) => followDeaths(db, at),
  followCourts: (at) => followCourts(db, at),
})

/** Undoes an opening whose passkey belongs to somebody already. */
class Taken extends Error {}

/** Within whatever transaction `db` is; `false` where the person has one already. */
export async function insertAccount(db: Db, { id, person, level, state, paper, expiresOn, createdAt }: Account): Promise<boolean> {
  const changed = await db.change(sql`
    insert into account (id, person_id, level, state, paper, expires_on, created_at)
    values (${id}, ${person}, ${level}, ${state}, ${paper ?? null}, ${expiresOn ?? null}, ${createdAt}) on conflict (person_id) where state <> 'deceased' do nothing`)
  return changed === 1
}
