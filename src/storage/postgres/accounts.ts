import { sql } from 'kysely'
import { accountId, newId, personId, type AccountId, type PersonId } from '#kernel/id.ts'
import type { Account, LockGround } from '#domain/account/account.ts'
import type { AccountStore, AccountWithLife, Contact } from '#domain/account/store.ts'
import type { Sealer } from '#keys/seal.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'
import { insertPasskey } from './passkeys.ts'
import { endSessions } from './service-sessions.ts'

export type AccountRow = {
  id: string
  person_id: string
  level: 1 | 2
  state: Account['state']
  expires_on: string | null
  created_at: Date
  signed_out_at: Date | null
  locks: { ground: LockGround; since: string }[] | null
}

export const accountColumns = sql`
  a.id, a.person_id, a.level, a.state, a.expires_on::text as expires_on, a.created_at, a.signed_out_at,
  (select jsonb_agg(jsonb_build_object('ground', l.ground, 'since', l.since)) from account_lock l where l.account_id = a.id) as locks`

export const accounts = (db: Db, sealer: Sealer): AccountStore => ({
  find: (id) => find(db, id),
  findNow: (id) => find(db, id),

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

  lock: (id, ground, since, event) => db.transaction(async (tx) => {
    await tx.change(sql`insert into account_lock (account_id, ground, since) values (${id}, ${ground}, ${since}) on conflict do nothing`)
    await endSessions(tx, { account: id, reason: 'locked', at: since }, event === undefined ? [] : [event])
  }),

  async unlock(id, ground) {
    await db.change(sql`delete from account_lock where account_id = ${id} and ground = ${ground}`)
  },
})

async function find(db: Db, id: AccountId): Promise<AccountWithLife | undefined> {
  const row = await db.first(sql<AccountRow & { life: AccountWithLife['life'] | null }>`
    select ${accountColumns}, p.life from account a left join person p on p.id = a.person_id where a.id = ${id}`)
  // Someone whom the registry no longer lists is treated as missing there, not as dead.
  return row && { account: toAccount(row), life: row.life ?? 'missing' }
}

/** Undoes an opening whose passkey belongs to somebody already. */
class Taken extends Error {}

/** Bound to the account too, so that a contact moved to another account does not open. */
const at = (account: AccountId, row: string) => ({ table: 'contact', column: 'value', row: `${account}/${row}` })

async function insertAccount(db: Db, { id, person, level, state, expiresOn, createdAt }: Account): Promise<boolean> {
  const changed = await db.change(sql`
    insert into account (id, person_id, level, state, expires_on, created_at)
    values (${id}, ${person}, ${level}, ${state}, ${expiresOn ?? null}, ${createdAt}) on conflict (person_id) do nothing`)
  return changed === 1
}

async function insertContact(db: Db, sealer: Sealer, account: AccountId, { kind, value, verifiedAt }: Contact): Promise<void> {
  const id = newId()
  await db.change(sql`
    insert into contact (account_id, id, kind, value, verified_at)
    values (${account}, ${id}, ${kind}, ${sealer.seal(value, at(account, id))}, ${verifiedAt})`)
}

export function toAccount(row: AccountRow): Account {
  const person: PersonId = personId.parse(row.person_id)
  return {
    id: accountId.parse(row.id),
    person,
    level: row.level,
    state: row.state,
    locks: (row.locks ?? []).map(({ ground, since }) => ({ ground, since: new Date(since) })),
    expiresOn: row.expires_on ?? undefined,
    createdAt: row.created_at,
    signedOutAt: row.signed_out_at ?? undefined,
  }
}
