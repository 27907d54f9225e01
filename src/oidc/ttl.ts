import { z } from 'zod'
import type { Configuration } from 'oidc-provider'
import { epochSeconds, type Clock } from '#kernel/clock.ts'

const seconds = z.int().positive()

/** `config/ttl.json`: how long things live, in seconds (S01, P06, P11). */
export const ttlSchema = z.strictObject({
  accessToken: seconds,
  clientCredentials: seconds,
  authorizationCode: seconds.max(60),
  idToken: seconds.max(300),
  interaction: seconds,
  approval: seconds.max(600),
  deviceCode: seconds.max(1800),
  grant: seconds,
  /** After the consent, however often it is used or replaced (P10). */
  refreshToken: seconds.max(7_776_000),
  sessionIdle: seconds,
  sessionAbsolute: seconds,
})
export type Ttl = z.infer<typeof ttlSchema>

/** How long something that we signed may be shown to us or a service: tokens, and ID tokens as hints for as long as a session may live. */
export function longestSigned({ accessToken, clientCredentials, idToken, sessionAbsolute }: Ttl): number {
  return Math.max(accessToken, clientCredentials, idToken, sessionAbsolute)
}

export function lifetimes(ttl: Ttl, clock: Clock): NonNullable<Configuration['ttl']> {
  return {
    AccessToken: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? ttl.accessToken,
    ClientCredentials: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? ttl.clientCredentials,
    AuthorizationCode: ttl.authorizationCode,
    IdToken: ttl.idToken,
    Interaction: ttl.interaction,
    // CIBA Core §7.1 `requested_expiry`: a service may want it shorter.
    BackchannelAuthenticationRequest: (ctx) => Math.min(ttl.approval, Number(ctx.oidc.params?.['requested_expiry'] ?? ttl.approval)),
    DeviceCode: ttl.deviceCode,
    Grant: (_ctx, grant) => (grant.getOIDCScope().split(' ').includes('offline_access') ? ttl.refreshToken : ttl.grant),
    RefreshToken: (_ctx, token) => Math.max(1, (token.iiat ?? epochSeconds(clock.now())) + ttl.refreshToken - epochSeconds(clock.now())),
    Session: (_ctx, session) => sessionSeconds(ttl, session.loginTs, epochSeconds(clock.now())),
  }
}

/** Each use prolongs a session by the idle time, but never past the absolute end after the sign-in (NIST 800-63B-4 §2.2.3). */
export function sessionSeconds(ttl: Ttl, signedInAt: number | undefined, now: number): number {
  const end = signedInAt === undefined ? ttl.sessionIdle : signedInAt + ttl.sessionAbsolute - now
  return Math.max(1, Math.min(ttl.sessionIdle, end))
}
