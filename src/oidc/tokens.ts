import { errors, type Configuration, type KoaContextWithOIDC } from 'oidc-provider'
import type { KnownClients } from './client/known.ts'

type Features = NonNullable<Configuration['features']>

/**
 * Who may ask about a token: the client it was issued to, and the API it is for (RFC 7662 §4). Everybody else hears `active: false`, and
 * so does a client that cannot prove who it is.
 */
type Find = NonNullable<Configuration['findAccount']>

export function introspection({ clients, findAccount }: { clients: Pick<KnownClients, 'find'>; findAccount: Find }) {
  return {
    enabled: true,
    allowedPolicy: async (ctx, client, token) => {
      if (client.clientAuthMethod === 'none') return false
      // Of somebody who is locked, dead or signed out since, no token is active, whether or not its grant is gone yet (W12).
      if ('accountId' in token && token.accountId !== undefined && (await findAccount(ctx, token.accountId, token)) === undefined) return false
      if (token.clientId === client.clientId) return true
      if (!(await isServed(ctx, token.clientId))) return false
      const own = (await clients.find(client.clientId))?.own.resource_server
      return own !== undefined && 'aud' in token && token.aud === own.identifier
    },
  } as const satisfies Features['introspection']
}

/** What was given to a client that is there no more, or may not go on, is not active (RFC 7662 §2.2). */
async function isServed({ oidc: { provider } }: KoaContextWithOIDC, client: string | undefined): Promise<boolean> {
  try {
    return client !== undefined && (await provider.Client.find(client)) !== undefined
  } catch (error) {
    if (error instanceof errors.InvalidClient) return false
    throw error
  }
}

/** A token is revoked by the client it was issued to, and with it everything of its grant (RFC 7009 §2.1). */
export const revocation = {
  enabled: true,
  allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
} as const satisfies Features['revocation']

/** Public clients cannot keep a key, so each use replaces the token; all others are bound to theirs (RFC 9700 §4.14.2, FAPI 2.0 §5.3.2.1). */
export function rotatesRefreshToken({ oidc }: KoaContextWithOIDC): boolean {
  return oidc.client?.clientAuthMethod === 'none'
}

type Source = { acr?: string | undefined; amr?: readonly string[] | undefined; authTime?: number | undefined }

/** What a token request rests on: the sign-in behind its code, refresh token, device or back-channel request. */
export function sourceOf({ oidc: { entities } }: KoaContextWithOIDC): Source | undefined {
  const { AuthorizationCode, RefreshToken, DeviceCode, BackchannelAuthenticationRequest } = entities
  return AuthorizationCode ?? RefreshToken ?? DeviceCode ?? BackchannelAuthenticationRequest
}

/** APIs hear how and when the person signed in, to ask for more where that is not enough (RFC 9068 §2.2.1, RFC 9470 §6). */
export function extraTokenClaims(ctx: KoaContextWithOIDC): Record<string, unknown> | undefined {
  const source = sourceOf(ctx)
  if (source?.acr === undefined) return undefined
  return { acr: source.acr, auth_time: source.authTime, ...(source.amr && { amr: source.amr }) }
}
