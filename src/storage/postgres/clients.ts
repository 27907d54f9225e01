import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import { systemClock, type Clock } from '#kernel/clock.ts'
import { clientId, type ClientId } from '#kernel/id.ts'
import type { Client } from '#domain/client/client.ts'
import type { ClientStore } from '#domain/client/store.ts'
import { clientChange, operator, type Actor } from '#domain/transparency/entry.ts'
import type { Sealer } from '#keys/seal.ts'
import type { Db } from './db.ts'
import { appendTo, waitForTurn } from './transparency-append.ts'

type Row = { id: string; own: Client['own']; registered: Client['registered']; secret: Uint8Array | null }

const at = (row: ClientId) => ({ table: 'client', column: 'secret', row })

export const clients = (db: Db, sealer: Sealer, clock: Clock = systemClock): ClientStore => {
  const { toClient, find } = reader(db, sealer)
  return {
    find,

    async findServer(identifier) {
      const row = await db.first(sql<Row>`select id, own, registered, secret from client where resource = ${identifier}`)
      return row && toClient(row)
    },

    async list() {
      const rows = await db.rows(sql<Row>`select id, own, registered, secret from client order by id`)
      return rows.map(toClient)
    },

    async put(client, by = operator) {
      if (isSame(await find(client.id), client)) return 'same'
      return db.transaction((tx) => putClient(tx, { sealer, client, by, at: clock.now() }))
    },
  }
}

function reader(db: Db, sealer: Sealer) {
  function toClient({ id: row, own, registered, secret }: Row): Client {
    const id = clientId.parse(row)
    return { id, own, registered: secret === null ? registered : { ...registered, client_secret: sealer.open(secret, at(id)) } }
  }
  async function find(id: ClientId): Promise<Client | undefined> {
    const row = await db.first(sql<Row>`select id, own, registered, secret from client where id = ${id}`)
    return row && toClient(row)
  }
  return { toClient, find }
}

function isSame(before: Client | undefined, after: Client): boolean {
  return before !== undefined && isDeepStrictEqual(JSON.parse(JSON.stringify(before)), JSON.parse(JSON.stringify(after)))
}

type Put = { sealer: Sealer; client: Client; by: Actor; at: Date }

/** `ClientStore.put` within the transaction that `tx` is, for what changes a client together with something else. */
export async function putClient(tx: Db, { sealer, client, by, at: when }: Put): Promise<'inserted' | 'changed' | 'same'> {
  await waitForTurn(tx)
  const before = await reader(tx, sealer).find(client.id)
  if (isSame(before, client)) return 'same'
  await appendTo(tx, clientChange({ before, after: client, by, at: when }))
  const { client_secret: secret, ...registered } = client.registered
  const sealed = secret === undefined ? null : sealer.seal(secret, at(client.id))
  await tx.change(sql`
    insert into client (id, own, registered, secret, resource)
    values (${client.id}, ${JSON.stringify(client.own)}::jsonb, ${JSON.stringify(registered)}::jsonb, ${sealed},
      ${client.own.resource_server?.identifier ?? null})
    on conflict (id) do update set own = excluded.own, registered = excluded.registered, secret = excluded.secret,
      resource = excluded.resource, changed_at = now()`)
  return before ? 'changed' : 'inserted'
}
