import { z } from 'zod'
import { clientId } from '#kernel/id.ts'
import type { Clock } from '#kernel/clock.ts'
import { Problem } from '#kernel/problem.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import type { Client } from '#domain/client/client.ts'
import { clientDigest, entryOf } from '#domain/client/entry.ts'
import type { ClientStore } from '#domain/client/store.ts'
import { suspendNow } from '#domain/client/suspend.ts'
import { may } from '#domain/officer/permission.ts'
import { endpoint } from './endpoint.ts'
import { listOf, partAsked, partOf } from './page-of.ts'

type Tools = { audit: AuditLog; clock: Clock; clientStore: ClientStore; limits: Limits }

const states = z.enum(['live', 'suspended', 'ended'])
const shown = z.strictObject({
  client_id: z.string(),
  state: states,
  /** What a change of it says it was written against. */
  digest: z.string(),
  /** RFC 7591 metadata with our own members, without the secret. */
  entry: z.record(z.string(), z.json()),
})

const nothing = z.strictObject({})
const named = z.strictObject({ client: clientId })
const reason = z.string().trim().min(1).max(500)

export const listClients = endpoint({
  endpoint: 'GET /clients',
  summary: 'Clients within reach of the caller, by client_id',
  scope: 'clients.read',
  on: 'list',
  path: nothing,
  query: partAsked.extend({ state: states.optional(), sector: z.string().max(63).optional() }),
  body: nothing,
  answer: { name: 'Clients', schema: listOf(shown) },
  async act({ clientStore, clock }: Tools, { roles }, { query }) {
    const now = clock.now()
    const reached = (await clientStore.list()).filter(({ own }) => may(roles, 'client.read', { sector: own.sector }, now))
    const wanted = reached
      .map(toShown)
      .filter(({ state, entry }) => (query.state ?? state) === state && (query.sector === undefined || query.sector === entry['sector']))
      .toSorted((one, other) => (one.client_id < other.client_id ? -1 : 1))
    return partOf(wanted, ({ client_id: name }) => name, query)
  },
})

export const readClient = endpoint({
  endpoint: 'GET /clients/{client}',
  summary: 'One client',
  scope: 'clients.read',
  on: ownerOf,
  path: named,
  query: nothing,
  body: nothing,
  answer: { name: 'Client', schema: shown },
  act: async (tools: Tools, _caller, { path }) => toShown(await existing(tools, path)),
})

/** Done by one person at once, for what does harm is stopped first; its return takes two. */
export const suspendClient = endpoint({
  endpoint: 'POST /clients/{client}/suspend',
  summary: 'Stop a live client at once',
  scope: 'clients.suspend',
  on: ownerOf,
  path: named,
  query: nothing,
  body: z.strictObject({ reason }),
  answer: { name: 'Client', schema: shown },
  async act(tools: Tools, caller, { path, body }) {
    const client = await existing(tools, path)
    if (client.state === 'suspended') return toShown(client)
    await suspendNow(tools, caller, client, body.reason)
    return toShown(await existing(tools, path))
  },
})

/** That a client exists is no secret: the public log names them all. */
async function existing({ clientStore }: Pick<Tools, 'clientStore'>, { client }: z.output<typeof named>): Promise<Client> {
  const found = await clientStore.find(client)
  if (found === undefined) throw new Problem('request.not-found')
  return found
}

async function ownerOf(tools: Tools, path: z.output<typeof named>) {
  return { sector: (await existing(tools, path)).own.sector }
}

function toShown(client: Client) {
  return { client_id: client.id, state: client.state ?? 'live' as const, digest: clientDigest(client), entry: z.record(z.string(), z.json()).parse(entryOf(client)) }
}
