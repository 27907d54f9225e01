import { z } from 'zod'
import { placesFault, placesIn, residentOf } from '#domain/consent/place-question.ts'
import { readVerifiedClaims, verifiedClaimsFault, type VerifiedClaimsRequest } from '#domain/consent/verified-claims-request.ts'
import { claimsOfScopes } from '#domain/consent/decision.ts'
import type { Catalogue, ClaimRequest } from '#domain/consent/catalogue.ts'
import { nameAsked, type NameAsked } from '#domain/organisation/name-asked.ts'

/** The parameters of an authorization request, as text. */
export type Params = Readonly<Record<string, unknown>>

/** A request for one claim (OIDC Core §5.5.1). */
export const member = z.union([z.null(), z.looseObject({
  essential: z.boolean().optional(), value: z.unknown().optional(), values: z.array(z.unknown()).optional(),
})])
const claimsOf = z.record(z.string(), z.unknown())
const claimsParameter = z.object({ userinfo: claimsOf.optional(), id_token: claimsOf.optional() })

export function readClaims(params: Params): z.infer<typeof claimsParameter> {
  const text = params['claims']
  if (typeof text !== 'string') return {}
  return claimsParameter.safeParse(JSON.parse(text)).data ?? {}
}

/** As deep as the metadata of an assurance process lie, in a list of verified claims (OIDC4IDA §5.5, §5.6). */
const deepest = 13

/** Counted without recursion, for the depth is the sender's. */
function isShallow(value: unknown): boolean {
  let level: readonly unknown[] = [value]
  for (let depth = 0; depth <= deepest && level.length > 0; depth += 1) {
    level = level.flatMap((one): readonly unknown[] => (typeof one === 'object' && one !== null ? Object.values(one) : []))
  }
  return level.length === 0
}

/** A request for an acr that cannot be read is refused: dropped, it would let less pass than the client insists on. */
const acrRequest = z.union([z.null(), z.strictObject({
  essential: z.boolean().optional(), value: z.string().optional(), values: z.array(z.string()).min(1).optional(),
})])

/** Likewise of the organisation in whose name people act: dropped, somebody would answer in a name that the client does not take. */
const numberRequest = z.union([z.null(), z.object({
  essential: z.boolean().optional(), value: z.string().optional(), values: z.array(z.string()).min(1).optional(),
})])
const organisationNumber = 'vn_org_id'

/** In whose name the client asks people to act: the number comes in the ID token and at UserInfo, so it is asked for in either place. */
export function nameAskedIn(params: Params): NameAsked {
  const { userinfo, id_token: idToken } = readClaims(params)
  return nameAsked([userinfo, idToken].map((target) => numberRequest.safeParse(target?.[organisationNumber]).data ?? null))
}

/** Why a claims parameter is refused (OIDC4IDA §5.7.6: an ill-formed request is an error), or `undefined`. */
export function claimsFault(claims: unknown): string | undefined {
  if (!isShallow(claims)) return `claims must not be nested deeper than ${deepest}`
  const parsed = claimsParameter.safeParse(claims)
  if (!parsed.success) return 'claims must hold objects'
  const acr = parsed.data.id_token?.['acr']
  if (acr !== undefined && !acrRequest.safeParse(acr).success) return 'claims.id_token.acr is not a request for an acr'
  return [parsed.data.userinfo, parsed.data.id_token].map(targetFault).find((fault) => fault !== undefined)
}

function targetFault(target: z.infer<typeof claimsOf> = {}): string | undefined {
  const { verified_claims: verified, [residentOf]: places, [organisationNumber]: number } = target
  if (number !== undefined && !numberRequest.safeParse(number).success) return `claims.${organisationNumber} is not a request for the number of an organisation`
  return (verified === undefined ? undefined : verifiedClaimsFault(verified)) ?? (places === undefined ? undefined : placesFault(places))
}

/** Claims about the person that a request names, by scope and by the `claims` parameter (OIDC Core §5.4, §5.5). */
export function claimRequest(catalogue: Catalogue, params: Params): ClaimRequest {
  const { userinfo = {}, id_token: idToken = {} } = readClaims(params)
  const asked = new Map(claimsOfScopes(catalogue, scopesOf(params)))
  const named = new Set(catalogue.attributes.flatMap(({ claims }) => claims))
  for (const [claim, how] of [userinfo, idToken].flatMap(singleClaims)) {
    const places = claim === residentOf ? placesIn(how) : []
    if (named.has(claim)) asked.set(claim, joined(asked.get(claim), isEssential(how), places))
  }
  return asked
}

/** The claims of a target, one by one; verified ones are asked under the names of the plain ones. */
function singleClaims(target: z.infer<typeof claimsOf>): readonly (readonly [string, unknown])[] {
  const { verified_claims: verified, ...plain } = target
  return [plain, ...readVerifiedClaims(verified).map(({ claims }) => claims)].flatMap((claims) => Object.entries(claims))
}

const isEssential = (how: unknown): boolean => member.safeParse(how).data?.essential === true

type Asked = NonNullable<ReturnType<ClaimRequest['get']>>

function joined(before: Asked | undefined, essential: boolean, places: readonly string[]): Asked {
  const all = [...new Set([...(before?.places ?? []), ...places])].toSorted()
  return { essential: essential || before?.essential === true, ...(all.length > 0 && { places: all }) }
}

/** Everything that a request asks to be verified, wherever it wants it (OIDC4IDA §5.4). */
export function verifiedRequests(params: Params): readonly VerifiedClaimsRequest[] {
  const { userinfo, id_token: idToken } = readClaims(params)
  return [userinfo, idToken].flatMap((target) => readVerifiedClaims(target?.['verified_claims']))
}

export function scopesOf(params: Params): readonly string[] {
  const scope = params['scope']
  return typeof scope === 'string' ? scope.split(' ').filter(Boolean) : []
}
