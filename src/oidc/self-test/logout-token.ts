import { randomUUID } from 'node:crypto'
import type { JWTPayload } from 'jose'
import type { HostileJwk } from '#domain/sandbox/fault.ts'
import type { LogoutLie } from '#domain/self-test/self-test.ts'
import { signedWith, unsigned } from '#oidc/hostile/id-token.ts'

type Told = { issuer: string; client: string; /** The person, as this client knows them. */ subject: string; now: number }

const seconds = 120

/** Back-Channel Logout 1.0 §2.4; the one member that makes a security event (RFC 8417 §2.2) a logout. */
const loggedOut = { 'http://schemas.openid.net/event/backchannel-logout': {} }
/** An event of another kind (OpenID CAEP 1.0 §3.1). */
const somethingElse = { 'https://schemas.openid.net/secevent/caep/event-type/credential-change': {} }

/** One lie each, and everything else as it should be. Who signs is not for the claims to say. */
const lies: Readonly<Record<LogoutLie, JWTPayload>> = {
  'foreign-key': {},
  unsigned: {},
  aud: { aud: 'another-client' },
  event: { events: somethingElse },
  nonce: { nonce: 'a-nonce-of-some-sign-in' },
}

/** A key of ours names itself; a foreign one poses as `kid`. */
export async function logoutToken({ key, kid }: { key: HostileJwk; kid: string | undefined }, { issuer, client, subject, now }: Told, lie?: LogoutLie): Promise<string> {
  const claims = { iss: issuer, aud: client, sub: subject, iat: now, exp: now + seconds, jti: randomUUID(), events: loggedOut, ...(lie && lies[lie]) }
  const typ = 'logout+jwt'
  return lie === 'unsigned' ? unsigned({ alg: 'none', typ }, claims) : signedWith(key, { alg: key['alg'] ?? 'ES256', kid, typ }, claims)
}
