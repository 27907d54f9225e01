import { sql } from 'kysely'
import type { ContactStore } from '#domain/account/contact.ts'
import type { Sealer } from '#keys/seal.ts'
import { insertEvents } from './audit.ts'
import { insertContact } from './contact-row.ts'
import type { Db } from './db.ts'
import { tellHolder } from './notices.ts'

/** See `ContactStore`. The new address and the old ones are told alike: whoever took the account over would want the holder not to know. */
export const contacts = (db: Db, sealer: Sealer): ContactStore => ({
  replace: (account, contact, event) => db.transaction(async (tx) => {
    const at = contact.verifiedAt
    if ((await tx.first(sql`select id from account where id = ${account} and state <> 'deceased' for update`)) === undefined) return false
    const id = await insertContact(tx, sealer, account, contact)
    await tellHolder(tx, account, { occasion: { of: 'contact-changed' }, at })
    await tx.change(sql`update contact set ended_at = ${at} where account_id = ${account} and kind = ${contact.kind} and id <> ${id} and ended_at is null`)
    await insertEvents(tx, [event], at)
    return true
  }),
})
