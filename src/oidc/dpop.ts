import { errors, type Configuration } from 'oidc-provider'
import { clocksApart, epochSeconds, type Clock } from '#kernel/clock.ts'
import { issuedAt } from './issued-at.ts'

type Feature = NonNullable<NonNullable<Configuration['features']>['dPoP']>

/** Seconds that a proof's `iat` may be behind our clock (P09; FAPI 2.0 §5.3.2.1). */
const behind = 60

/**
 * Proof of possession (RFC 9449). At the token endpoint a proof carries our nonce, so that none can be made in advance (§11.2). The
 * library stops looking at `iat` once a nonce is valid; here a proof is fresh as well.
 */
export function dPoP({ nonceSecret, clock }: { nonceSecret: Buffer; clock: Clock }): Feature {
  return {
    enabled: true,
    nonceSecret,
    requireNonce: (ctx) => {
      const made = issuedAt(ctx.get('DPoP'))
      const now = epochSeconds(clock.now())
      if (made !== undefined && (made < now - behind || made > now + clocksApart)) {
        throw new errors.InvalidDpopProof('DPoP proof iat is not recent enough')
      }
      return ctx.oidc.route === 'token'
    },
  }
}
