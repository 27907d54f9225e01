import { clientId, type ClientId } from '#kernel/id.ts'
import type { Client } from '#domain/client/client.ts'
import type { ClientStore } from '#domain/client/store.ts'
import type { PublicKey } from './public-key.ts'

/**
 * A developer's client has a twin, by which the portal itself signs in at the sandbox: the same registration, but for our own redirect
 * URI and a key of ours. Nobody registers a name that ends so.
 */
const ending = '.thu'

export function trialOf(client: ClientId): ClientId {
  return clientId.parse(`${client}${ending}`)
}

/** The client that is meant: itself, or that of which it is the twin. */
export function meantBy(id: string): ClientId | undefined {
  return clientId.safeParse(id.endsWith(ending) ? id.slice(0, -ending.length) : id).data
}

export const isTrial = (id: string): boolean => id.endsWith(ending)

type Own = { redirectUri: string; key: PublicKey }

/** The twin: what the portal signs in as in place of the client's own program. */
export function twinOf({ registered, ...client }: Client, { redirectUri, key }: Own): Client {
  const { client_secret: _secret, jwks_uri: _keys, ...rest } = registered
  const id = trialOf(client.id)
  return {
    ...client,
    id,
    registered: { ...rest, client_id: id, redirect_uris: [redirectUri], post_logout_redirect_uris: [], token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key] } },
  }
}

/** Clients, and of each its twin, which is written nowhere. */
export function withTwins<Store extends Pick<ClientStore, 'find'>>(clients: Store, own: Own): Store {
  return {
    ...clients,
    async find(id) {
      const meant = isTrial(id) ? meantBy(id) : undefined
      if (meant === undefined) return clients.find(id)
      const client = await clients.find(meant)
      return client && twinOf(client, own)
    },
  }
}
