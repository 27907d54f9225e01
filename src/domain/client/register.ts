import type { Client } from './client.ts'
import type { ClientStore } from './store.ts'

type Tools = {
  clients: Pick<ClientStore, 'findServer' | 'list'>
  /** Origins of this system itself. */
  ours: readonly string[]
}

/**
 * Why these clients cannot stand together, or beside those that are registered: an API has one identifier and one owner (RFC 8707 §2), however
 * it is spelt, and what lies below the API of one organisation is not another's. One entry for each client, `undefined` where all is well.
 */
export async function identifierFaults(tools: Tools, all: readonly Client[]): Promise<readonly (string | undefined)[]> {
  const owners = new Map<string, Client['id']>()
  const registered = all.some(({ own }) => own.resource_server !== undefined) ? await tools.clients.list() : []
  return Promise.all(all.map(async (client) => {
    const { id, own: { resource_server: server } } = client
    if (server === undefined) return undefined
    const first = owners.get(server.identifier) ?? id
    owners.set(server.identifier, first)
    const owner = first === id ? (await tools.clients.findServer(server.identifier))?.id ?? id : first
    if (owner !== id) return `resource_server: ${server.identifier} is already the client ${owner}`
    return placeFault(tools, client, [...registered, ...all.slice(0, all.indexOf(client))])
  }))
}

/** An identifier is an address, and an address belongs to somebody. */
function placeFault({ ours }: Pick<Tools, 'ours'>, { id, own: { sector, resource_server: server } }: Client, others: readonly Client[]): string | undefined {
  if (server === undefined) return undefined
  const { identifier } = server
  if (ours.some((origin) => new URL(origin).hostname === new URL(identifier).hostname)) return `resource_server: ${identifier} is an address of this server`
  for (const other of others) {
    const theirs = other.id === id ? undefined : other.own.resource_server?.identifier
    if (theirs === undefined) continue
    if (placeOf(theirs) === placeOf(identifier)) return `resource_server: ${identifier} is already the client ${other.id}`
    const nested = placeOf(theirs).startsWith(placeOf(identifier)) || placeOf(identifier).startsWith(placeOf(theirs))
    if (nested && other.own.sector !== sector) return `resource_server: ${identifier} and ${theirs} of another organisation lie one below the other`
  }
  return undefined
}

/** The same for all spellings of one address, and the beginning of whatever lies below it. */
const placeOf = (identifier: string): string => new URL(identifier).href.replace(/(?<!\/)\/*$/, '/')
