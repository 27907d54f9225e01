import { sql } from 'kysely'
import { contactId } from '#kernel/id.ts'
import type { ContactStore, Reach } from '#domain/account/contact.ts'
import type { Sealer } from '#keys/seal.ts'
import { insertEvents } from './audit.ts'
import { insertContact, openContact } from './contact-row.ts'
import type { Db } from './db.ts'
import { tellHolder } from './notices.ts'

type Row = { id: string; kind: Reach['kind']; value: Uint8Array; verified_at: Date }

/** See `ContactStore`. The new address and the old ones are told alike: whoever took the account over would want the holder not to know. */
export const contacts = (db: Db, sealer: Sealer): ContactStore => ({
  async ofAccount(account) {
    const rows = await db.rows(sql<Row>`select id, kind, value, verified_at from contact where account_id = ${account} and ended_at is null order by id`)
    return rows.map(({ id, kind, value, verified_at: verifiedAt }) => ({ id: contactId.parse(id), kind, value: openContact(sealer, account, { id, value }), verifiedAt }))
  },

  replace: (account, contact, event) => db.transaction(async (tx) => {
    const at = contact.verifiedAt
    if ((await tx.first(sql`select id from account where id = ${account} and state <> 'deceased' for update`)) === undefined) return false
    const byHolder = event.by === 'holder'
    const id = await insertContact(tx, sealer, account, { ...contact, byHolder })
    await tellHolder(tx, account, { occasion: { of: 'contact-changed' }, at })
    await tx.change(sql`update contact set ended_at = ${at}, replaced = ${byHolder} where account_id = ${account} and kind = ${contact.kind} and id <> ${id} and ended_at is null`)
    await insertEvents(tx, [event], at)
    return true
  }),

  undo: (account, { since, until, at }) => db.transaction(async (tx) => {
    await tx.first(sql`select id from account where id = ${account} for update`)
    const gone = await tx.rows(sql<{ kind: Reach['kind'] }>`
      update contact set ended_at = ${at} where account_id = ${account} and by_holder and verified_at > ${since} and verified_at <= ${until} and ended_at is null returning kind`)
    if (gone.length === 0) return 'none'
    await tx.change(sql`
      update contact set ended_at = null, replaced = false
      where account_id = ${account} and replaced and ended_at > ${since} and ended_at <= ${until} and not (by_holder and verified_at > ${since}) and kind in (${sql.join(gone.map(({ kind }) => kind))})`)
    await tellHolder(tx, account, { occasion: { of: 'contact-restored' }, at })
    await insertEvents(tx, [{ type: 'contact.restored', account, through: 'reference' }], at)
    return 'undone'
  }),
})
