import { sql } from 'kysely'
import { clientId, type AccountId, type ClientId } from '#kernel/id.ts'
import type { Client } from '#domain/client/client.ts'
import type { ClientStore } from '#domain/client/store.ts'
import type { DeveloperClientStore } from '#domain/sandbox/developer-client.ts'
import type { Sealer } from '#keys/seal.ts'
import { clientToWrite, moveClient, writeClient } from '#storage/postgres/clients.ts'
import type { Db } from '#storage/postgres/db.ts'

type Row = { client_id: string; created_at: Date }

/** Who did it, in the sandbox's own log of changes. */
export const developer = { role: 'developer' }

/** Whose clients are whose, beside the clients of the sandbox's database. */
export function developerClientStore(db: Db, { sealer, clients }: { sealer: Sealer; clients: Pick<ClientStore, 'find'> }): DeveloperClientStore {
  async function withClient({ client_id: id, created_at: createdAt }: Row) {
    const client = await clients.find(clientId.parse(id))
    return client && { client, createdAt }
  }
  const rowOf = (at: Db, owner: AccountId, id: ClientId) =>
    at.first(sql<Row>`select client_id, created_at from developer_client where owner = ${owner} and client_id = ${id}`)

  return {
    add: (owner, client, how) => db.transaction((tx) => addTo(tx, sealer, { owner, client, ...how })),
    async ofOwner(owner) {
      const rows = await db.rows(sql<Row>`select client_id, created_at from developer_client where owner = ${owner} order by created_at, client_id`)
      return (await Promise.all(rows.map(withClient))).filter((found) => found !== undefined)
    },
    async find(owner, id) {
      const row = await rowOf(db, owner, id)
      return row && withClient(row)
    },
    change: (owner, client, at) => db.transaction(async (tx) => {
      if ((await rowOf(tx, owner, client.id)) === undefined) return false
      await writeClient(tx, { sealer, before: await clientToWrite(tx, sealer, client.id), after: client, by: developer, at })
      return true
    }),
    end: (owner, id, at) => db.transaction((tx) => endIn(tx, { owner, id, at })),
  }
}

/** One at a time for each owner, so that they are counted together with those on their way. */
export async function heldBy(tx: Db, owner: AccountId): Promise<number> {
  await tx.rows(sql`select pg_advisory_xact_lock(hashtextextended(${owner}, 0))`)
  return (await tx.first(sql<{ count: number }>`select count(*) as count from developer_client where owner = ${owner}`))?.count ?? 0
}

type Adding = { owner: AccountId; client: Client; most: number; at: Date }

/** Within the transaction that `tx` is. */
export async function addTo(tx: Db, sealer: Sealer, { owner, client, most, at }: Adding): Promise<'added' | 'full' | 'taken'> {
  if ((await heldBy(tx, owner)) >= most) return 'full'
  const before = await clientToWrite(tx, sealer, client.id)
  if (before !== undefined) return 'taken'
  await writeClient(tx, { sealer, before, after: client, by: developer, at })
  await tx.change(sql`insert into developer_client (client_id, owner, created_at) values (${client.id}, ${owner}, ${at})`)
  return 'added'
}

export async function endIn(tx: Db, { owner, id, at }: { owner: AccountId; id: ClientId; at: Date }): Promise<boolean> {
  const gone = await tx.change(sql`delete from developer_client where owner = ${owner} and client_id = ${id}`)
  if (gone === 0) return false
  await moveClient(tx, { client: id, from: ['live', 'suspended'], to: 'ended', by: developer, at })
  return true
}
