import { errors, type Configuration, type ResourceServer as ProviderServer } from 'oidc-provider'
import { accessItems, type AskedServer } from '#domain/consent/access.ts'
import type { Item } from '#domain/consent/decision.ts'
import type { ResourceServer } from '#domain/client/resource-server.ts'
import type { KnownClients } from '#oidc/client/known.ts'
import { scopesOf, type Params } from './claims.ts'

type Tools = { clients: Pick<KnownClients, 'find' | 'findServer'> }
type Feature = NonNullable<NonNullable<Configuration['features']>['resourceIndicators']>

/** Resource indicators (RFC 8707): a client has tokens for the APIs that its registration names, one API a token. */
export function resourceIndicators({ clients }: Tools): Feature {
  return {
    enabled: true,
    // Who asks for authorization in detail asks it of an API; with only one there is nothing to choose (RFC 9396 §3).
    defaultResource: async (ctx, client, oneOf) => {
      if (oneOf !== undefined || ctx.oidc.params?.['authorization_details'] === undefined) return []
      const own = (await clients.find(client.clientId))?.own.resources ?? []
      return own.length === 1 ? [...own] : []
    },
    getResourceServerInfo: async (_ctx, identifier, client) => {
      const asking = await clients.find(client.clientId)
      // What a client may not name is not looked up: the name is a stranger's.
      const found = asking?.own.resources.includes(identifier) === true ? await clients.findServer(identifier) : undefined
      const server = found?.own.resource_server
      if (server === undefined) {
        throw new errors.InvalidTarget('this client is not registered for this resource')
      }
      return toProvider(server)
    },
  }
}

function toProvider(server: ResourceServer): ProviderServer {
  return {
    scope: server.scopes.map(({ name }) => name).join(' '),
    audience: server.identifier,
    accessTokenTTL: server.access_token_seconds,
    accessTokenFormat: server.access_token,
    ...(server.access_token === 'jwt' && { jwt: { sign: { alg: server.access_token_signing_alg } } }),
  }
}

/** The APIs that a checked request names; each belongs to a client, for it was found when it was checked. */
export async function askedServers({ clients }: Tools, params: Params): Promise<readonly AskedServer[]> {
  const identifiers = [params['resource'] ?? []].flat().filter((one) => typeof one === 'string')
  const found = await Promise.all(identifiers.map((identifier) => clients.findServer(identifier)))
  return found.flatMap((client) => {
    const server = client?.own.resource_server
    return client === undefined || server === undefined ? [] : [{ server, legalName: client.own.legal_name }]
  })
}

/** What a request asks to be let do, as people will read it. */
export async function accessOf(tools: Tools, params: Params): Promise<readonly Item[]> {
  return accessItems(await askedServers(tools, params), new Set(scopesOf(params)))
}
