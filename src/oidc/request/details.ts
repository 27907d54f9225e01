import { isDeepStrictEqual } from 'node:util'
import { errors, type AuthorizationDetail, type Configuration, type KoaContextWithOIDC } from 'oidc-provider'
import { dayInVietnam, systemClock } from '#kernel/clock.ts'
import { detailFault, detailTypes, mostDetails, stillStands } from '#domain/consent/details.ts'

type Feature = NonNullable<Configuration['features']>['richAuthorizationRequests']

/** Which APIs a client may have tokens for. */
type Tools = { resourcesOf: (client: string) => Promise<readonly string[]> }

const typeOf = ({ resourcesOf }: Tools) => ({
  validate: async ({ oidc }: KoaContextWithOIDC, asked: AuthorizationDetail, { clientId }: { clientId: string }) => {
    if (detailsIn(oidc.params?.['authorization_details']).length > mostDetails) {
      throw new errors.InvalidAuthorizationDetails(`no more than ${mostDetails} details in one request`)
    }
    const fault = detailFault(asked) ?? locationsFault(asked, await resourcesOf(clientId))
    if (fault !== undefined) throw new errors.InvalidAuthorizationDetails(`${asked.type}: ${fault}`)
  },
})

/** Nobody confirms what would happen at a place that this client has nothing to do with (RFC 9396 §2.2). */
function locationsFault({ locations = [] }: AuthorizationDetail, resources: readonly string[]): string | undefined {
  return [locations].flat().every((place) => resources.includes(String(place))) ? undefined : 'locations: this client is not registered for this resource'
}

/**
 * Rich authorization requests (RFC 9396). A code carries what was confirmed for it and nothing older; a token carries that, or the
 * part of it that the token request names, for the API it is for.
 */
export function richAuthorizationRequests(tools: Tools) {
  return {
    enabled: true,
    types: Object.fromEntries(detailTypes.map((name) => [name, typeOf(tools)])),
    authorizationDetailsForGrantSource: (ctx) => detailsIn(ctx.oidc.params?.['authorization_details']),
    authorizationDetailsForAccessToken: (ctx, token, source) => {
      const confirmed = detailsIn(Reflect.get(Object(source), 'rar'))
      const asked = ctx.oidc.params?.['authorization_details']
      const wanted = asked === undefined ? confirmed : detailsIn(asked)
      const more = wanted.find((one) => !confirmed.some((other) => isDeepStrictEqual(one, other)))
      if (more !== undefined) throw new errors.InvalidAuthorizationDetails('nobody has confirmed this')
      const refreshed = ctx.oidc.params?.['grant_type'] === 'refresh_token'
      return wanted.filter((one) => isFor(one, token.aud) && stillStands(one, { today: today(), refreshed }))
    },
    authorizationDetailsForIntrospection: (_ctx, token) =>
      detailsIn(Reflect.get(token, 'rar')).filter((one) => stillStands(one, { today: today(), refreshed: token.kind === 'RefreshToken' })),
  } as const satisfies Feature
}

const today = () => dayInVietnam(systemClock.now())

function detailsIn(value: unknown): AuthorizationDetail[] {
  const read: unknown = typeof value === 'string' ? JSON.parse(value) : value
  return Array.isArray(read) ? read.filter(isDetail) : []
}

function isDetail(value: unknown): value is AuthorizationDetail {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** RFC 9396 §2.2: `locations` says for which API a detail is. */
function isFor({ locations }: AuthorizationDetail, audience: unknown): boolean {
  return !Array.isArray(locations) || [audience].flat().some((one) => locations.includes(one))
}
