import type { Client } from './client.ts'
import type { ClientStore } from './store.ts'

/**
 * Why these clients cannot stand together, or beside those that are registered: an API has one identifier and one owner (RFC 8707 §2).
 * One entry for each client, `undefined` where all is well.
 */
export async function identifierFaults({ clients }: { clients: Pick<ClientStore, 'findServer'> }, all: readonly Client[]): Promise<readonly (string | undefined)[]> {
  const owners = new Map<string, Client['id']>()
  return Promise.all(all.map(async ({ id, own: { resource_server: server } }) => {
    if (server === undefined) return undefined
    const first = owners.get(server.identifier) ?? id
    owners.set(server.identifier, first)
    const owner = first === id ? (await clients.findServer(server.identifier))?.id ?? id : first
    return owner === id ? undefined : `resource_server: ${server.identifier} is already the client ${owner}`
  }))
}
