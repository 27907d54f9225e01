import { randomUUID } from 'node:crypto'
import type { HostileJwk } from '#domain/sandbox/fault.ts'
import { signedWith } from '#oidc/hostile/id-token.ts'

type Told = { issuer: string; client: string; /** The person, as this client knows them. */ subject: string; now: number }

const seconds = 120

/** Back-Channel Logout 1.0 §2.4. A key of ours names itself; a foreign one poses as `kid`. */
export function logoutToken({ key, kid }: { key: HostileJwk; kid: string | undefined }, { issuer, client, subject, now }: Told): Promise<string> {
  return signedWith(key, { alg: key['alg'] ?? 'ES256', kid, typ: 'logout+jwt' }, {
    iss: issuer, aud: client, sub: subject, iat: now, exp: now + seconds, jti: randomUUID(), events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  })
}
