import { clocksApart } from '#kernel/clock.ts'
import { profileRules, type Profile } from '#domain/client/profile.ts'

/**
 * Why a client's assertion is refused although its signature is good, or `undefined`. RFC 10070 §4: the audience is our issuer,
 * as one string, so that an assertion made for another server is never taken here (CVE-2025-27370). And it is fresh: made no
 * more than ten seconds ahead of our clock, and dead within five minutes, for as long is its use remembered (P08).
 */
export function assertionFault(
  { claims, header }: { claims: Readonly<Record<string, unknown>>; header: Readonly<Record<string, unknown>> },
  { issuer, now, profile }: { issuer: string; now: number; profile: Profile },
): string | undefined {
  const { aud, iat, exp } = claims
  // RFC 7515 §4.1.11: we understand no extension. The library takes `b64`, which no JWT may use (RFC 7797 §7).
  if (header['crit'] !== undefined) return 'critical header parameters (crit) are not understood'
  if (!isAssertion(header['typ'])) return 'made for something else (typ)'
  const rule = profileRules[profile]
  if (!rule.clientSignatures.some((alg) => alg === header['alg'])) return `signed with an algorithm (alg) that is not for a ${profile} client`
  if (aud !== issuer) return 'audience (aud) must be the issuer, as one string'
  if (iat !== undefined && (typeof iat !== 'number' || iat > now + clocksApart)) return 'issued in the future (iat)'
  if (typeof exp !== 'number' || exp > now + assertionSeconds + clocksApart) return 'valid for longer than five minutes (exp)'
  return undefined
}

/** A client's request object or proof is signed by the same key, and passes other eyes (RFC 8725 §3.11, RFC 10070). */
const kinds: ReadonlySet<string> = new Set(['jwt', 'client-authentication+jwt'])

function isAssertion(typ: unknown): boolean {
  return typ === undefined || (typeof typ === 'string' && kinds.has(typ.toLowerCase().replace(/^application\//, '')))
}

/** How long a client's assertion is good at most. */
export const assertionSeconds = 300
