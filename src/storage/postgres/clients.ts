import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import { systemClock, type Clock } from '#kernel/clock.ts'
import { clientId, type ClientId } from '#kernel/id.ts'
import type { Client, ClientState } from '#domain/client/client.ts'
import type { ClientStore } from '#domain/client/store.ts'
import { clientChange, clientMove, operator, type Actor } from '#domain/transparency/entry.ts'
import type { Sealer } from '#keys/seal.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'
import { appendTo, waitForTurn } from './transparency-append.ts'

type Row = { id: string; own: Client['own']; registered: Client['registered']; secret: Uint8Array | null; state: ClientState }

const columns = sql`id, own, registered, secret, state`
const at = (row: ClientId) => ({ table: 'client', column: 'secret', row })

export const clients = (db: Db, sealer: Sealer, clock: Clock = systemClock): ClientStore => {
  const { toClient, find } = reader(db, sealer)
  return {
    find,

    async findServer(identifier) {
      const row = await db.first(sql<Row>`select ${columns} from client where resource = ${identifier}`)
      return row && toClient(row)
    },

    async list() {
      const rows = await db.rows(sql<Row>`select ${columns} from client order by id`)
      return rows.map(toClient)
    },

    async put(client, by = operator) {
      if (isSame(await find(client.id), client)) return 'same'
      const outcome = await db.transaction((tx) => putClient(tx, { sealer, client, by, at: clock.now() }))
      return outcome === 'unexpected' ? 'same' : outcome
    },

    suspend: (id, { by, at: when, event }) => db.transaction(async (tx) => {
      if (!(await moveClient(tx, { client: id, from: ['live'], to: 'suspended', by, at: when }))) return false
      await insertEvents(tx, [event], when)
      return true
    }),
  }
}

function reader(db: Db, sealer: Sealer) {
  function toClient({ id: row, own, registered, secret, state }: Row): Client {
    const id = clientId.parse(row)
    return {
      id,
      own,
      registered: secret === null ? registered : { ...registered, client_secret: sealer.open(secret, at(id)) },
      ...(state !== 'live' && { state }),
    }
  }
  async function find(id: ClientId): Promise<Client | undefined> {
    const row = await db.first(sql<Row>`select ${columns} from client where id = ${id}`)
    return row && toClient(row)
  }
  return { toClient, find }
}

/** Whether it is live is another matter, and no reason to write it again. */
function isSame(before: Client | undefined, after: Client): boolean {
  const { state: _state, ...stored } = before ?? {}
  return before !== undefined && isDeepStrictEqual(JSON.parse(JSON.stringify(stored)), JSON.parse(JSON.stringify(after)))
}

type Put = { sealer: Sealer; client: Client; by: Actor; at: Date; /** Whether what stands there is what was expected. */ expected?: (before: Client | undefined) => boolean }

/**
 * `ClientStore.put` within the transaction that `tx` is, for what changes a client together with something else. `unexpected`, and no
 * change, where something else stands there than was expected.
 */
export async function putClient(tx: Db, { sealer, client, by, at: when, expected = () => true }: Put): Promise<'inserted' | 'changed' | 'same' | 'unexpected'> {
  await waitForTurn(tx)
  const before = await reader(tx, sealer).find(client.id)
  if (!expected(before)) return 'unexpected'
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

type Move = { client: ClientId; from: readonly ClientState[]; to: ClientState; by: Actor; at: Date }

const said = { live: 'resumed', suspended: 'suspended', ended: 'ended' } as const

/** Moves a client from one state to another within the transaction that `tx` is; `false` where it was in none of those to start from. */
export async function moveClient(tx: Db, { client, from, to, by, at: when }: Move): Promise<boolean> {
  await waitForTurn(tx)
  const found = await tx.first(sql`select id from client where id = ${client} and state in (${sql.join(from)})`)
  if (found === undefined) return false
  await appendTo(tx, clientMove({ client, to: said[to], by, at: when }))
  await tx.change(sql`update client set state = ${to}, changed_at = now() where id = ${client}`)
  return true
}
