import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import { systemClock, type Clock } from '#kernel/clock.ts'
import { clientId, proposalId, type ClientId, type ProposalId } from '#kernel/id.ts'
import type { Client, ClientState } from '#domain/client/client.ts'
import { needsSecret } from '#domain/client/profile.ts'
import type { ClientStore } from '#domain/client/store.ts'
import { clientChange, clientMove, operator, secretChange, type Actor } from '#domain/transparency/entry.ts'
import type { Sealer } from '#keys/seal.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'
import { appendTo, waitForTurn } from './transparency-append.ts'

type Row = {
  id: string; own: Client['own']; registered: Client['registered']; secret: Uint8Array | null; state: ClientState; former_secret: Uint8Array | null; former_until: Date | null
}

const columns = sql`id, own, registered, secret, state, former_secret, former_until`
const at = (row: ClientId, column: 'secret' | 'former_secret' = 'secret') => ({ table: 'client', column, row })

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

    issueSecret: (id, { secret, by, at: when, event, approved }) => db.transaction(async (tx) => {
      const before = await clientToWrite(tx, sealer, id)
      if (before === undefined || before.state === 'ended' || !needsSecret(before.own.profile, before.registered)) return false
      const { client_secret: replaced } = before.registered
      if (approved === undefined ? replaced !== undefined : !(await useApproval(tx, { client: id, proposal: approved.proposal, at: when }))) return false
      const former = approved && replaced !== undefined && { former: { secret: replaced, until: approved.formerUntil } }
      await writeClient(tx, { sealer, before, after: { ...withSecret(before, secret), ...former }, by, at: when })
      await insertEvents(tx, [event], when)
      return true
    }),

    async secretsIssued(id) {
      const rows = await db.rows(sql<{ proposal_id: string }>`select proposal_id from client_secret_issue where client_id = ${id}`)
      return rows.map((row) => proposalId.parse(row.proposal_id))
    },

    endFormerSecret: (id, { by, at: when, event }) => db.transaction(async (tx) => {
      const before = await clientToWrite(tx, sealer, id)
      if (before?.former === undefined || before.former.until <= when) return false
      await appendTo(tx, secretChange({ client: before, by, at: when }))
      await tx.change(sql`update client set former_secret = null, former_until = null, changed_at = now() where id = ${id}`)
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

/** An approval is used once; that there is one is a rule of the table. */
async function useApproval(tx: Db, { client, proposal, at: when }: { client: ClientId; proposal: ProposalId; at: Date }): Promise<boolean> {
  return await tx.change(sql`insert into client_secret_issue (proposal_id, client_id, at) values (${proposal}, ${client}, ${when}) on conflict do nothing`) === 1
}

function reader(db: Db, sealer: Sealer) {
  function toClient({ id: row, own, registered, secret, state, former_secret: former, former_until: until }: Row): Client {
    const id = clientId.parse(row)
    return {
      id,
      own,
      registered: secret === null ? registered : { ...registered, client_secret: sealer.open(secret, at(id)) },
      ...(state !== 'live' && { state }),
      ...(former !== null && until !== null && { former: { secret: sealer.open(former, at(id, 'former_secret')), until } }),
    }
  }
  async function find(id: ClientId): Promise<Client | undefined> {
    const row = await db.first(sql<Row>`select ${columns} from client where id = ${id}`)
    return row && toClient(row)
  }
  return { toClient, find }
}

/** Whether it is live, and what it had before, is another matter and no reason to write it again. */
function isSame(before: Client | undefined, after: Client): boolean {
  const plain = ({ state: _state, former: _former, ...stored }: Client): unknown => JSON.parse(JSON.stringify(stored))
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
  // Whatever else changes, the secret before stays good for as long as it was to be; another way to another secret ends it.
  const former = after.former ?? (before?.registered.client_secret === secret ? before?.former : undefined)
  const formerSealed = former === undefined ? null : sealer.seal(former.secret, at(after.id, 'former_secret'))
  await tx.change(sql`
    insert into client (id, own, registered, secret, former_secret, former_until, resource)
    values (${after.id}, ${JSON.stringify(after.own)}::jsonb, ${JSON.stringify(registered)}::jsonb, ${sealed},
      ${formerSealed}, ${former?.until ?? null}, ${after.own.resource_server?.identifier ?? null})
    on conflict (id) do update set own = excluded.own, registered = excluded.registered, secret = excluded.secret,
      former_secret = excluded.former_secret, former_until = excluded.former_until, resource = excluded.resource, changed_at = now()`)
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
