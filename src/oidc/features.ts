import { errors, type Client, type Configuration, type KoaContextWithOIDC } from 'oidc-provider'
import type { Clock } from '#kernel/clock.ts'
import { ciba, unusedCiba, type CibaTools } from './approval/ciba.ts'
import { isFapi, profileOf } from './client/metadata.ts'
import type { KnownClients } from './client/known.ts'
import { certificateFeature, type MutualTls } from './client/mtls.ts'
import { deviceFlow, type DevicePages } from './device.ts'
import { dPoP } from './dpop.ts'
import { richAuthorizationRequests } from './request/details.ts'
import { nameFault } from './acting.ts'
import { claimsFault } from './request/claims.ts'
import { refuseOtherTokens } from './request/hinted.ts'
import { requestObjectFault } from './request/object.ts'
import { resourceIndicators } from './request/resources.ts'
import { introspection, revocation } from './tokens.ts'

type Features = NonNullable<Configuration['features']>

/** Pages that the library asks for; drawn by `web`. `form` is the library's own hidden form. */
export type ProviderPages = {
  error: (ctx: KoaContextWithOIDC, out: { error: string; error_description?: string | undefined }, error: Error) => Promise<void>
  signOut: (ctx: KoaContextWithOIDC, form: string) => Promise<void>
  signedOut: (ctx: KoaContextWithOIDC) => Promise<void>
  device: DevicePages
}

export type FeatureTools = Parameters<typeof certificateFeature>[1] & CibaTools & {
  pages: ProviderPages
  clients: KnownClients
  clock: Clock
  mutualTls: MutualTls | undefined
  findAccount: Parameters<typeof introspection>[0]['findAccount']
  /** 32 bytes, the same on all nodes. */
  dpopNonceSecret: Buffer
}

/** What adds members to client metadata; a registration is checked with these too. */
export const registrableFeatures = {
  devInteractions: { enabled: false },
  pushedAuthorizationRequests: { enabled: true },
  // FAPI 2.0 Message Signing §5.3, §5.4: requests and responses that can be kept as evidence.
  requestObjects: { enabled: true },
  jwtResponseModes: { enabled: true },
  encryption: { enabled: true },
  jwtUserinfo: { enabled: true },
  introspection: { enabled: true },
  jwtIntrospection: { enabled: true },
  revocation,
  clientCredentials: { enabled: true },
  rpInitiatedLogout: { enabled: true },
  ciba: unusedCiba,
  deviceFlow: { enabled: true },
  // Its tokens are sent by the job queue, not in the citizen's request (`client/held-back.ts`).
  backchannelLogout: { enabled: true },
  dPoP: { enabled: true },
  richAuthorizationRequests: richAuthorizationRequests({ resourcesOf: async () => [] }),
} as const

/**
 * What the provider can do. Who may use what is the client's registration (`domain/client/profile.ts`): everything here is there
 * for the server and allowed client by client.
 */
export function featuresOf(tools: FeatureTools) {
  const { pages, clients, clock, dpopNonceSecret } = tools
  return {
    ...registrableFeatures,
    requestObjects: { enabled: true, assertJwtClaimsAndHeader: (ctx, claims, header, client) => refuseObject(ctx, { claims, header }, client) },
    fapi: { enabled: true, profile: (_ctx, client) => (isFapi(client) ? '2.0' : undefined) },
    claimsParameter: { enabled: true, assertClaimsParameter: (ctx, claims) => refuseIll(claimsFault(claims) ?? nameFault(ctx.oidc.params ?? {})) },
    resourceIndicators: resourceIndicators({ clients }),
    richAuthorizationRequests: richAuthorizationRequests({ resourcesOf: async (client) => (await clients.find(client))?.own.resources ?? [] }),
    introspection: introspection({ clients, findAccount: tools.findAccount }),
    dPoP: dPoP({ nonceSecret: dpopNonceSecret, clock }),
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: async (ctx, form) => {
        refuseOtherTokens(ctx)
        await pages.signOut(ctx, form)
      },
      postLogoutSuccessSource: (ctx) => pages.signedOut(ctx),
    },
    mTLS: certificateFeature(tools.mutualTls, tools),
    ciba: ciba(tools),
    deviceFlow: deviceFlow(pages.device),
  } satisfies Features
}

function refuseObject({ oidc }: KoaContextWithOIDC, jwt: Parameters<typeof requestObjectFault>[0], client: Client): void {
  const way = { profile: profileOf(client), backchannel: oidc.route === 'backchannel_authentication', stored: oidc.entities.PushedAuthorizationRequest !== undefined }
  const fault = requestObjectFault(jwt, way)
  if (fault !== undefined) throw new errors.InvalidRequestObject(fault)
}

function refuseIll(fault: string | undefined): void {
  if (fault !== undefined) throw new errors.InvalidRequest(fault)
}
