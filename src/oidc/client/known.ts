import { errors, type AdapterPayload } from 'oidc-provider'
import { clientId } from '#kernel/id.ts'
import { dayInVietnam, type Clock } from '#kernel/clock.ts'
import type { Client } from '#domain/client/client.ts'
import { hasEnded, needsSecret } from '#domain/client/profile.ts'
import type { ClientStore } from '#domain/client/store.ts'
import { toMetadata } from './metadata.ts'

/**
 * Clients as this process knows them. Kept for at most five seconds, so that a client that was suspended is gone everywhere
 * within that time (A05), and so that a request does not read its client six times.
 */
export type KnownClients = {
  find: (id: string) => Promise<Client | undefined>
  /** The client that is this resource server (RFC 8707 §2). */
  findServer: (identifier: string) => Promise<Client | undefined>
  /**
   * For the library. A suspended client is refused, and a registration that has ended with the day, so that the service knows what to renew; and one without its secret.
   */
  metadata: (id: string) => Promise<AdapterPayload | undefined>
}

const keptMilliseconds = 5000
const keptAtMost = 2000

type Tools = {
  clients: Pick<ClientStore, 'find' | 'findServer'>
  clock: Clock
  /** Registered with nobody: parts of this server. */
  builtIn: readonly Client[]
  /** This server sees certificates of clients (RFC 8705). */
  certificates: boolean
}

export function knownClients({ clients, clock, builtIn, certificates }: Tools): KnownClients {
  const remembered = remember(clock)
  const find = async (id: string) => {
    const own = builtIn.find((one) => one.id === id)
    if (own !== undefined) return own
    const parsed = clientId.safeParse(id)
    return parsed.success ? remembered(`id ${id}`, () => clients.find(parsed.data)) : undefined
  }

  return {
    find,
    async findServer(identifier) {
      const own = builtIn.find((one) => one.own.resource_server?.identifier === identifier)
      return own ?? remembered(`server ${identifier}`, () => clients.findServer(identifier))
    },
    async metadata(id) {
      const client = await find(id)
      const endsOn = client?.own.ends_on
      if (client?.state !== undefined) throw new errors.InvalidClient(`this client ${client.state === 'ended' ? 'has ended' : 'is suspended'}`)
      if (hasEnded(endsOn, dayInVietnam(clock.now()))) throw new errors.InvalidClient(`the registration of this client ended on ${endsOn}`)
      if (client && lacksSecret(client)) throw new errors.InvalidClient('no secret has been issued to this client yet')
      return client && toMetadata(client, certificates)
    },
  }
}

/** Registered to prove itself by a secret, and waiting for it: nobody can be this client. */
function lacksSecret({ own, registered }: Client): boolean {
  return registered.client_secret === undefined && needsSecret(own.profile, registered)
}

type Found = Promise<Client | undefined>

function remember(clock: Clock): (name: string, read: () => Found) => Found {
  const kept = new Map<string, { until: number; client: Found }>()
  return (name, read) => {
    const now = clock.now().getTime()
    const known = kept.get(name)
    if (known && known.until > now) return known.client
    const entry = { until: now + keptMilliseconds, client: read() }
    kept.delete(name)
    const [oldest] = kept.keys()
    if (kept.size >= keptAtMost && oldest !== undefined) kept.delete(oldest)
    kept.set(name, entry)
    // Neither a failure nor "nobody" is kept: names that strangers make up must not take the place of clients.
    const forget = () => void (kept.get(name) === entry && kept.delete(name))
    entry.client.then((client) => client ?? forget(), forget)
    return entry.client
  }
}
