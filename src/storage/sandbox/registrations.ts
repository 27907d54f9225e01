import { sql } from 'kysely'
import { accountId, clientId, type AccountId, type ClientId } from '#kernel/id.ts'
import type { ClientStore } from '#domain/client/store.ts'
import type { RegistrationStore } from '#domain/sandbox/registration.ts'
import type { Sealer } from '#keys/seal.ts'
import { clientToWrite, writeClient } from '#storage/postgres/clients.ts'
import type { Db } from '#storage/postgres/db.ts'
import { addTo, developer, endIn, heldBy } from './developer-clients.ts'

type Row = { client_id: string; owner: string; created_at: Date }

/** Undoes what was done with a token whose client could not be added. */
class NotAdded extends Error {
  readonly why: 'full' | 'taken'
  constructor(why: 'full' | 'taken') {
    super(why)
    this.why = why
  }
}

/** Tokens of programs that register themselves, beside the clients that are theirs. */
export function registrationStore(db: Db, { sealer, clients }: { sealer: Sealer; clients: Pick<ClientStore, 'find'> }): RegistrationStore {
  /** Of a racing change or end one finds the token; the row is locked by it. */
  const holder = async (tx: Db, id: ClientId, access: string): Promise<AccountId | undefined> => {
    const row = await tx.first(sql<Pick<Row, 'owner'>>`
      select d.owner from registration_token r join developer_client d using (client_id) where r.client_id = ${id} and r.hash = ${access} for update of r`)
    return row && accountId.parse(row.owner)
  }

  return {
    issue: (owner, { hash, expires }, { most, at }) => db.transaction(async (tx) => {
      const held = await heldBy(tx, owner)
      await tx.change(sql`delete from initial_token where owner = ${owner} and expires_at <= ${at}`)
      const waiting = await tx.first(sql<{ count: number }>`select count(*) as count from initial_token where owner = ${owner}`)
      if (held + (waiting?.count ?? 0) >= most) return 'full'
      await tx.change(sql`insert into initial_token (hash, owner, expires_at) values (${hash}, ${owner}, ${expires})`)
      return 'issued'
    }),
    isGood: async (hash, at) => (await db.first(sql`select hash from initial_token where hash = ${hash} and expires_at > ${at}`)) !== undefined,
    register: (hash, client, { access, most, at }) => db.transaction(async (tx) => {
      const spent = await tx.first(sql<Pick<Row, 'owner'>>`delete from initial_token where hash = ${hash} and expires_at > ${at} returning owner`)
      if (spent === undefined) return 'unknown' as const
      const added = await addTo(tx, sealer, { owner: accountId.parse(spent.owner), client, most, at })
      if (added !== 'added') throw new NotAdded(added)
      await tx.change(sql`insert into registration_token (client_id, hash) values (${client.id}, ${access})`)
      return 'registered' as const
    }).catch((error: unknown) => {
      if (error instanceof NotAdded) return error.why
      throw error
    }),
    async find(id, access) {
      const row = await db.first(sql<Row>`
        select d.client_id, d.owner, d.created_at from registration_token r join developer_client d using (client_id) where r.client_id = ${id} and r.hash = ${access}`)
      const client = row && (await clients.find(clientId.parse(row.client_id)))
      return row && client && { owner: accountId.parse(row.owner), client, createdAt: row.created_at }
    },
    change: (client, { access, next, at }) => db.transaction(async (tx) => {
      if ((await holder(tx, client.id, access)) === undefined) return false
      await tx.change(sql`update registration_token set hash = ${next} where client_id = ${client.id}`)
      await writeClient(tx, { sealer, before: await clientToWrite(tx, sealer, client.id), after: client, by: developer, at })
      return true
    }),
    end: (id, access, at) => db.transaction(async (tx) => {
      const owner = await holder(tx, id, access)
      return owner !== undefined && endIn(tx, { owner, id, at })
    }),
  }
}
