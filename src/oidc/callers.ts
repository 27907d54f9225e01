import type { IncomingMessage } from 'node:http'
import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import { clientId, type ClientId } from '#kernel/id.ts'
import { unwatched } from '#domain/signing-key/fetched.ts'

/**
 * Which service has proved itself in a request and was given what it asked for: one that only says a name is not it. Public clients never
 * are, for they prove nothing.
 */
export function provedIn(provider: Provider): (request: IncomingMessage) => ClientId | undefined {
  const proved = new WeakMap<IncomingMessage, ClientId>()
  const hear = ({ req, oidc: { client } }: KoaContextWithOIDC): void => {
    const id = clientId.safeParse(client?.clientId).data
    if (id !== undefined && unwatched({ method: client?.clientAuthMethod, grants: client?.grantTypes }) === undefined) proved.set(req, id)
  }
  provider.on('grant.success', hear)
  provider.on('pushed_authorization_request.success', hear)
  return (request) => proved.get(request)
}
