import type { AdapterPayload } from 'oidc-provider'
import { clientId } from '#kernel/id.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Client } from '#domain/client/client.ts'
import type { ClientStore } from '#domain/client/store.ts'

/**
 * Clients as this process knows them. Kept for at most five seconds, so that a client that was suspended is gone everywhere
 * within that time (A05), and so that a request does not read its client six times.
 */
export type KnownClients = {
  find: (id: string) => Promise<Client | undefined>
  metadata: (id: string) => Promise<AdapterPayload | undefined>
}

const keptMilliseconds = 5000
const keptAtMost = 2000

export function knownClients({ clients, clock }: { clients: Pick<ClientStore, 'find'>; clock: Clock }): KnownClients {
  const kept = new Map<string, { until: number; client: Promise<Client | undefined> }>()

  async function find(id: string): Promise<Client | undefined> {
    const parsed = clientId.safeParse(id)
    if (!parsed.success) return undefined
    const now = clock.now().getTime()
    const known = kept.get(id)
    if (known && known.until > now) return known.client
    const client = clients.find(parsed.data)
    if (kept.size >= keptAtMost) kept.clear()
    kept.set(id, { until: now + keptMilliseconds, client })
    // A failed read is not kept: the next request asks again.
    client.catch(() => kept.delete(id))
    return client
  }

  async function metadata(id: string): Promise<AdapterPayload | undefined> {
    const client = await find(id)
    return client && toMetadata(client)
  }

  return { find, metadata }
}

/**
 * RFC 7591 metadata for the library. What is ours stays with us, but the library wants to hear of a sector before it takes a
 * pairwise client whose redirect URIs are on several hosts (OIDC Core §8.1); subjects are ours and never derived from it.
 */
export function toMetadata(client: Client): AdapterPayload & Client['registered'] {
  return { sector_identifier_uri: `https://${client.own.sector}/`, ...client.registered }
}
