import { errors, type Configuration, type KoaContextWithOIDC } from 'oidc-provider'
import { claimsFault } from './request/claims.ts'

type Features = NonNullable<Configuration['features']>

/** Pages that the library asks for; drawn by `web`. `form` is the library's own hidden form. */
export type ProviderPages = {
  error: (ctx: KoaContextWithOIDC, out: { error: string; error_description?: string | undefined }, error: Error) => Promise<void>
  signOut: (ctx: KoaContextWithOIDC, form: string) => Promise<void>
  signedOut: (ctx: KoaContextWithOIDC) => Promise<void>
}

/**
 * What the provider does, one feature a line or two. Who may use which is the client's profile (`domain/client/profile.ts`):
 * everything here is switched on for the server and allowed client by client.
 */
export function featuresOf({ pages }: { pages: ProviderPages }): Features {
  return {
    devInteractions: { enabled: false },
    claimsParameter: { enabled: true, assertClaimsParameter: (_ctx, claims) => refuseIll(claimsFault(claims)) },
    pushedAuthorizationRequests: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => pages.signOut(ctx, form),
      postLogoutSuccessSource: (ctx) => pages.signedOut(ctx),
    },
    dPoP: { enabled: false },
    resourceIndicators: { enabled: false },
  }
}

function refuseIll(fault: string | undefined): void {
  if (fault !== undefined) throw new errors.InvalidRequest(fault)
}
