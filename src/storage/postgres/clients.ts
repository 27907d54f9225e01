import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import { systemClock, type Clock } from '#kernel/clock.ts'
import { clientId, type ClientId } from '#kernel/id.ts'
import type { Client, ClientState } from '#domain/client/client.ts'
import { needsSecret } from '#domain/client/profile.ts'
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

    async put(client, { by = operator, event } = {}) {
      if (isSame(await find(client.id), client)) return 'same'
      return db.transaction(async (tx) => {
        const [before, when] = [await clientToWrite(tx, sealer, client.id), clock.now()]
        const outcome = await writeClient(tx, { sealer, before, after: client, by, at: when })
        if (outcome !== 'same' && event !== undefined) await insertEvents(tx, [event], when)
        return outcome
      })
    },

    issueSecret: (id, { secret, by, at: when, event }) => db.transaction(async (tx) => {
      const before = await clientToWrite(tx, sealer, id)
      if (before === undefined || before.state === 'ended' || !needsSecret(before.own.profile, before.registered)) return false
      await writeClient(tx, { sealer, before, after: withSecret(before, secret), by, at: when })
      await insertEvents(tx, [event], when)
      return true
    }),

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
  const plain = ({ state: _state, ...stored }: Client): unknown => JSON.parse(JSON.stringify(stored))
  return before !== undefined && isDeepStrictEqual(plain(before), plain(after))
}

/** The client as it stands, read when it is this transaction's turn to write one. */
export async function clientToWrite(tx: Db, sealer: Sealer, id: ClientId): Promise<Client | undefined> {
  await waitForTurn(tx)
  return reader(tx, sealer).find(id)
}

type Write = { sealer: Sealer; /** Of `clientToWrite`. */ before: Client | undefined; after: Client; by: Actor; at: Date }

/** Writes a client within the transaction that `tx` is; `same`, and nothing written, where nothing differs. */
export async function writeClient(tx: Db, { sealer, before, after, by, at: when }: Write): Promise<'inserted' | 'changed' | 'same'> {
  if (isSame(before, after)) return 'same'
  await appendTo(tx, clientChange({ before, after, by, at: when }))
  const { client_secret: secret, ...registered } = after.registered
  const sealed = secret === undefined ? null : sealer.seal(secret, at(after.id))
  await tx.change(sql`
    insert into client (id, own, registered, secret, resource)
    values (${after.id}, ${JSON.stringify(after.own)}::jsonb, ${JSON.stringify(registered)}::jsonb, ${sealed},
      ${after.own.resource_server?.identifier ?? null})
    on conflict (id) do update set own = excluded.own, registered = excluded.registered, secret = excluded.secret,
      resource = excluded.resource, changed_at = now()`)
  return before ? 'changed' : 'inserted'
}

/** The same client with another secret, or with none. */
export function withSecret(client: Client, secret: string | undefined): Client {
  const { client_secret: _before, ...registered } = client.registered
  return { ...client, registered: { ...registered, ...(secret !== undefined && { client_secret: secret }) } }
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
