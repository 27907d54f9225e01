import { sql } from 'kysely'
import { passkeyId } from '#kernel/id.ts'
import type { PasskeyNames } from '#domain/account/own-passkeys.ts'
import type { Sealer } from '#keys/seal.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'

const at = (row: string) => ({ table: 'passkey', column: 'name', row })

/** What people call their passkeys, sealed: a name says whose phone it is. */
export const passkeyNames = (db: Db, sealer: Sealer): PasskeyNames => ({
  async ofAccount(account) {
    const rows = await db.rows(sql<{ id: string; name: Uint8Array }>`select id, name from passkey where account_id = ${account} and name is not null`)
    return new Map(rows.map(({ id, name }) => [passkeyId.parse(id), sealer.open(name, at(id))]))
  },
  put: (account, id, { name, at: when, event }) => db.transaction(async (tx) => {
    const named = await tx.change(sql`update passkey set name = ${name === '' ? null : sealer.seal(name, at(id))} where id = ${id} and account_id = ${account} and removed_at is null`)
    if (named === 1) await insertEvents(tx, [event], when)
  }),
})
