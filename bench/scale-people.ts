import { isoCBOR } from '@simplewebauthn/server/helpers'
import { sql } from 'kysely'
import { accountId, passkeyId, personId, type AccountId, type PasskeyId } from '#kernel/id.ts'
import { personalNumber, type PersonalNumber } from '#domain/registry/person.ts'
import { insertContact } from '#storage/postgres/contact-row.ts'
import type { Database } from '#storage/postgres/db.ts'
import { numberPlace } from '#storage/postgres/person-row.ts'
import { registry } from '#storage/postgres/registry.ts'
import { makeAuthenticator } from '#test/support/authenticator.ts'
import type { Authenticator } from '#test/support/authenticator.ts'
import { makeKey } from '#test/support/authenticator-key.ts'
import { percentile } from './figures.ts'
import { credentialIdOf, isImported } from './scale-filling.ts'
import type { Site } from './scale-site.ts'

/** Pages at random rather than rows: of ten million people a few thousand are found without reading the others. */
const someOf = (table: string, { imported, count }: { imported: number; count: number }) => {
  const percent = Math.min(100, Math.max(0.02, (count * 400) / imported))
  return sql`${sql.raw(table)} tablesample system (${percent})`
}

/** Personal numbers of so many people of the living and the dead; nothing of their records is read. */
export async function someNumbers({ database, keyring, imported }: Site, count: number): Promise<readonly PersonalNumber[]> {
  const rows = await database.patiently((db) => db.rows(sql<{ person_id: string; blind: Uint8Array; number: Uint8Array }>`
    select person_id, blind, number from ${someOf('person_number', { imported, count })} where valid_to is null and ${isImported('person_id')} order by random() limit ${count}`))
  return rows.map(({ person_id: person, blind, number }) => personalNumber.parse(keyring.sealer.open(number, numberPlace('number', person, blind))))
}

/** Ids of passkeys; the passkeys are not read. */
export async function somePasskeys({ database, imported }: Site, count: number): Promise<readonly PasskeyId[]> {
  const rows = await database.patiently((db) => db.rows(sql<{ id: string }>`
    select ${credentialIdOf(sql`uuid_send(id)`)} as id from ${someOf('account', { imported, count })} order by random() limit ${count}`))
  return rows.map(({ id }) => passkeyId.parse(id))
}

/** So many grown citizens who may sign in, each with the phone for the passkey of their account. */
export async function somePhones({ database, keyring, imported }: Site, { count, origin }: { count: number; origin: string }): Promise<readonly Authenticator[]> {
  return database.patiently(async (db) => {
    const rows = await db.rows(sql<{ person: string; account: string; passkey: string }>`
      select p.id as person, a.id as account, k.id as passkey
      from (select id from ${someOf('person', { imported, count: count * 3 })} where kind = 'citizen' and life = 'alive' and ${isImported('id')} order by random() limit ${count * 3}) as p
      join account a on a.person_id = p.id join passkey k on k.account_id = a.id`)
    const oneEach = [...new Map(rows.map((row) => [row.account, row])).values()]
    const grown = await whoAreGrown({ db, sealer: keyring.sealer }, oneEach.map(({ person }) => person))
    const chosen = oneEach.filter(({ person }) => grown.has(person)).slice(0, count)
    if (chosen.length < count) throw new Error(`only ${chosen.length} of ${count} people who may sign in`)
    const key = makeKey('ES256')
    await giveKey(db, chosen.map(({ passkey }) => passkey), isoCBOR.encode(key.cose))
    for (const { account } of chosen) await giveAddress({ db, sealer: keyring.sealer }, accountId.parse(account))
    return chosen.map(({ account, passkey: id }) => makeAuthenticator({
      rpId: 'localhost', origin, holds: [{ id, rpId: 'localhost', userHandle: Buffer.from(account).toString('base64url'), key, counter: 0 }],
    }))
  })
}

async function whoAreGrown({ db, sealer }: { db: Database; sealer: Site['keyring']['sealer'] }, people: readonly string[]): Promise<ReadonlySet<string>> {
  const known = registry(db, sealer)
  const grown = new Set<string>()
  for (const id of people) {
    const person = await known.find(personId.parse(id))
    if (person !== undefined && person.birthDate.length === 10 && person.birthDate < '2000' && (person.card?.expiresOn ?? '9999') > '2027') grown.add(id)
  }
  return grown
}

/** They share a key, which no server can see. */
async function giveKey(db: Database, passkeys: readonly string[], key: Uint8Array): Promise<void> {
  await db.transaction(async (tx) => {
    // No server may make one passkey into another (migration 0063); whoever owns the database passes its triggers by.
    await tx.change(sql`set local session_replication_role = replica`)
    await tx.change(sql`update passkey set public_key = ${Buffer.from(key)} where id = any(${[...passkeys]})`)
  })
}

/** The pages name the address, so that it has to be one that can be opened. */
async function giveAddress({ db, sealer }: { db: Database; sealer: Site['keyring']['sealer'] }, account: AccountId): Promise<void> {
  await db.change(sql`delete from contact where account_id = ${account}`)
  await insertContact(db, sealer, account, { kind: 'email', value: `citizen-${account}@example.com`, verifiedAt: new Date() })
}

/** Milliseconds of one act after the other, as who asks sees them. */
export async function timesOf<T>(things: readonly T[], act: (thing: T) => Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = []
  for (const thing of things) {
    const began = performance.now()
    if ((await act(thing)) === undefined) throw new Error('something was not found that is there')
    times.push(performance.now() - began)
  }
  return times
}

export function spread(times: readonly number[]): string {
  const sorted = times.toSorted((one, other) => one - other)
  return [50, 99, 100].map((percent) => percentile(sorted, percent).toFixed(2)).join(' | ')
}

export const sizes = sql<{ name: string; rows: number; table: number; indexes: number }>`
  select relname as name, greatest(reltuples, 0)::bigint as rows, pg_table_size(oid) as table, pg_indexes_size(oid) as indexes
  from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples > 1000 order by pg_total_relation_size(oid) desc`

