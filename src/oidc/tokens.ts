import { errors, type Configuration, type KoaContextWithOIDC } from 'oidc-provider'
import { accountId } from '#kernel/id.ts'
import { isActingGrant } from '#domain/acting/store.ts'
import { actingBehind, actingClaims } from './acting.ts'
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

type Issue = NonNullable<Configuration['issueRefreshToken']>

/** For who may go on while the person is away, and to nobody who acts for another: each use of theirs is confirmed (Decree 69/2024 Art 14.2). */
export function issuesRefreshToken({ actings }: Pick<Parameters<typeof actingBehind>[0], 'actings'>) {
  return async (...[, client, source]: Parameters<Issue>): Promise<boolean> => {
    if (!client.grantTypeAllowed('refresh_token') || !source.scopes.has('offline_access')) return false
    return source.grantId === undefined || (!isActingGrant(source.grantId) && (await actings.find(source.grantId)) === undefined)
  }
}

type Source = { accountId?: string | undefined; acr?: string | undefined; amr?: readonly string[] | undefined; authTime?: number | undefined }

/** What a token request rests on: the sign-in behind its code, refresh token, device or back-channel request. */
export function sourceOf({ oidc: { entities } }: KoaContextWithOIDC): Source | undefined {
  const { AuthorizationCode, RefreshToken, DeviceCode, BackchannelAuthenticationRequest } = entities
  return AuthorizationCode ?? RefreshToken ?? DeviceCode ?? BackchannelAuthenticationRequest
}

/** APIs hear how and when the person signed in, to ask for more where that is not enough (RFC 9068 §2.2.1, RFC 9470 §6). */
export function extraTokenClaims(tools: Parameters<typeof actingBehind>[0]) {
  return async (ctx: KoaContextWithOIDC): Promise<Record<string, unknown> | undefined> => {
    const source = sourceOf(ctx)
    if (source?.acr === undefined) return undefined
    const account = accountId.safeParse(source.accountId).data
    const acting = account && (await actingBehind(tools, ctx, source, { account, began: source.authTime ?? 0 }))
    if (acting === 'refused') throw new errors.InvalidGrant('nobody acts for this account any more')
    const acted = acting && (await actingClaims(tools, ctx.oidc.client?.clientId ?? '', acting))
    return { acr: source.acr, auth_time: source.authTime, ...(source.amr && { amr: source.amr }), ...acted }
  }
}
