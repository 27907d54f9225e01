import { sql } from 'kysely'
import { newId, type AccountId } from '#kernel/id.ts'
import type { Reach } from '#domain/account/contact.ts'
import type { Sealer } from '#keys/seal.ts'
import type { Db } from './db.ts'

type Row = { id: string; value: Uint8Array }

/** Bound to the account too, so that a contact moved to another account does not open. */
const at = (account: AccountId, row: string) => ({ table: 'contact', column: 'value', row: `${account}/${row}` })

export function openContact(sealer: Sealer, account: AccountId, { id, value }: Row): string {
  return sealer.open(value, at(account, id))
}

export async function insertContact(db: Db, sealer: Sealer, account: AccountId, { kind, value, verifiedAt, byHolder = false }: Reach & { byHolder?: boolean }): Promise<string> {
  const id = newId()
  await db.change(sql`
    insert into contact (account_id, id, kind, value, verified_at, by_holder)
    values (${account}, ${id}, ${kind}, ${sealer.seal(value, at(account, id))}, ${verifiedAt}, ${byHolder})`)
  return id
}
