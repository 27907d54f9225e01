import { profileRules, type Profile } from '#domain/client/profile.ts'

type Jwt = { claims: Readonly<Record<string, unknown>>; header: Readonly<Record<string, unknown>> }
type Way = { profile: Profile; /** At the backchannel authentication endpoint. */ backchannel: boolean; /** Pushed before, and judged then; what was pushed in plain parameters the library keeps unsigned. */ stored: boolean }

/** A request object is in force for an hour at most (FAPI 2.0 Message Signing §5.3.1, FAPI-CIBA §5.2.2). */
const longest = 3600

/**
 * Why a request object is refused although its signature is good, or `undefined`. A client signs with what its profile allows, also
 * where its registration names no algorithm and its key has none; the rest is what the library asks by itself (CIBA Core §7.1.1).
 */
export function requestObjectFault({ claims, header }: Jwt, { profile, backchannel, stored }: Way): string | undefined {
  const rule = profileRules[profile]
  if (!stored && !rule.clientSignatures.some((alg) => alg === header['alg'])) return `signed with an algorithm (alg) that is not for a ${profile} client`
  const required = [...(rule.fapi ? ['exp', 'aud', 'nbf'] : []), ...(backchannel ? ['exp', 'iat', 'nbf', 'jti'] : [])]
  const missing = required.find((claim) => claims[claim] === undefined)
  if (missing !== undefined) return `Request Object is missing the '${missing}' claim`
  const inForce = Number(claims['exp']) - Number(claims['nbf'])
  if (rule.fapi && !(inForce > 0 && inForce <= longest)) return "Request Object 'exp' claim too far from 'nbf' claim"
  return undefined
}
