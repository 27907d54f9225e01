import { z } from 'zod'
import { verifiedClaimsRequest, type VerifiedClaimsRequest } from '#domain/consent/verified-claims.ts'
import { claimsOfScopes } from '#domain/consent/decision.ts'
import type { Catalogue, ClaimRequest } from '#domain/consent/catalogue.ts'

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

const deepest = 8

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

/** Why a claims parameter is refused (OIDC4IDA §6: an ill-formed request for verified claims is an error), or `undefined`. */
export function claimsFault(claims: unknown): string | undefined {
  if (!isShallow(claims)) return `claims must not be nested deeper than ${deepest}`
  const parsed = claimsParameter.safeParse(claims)
  if (!parsed.success) return 'claims must hold objects'
  const acr = parsed.data.id_token?.['acr']
  if (acr !== undefined && !acrRequest.safeParse(acr).success) return 'claims.id_token.acr is not a request for an acr'
  for (const target of [parsed.data.userinfo, parsed.data.id_token]) {
    const asked = target?.['verified_claims']
    const checked = asked === undefined ? undefined : verifiedClaimsRequest.safeParse(asked)
    if (checked?.success === false) return `verified_claims: ${checked.error.issues[0]?.message ?? 'not a request'}`
  }
  return undefined
}

/** Claims about the person that a request names, by scope and by the `claims` parameter (OIDC Core §5.4, §5.5). */
export function claimRequest(catalogue: Catalogue, params: Params): ClaimRequest {
  const { userinfo = {}, id_token: idToken = {} } = readClaims(params)
  const asked = new Map(claimsOfScopes(catalogue, scopesOf(params)))
  const named = new Set(catalogue.attributes.flatMap(({ claims }) => claims))
  const add = (claim: string, essential: boolean) => {
    if (named.has(claim)) asked.set(claim, { essential: essential || asked.get(claim)?.essential === true })
  }
  for (const [claim, value] of [...Object.entries(userinfo), ...Object.entries(idToken)]) {
    const verified = claim === 'verified_claims' ? verifiedClaimsRequest.safeParse(value).data : undefined
    for (const [inner, how] of Object.entries(verified?.claims ?? {})) add(inner, how?.essential === true)
    if (claim !== 'verified_claims') add(claim, member.safeParse(value).data?.essential === true)
  }
  return asked
}

export function asksVerifiedClaims(params: Params): boolean {
  const { userinfo, id_token: idToken } = readClaims(params)
  return userinfo?.['verified_claims'] !== undefined || idToken?.['verified_claims'] !== undefined
}

export function readVerifiedClaims(value: unknown): VerifiedClaimsRequest | undefined {
  return verifiedClaimsRequest.safeParse(value).data
}

export function scopesOf(params: Params): readonly string[] {
  const scope = params['scope']
  return typeof scope === 'string' ? scope.split(' ').filter(Boolean) : []
}
