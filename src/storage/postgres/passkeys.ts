import { sql } from 'kysely'
import { accountId, passkeyId, type PasskeyId } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import type { Passkey, PasskeyStore } from '#domain/passkey/passkey.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'
import { tellHolder } from './notices.ts'
import { endSessions } from './service-sessions.ts'

type Row = {
  id: string
  account_id: string
  public_key: Uint8Array
  counter: number
  transports: string[]
  aaguid: string
  backup_eligible: boolean
  backed_up: boolean
  hardware_bound: boolean
  created_at: Date
  last_used_at: Date | null
  removed_at: Date | null
  set_aside: boolean
  recovered: boolean
}

const columns = sql`id, account_id, public_key, counter, transports, aaguid, backup_eligible, backed_up, hardware_bound, created_at, last_used_at, removed_at, set_aside, recovered`

export const passkeys = (db: Db): PasskeyStore => ({
  async find(id) {
    const row = await db.first(sql<Row>`select ${columns} from passkey where id = ${id}`)
    return row && toPasskey(row)
  },

  async ofAccount(account) {
    const rows = await db.rows(sql<Row>`select ${columns} from passkey where account_id = ${account} and removed_at is null order by created_at`)
    return rows.map(toPasskey)
  },

  async advance(id, { counter, backedUp, at }) {
    const changed = await db.change(sql`
      update passkey set counter = ${counter}, backed_up = ${backedUp}, last_used_at = ${at}
      where id = ${id} and removed_at is null and (counter < ${counter} or (counter = 0 and ${counter}::bigint = 0))`)
    return changed === 1
  },

  add: (passkey, { most, event }) => db.transaction(async (tx) => {
    // Whoever adds to an account waits for whoever is adding to it.
    await tx.first(sql`select id from account where id = ${passkey.account} for update`)
    const had = await tx.first(sql<{ count: number }>`select count(*) as count from passkey where account_id = ${passkey.account} and removed_at is null`)
    if (had === undefined || had.count >= most) return 'full'
    if (!(await insertPasskey(tx, passkey))) return 'taken'
    await tellHolder(tx, passkey.account, { occasion: { of: 'passkey-added' }, at: passkey.createdAt })
    await insertEvents(tx, [event], passkey.createdAt)
    return 'added'
  }),

  remove: (id, at, event) => db.transaction((tx) => remove(tx, id, { at, event })),

  removeButLast: (id, at, event) => db.transaction(async (tx) => {
    // Whoever removes from an account waits for whoever is removing from it.
    await tx.first(sql`select id from account where id = (select account_id from passkey where id = ${id}) for update`)
    const left = await tx.first(sql<{ count: number }>`
      select count(*) as count from passkey where account_id = (select account_id from passkey where id = ${id} and removed_at is null) and removed_at is null`)
    if (left?.count === 1) return 'last'
    return (await remove(tx, id, { at, event })) ? 'removed' : 'gone'
  }),
})

async function remove(db: Db, id: PasskeyId, { at, event }: { at: Date; event?: AuditEvent | undefined }): Promise<boolean> {
  // The account before its keys, like everybody who holds both.
  await db.first(sql`select id from account where id = (select account_id from passkey where id = ${id}) for update`)
  const holder = await db.first(sql<{ account_id: string }>`
    update passkey set removed_at = ${at} where id = ${id} and removed_at is null returning account_id`)
  if (holder === undefined) return false
  const account = accountId.parse(holder.account_id)
  await tellHolder(db, account, { occasion: { of: 'passkey-removed' }, at })
  await endSessions(db, { account, reason: 'passkey-removed', at }, event === undefined ? [] : [event])
  return true
}

/** `false` when the credential id is registered already, to whomever (WebAuthn L3 §7.1 step 26). */
export async function insertPasskey(db: Db, passkey: Passkey): Promise<boolean> {
  const changed = await db.change(sql`
    insert into passkey (id, account_id, public_key, counter, transports, aaguid, backup_eligible, backed_up, hardware_bound, created_at)
    values (${passkey.id}, ${passkey.account}, ${passkey.publicKey}, ${passkey.counter}, ${[...passkey.transports]}, ${passkey.aaguid},
      ${passkey.backupEligible}, ${passkey.backedUp}, ${passkey.hardwareBound}, ${passkey.createdAt})
    on conflict (id) do nothing`)
  return changed === 1
}

function toPasskey(row: Row): Passkey {
  return {
    id: passkeyId.parse(row.id),
    account: accountId.parse(row.account_id),
    publicKey: new Uint8Array(row.public_key),
    counter: row.counter,
    transports: row.transports,
    aaguid: row.aaguid,
    backupEligible: row.backup_eligible,
    backedUp: row.backed_up,
    hardwareBound: row.hardware_bound,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? undefined,
    removedAt: row.removed_at ?? undefined,
    ...(row.set_aside && { setAside: true }),
    ...(row.recovered && { recovered: true }),
  }
}
