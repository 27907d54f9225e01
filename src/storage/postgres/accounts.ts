import { sql } from 'kysely'
import { newId, type AccountId } from '#kernel/id.ts'
import type { Account } from '#domain/account/account.ts'
import type { AccountStore, Contact } from '#domain/account/store.ts'
import type { Sealer } from '#keys/seal.ts'
import { insertEvents } from './audit.ts'
import { accountColumns, findAccount, toAccount, type AccountRow } from './account-row.ts'
import { followPapers, moveAccount } from './account-moves.ts'
import type { Db } from './db.ts'
import { insertPasskey } from './passkeys.ts'

export const accounts = (db: Db, sealer: Sealer): AccountStore => ({
  find: (id) => findAccount(db, id),
  findNow: (id) => findAccount(db, id),

  async findByPerson(person) {
    const row = await db.first(sql<AccountRow>`select ${accountColumns} from account a where a.person_id = ${person}`)
    return row && toAccount(row)
  },

  open: (opening) => db.transaction(async (tx) => {
    if (!(await insertAccount(tx, opening.account))) return false
    if (opening.passkey && !(await insertPasskey(tx, opening.passkey))) throw new Taken()
    if (opening.contact) await insertContact(tx, sealer, opening.account.id, opening.contact)
    if (opening.event) await insertEvents(tx, [opening.event], opening.account.createdAt)
    return true
  }).catch((error: unknown) => {
    if (error instanceof Taken) return false
    throw error
  }),

  async contacts(id) {
    const rows = await db.rows(sql<{ id: string; kind: 'email'; value: Uint8Array; verified_at: Date }>`
      select id, kind, value, verified_at from contact where account_id = ${id} order by id`)
    return rows.map((row) => ({ kind: row.kind, value: sealer.open(row.value, at(id, row.id)), verifiedAt: row.verified_at }))
  },

  move: (id, move, at) => db.transaction((tx) => moveAccount(tx, id, { move, at })),
  followPapers: (at) => followPapers(db, at),
})

/** Undoes an opening whose passkey belongs to somebody already. */
class Taken extends Error {}

/** Bound to the account too, so that a contact moved to another account does not open. */
const at = (account: AccountId, row: string) => ({ table: 'contact', column: 'value', row: `${account}/${row}` })

async function insertAccount(db: Db, { id, person, level, state, paper, expiresOn, createdAt }: Account): Promise<boolean> {
  const changed = await db.change(sql`
    insert into account (id, person_id, level, state, paper, expires_on, created_at)
    values (${id}, ${person}, ${level}, ${state}, ${paper ?? null}, ${expiresOn ?? null}, ${createdAt}) on conflict (person_id) do nothing`)
  return changed === 1
}

async function insertContact(db: Db, sealer: Sealer, account: AccountId, { kind, value, verifiedAt }: Contact): Promise<void> {
  const id = newId()
  await db.change(sql`
    insert into contact (account_id, id, kind, value, verified_at)
    values (${account}, ${id}, ${kind}, ${sealer.seal(value, at(account, id))}, ${verifiedAt})`)
}
