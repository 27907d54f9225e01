import { createHash } from 'node:crypto'
import { decodeJwt } from 'jose'
import { allowInsecureRequests, customFetch, validateJwtAccessToken, type AuthorizationServer, type JWTAccessTokenClaims } from 'oauth4webapi'
import { clocksApart, epochSeconds, type Clock } from '#kernel/clock.ts'
import { clientId, type ClientId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { issuedAt } from './issued-at.ts'

/** What was sent to the API of administrators. `url` is the address as programs know it. */
export type ApiCall = { method: string; url: string; authorization: string | undefined; proof: string | undefined }

/** Under which name the use of a proof is marked, and when its program says that it made it. */
type Proof = { name: string; madeAt: Date }

export type ApiTokens = {
  /** Which client calls, with which scopes, and its proof. Throws `api.unauthorized`. */
  read: (call: ApiCall) => Promise<{ client: ClientId; scopes: readonly string[]; proof: Proof }>
  /** Takes note that a proof was used; it counts once (RFC 9449 §11.1), and not at all where the mark of its use may have been lost. Throws `api.unauthorized`. */
  use: (proof: Proof) => Promise<void>
}

type Tools = {
  issuer: string
  audience: string
  /** Public keys as they are published. */
  keys: readonly object[]
  /** Writes only if the name is not there and no mark of what was made at that time may have been forgotten; `ttl` in seconds. */
  claim: (name: string, value: string, ttl: number, only: { madeAt: Date }) => Promise<boolean>
  clock: Clock
}

/** Longer than a proof counts before and after its `iat` (300 s each way). */
const proofSeconds = 660
/**
 * Access tokens of programs that call the API of administrators: RFC 9068, always bound to a key (RFC 9449 §7), issued to a client for
 * itself and never for a person.
 */
export function apiTokens({ issuer, audience, keys, claim, clock }: Tools): ApiTokens {
  const server: AuthorizationServer = { issuer, jwks_uri: new URL('/jwks', issuer).href }
  // Our own keys are at hand: nothing is fetched.
  const published = async () => Response.json({ keys })
  const checks = { [customFetch]: published, [allowInsecureRequests]: true, requireDPoP: true, signingAlgorithms: ['ES256', 'EdDSA', 'Ed25519', 'PS256'] }

  return {
    async read({ method, url, authorization, proof }) {
      const claims = await checked(() => {
        const headers = { ...(authorization !== undefined && { authorization }), ...(proof !== undefined && { dpop: proof }) }
        return validateJwtAccessToken(server, new Request(url, { method, headers }), audience, checks)
      })
      // A token that a person's sign-in led to speaks for that person (RFC 9068 §2.2), and nobody signs in for this.
      if (claims.sub !== claims.client_id) throw new Problem('api.unauthorized')
      const made = issuedAt(proof ?? '')
      // The library would take five minutes; a proof that is dated into the future would pass for one that was made after a failover, whose mark nobody has lost (P09).
      if (made === undefined || made > epochSeconds(clock.now()) + clocksApart) throw new Problem('api.unauthorized')
      const name = createHash('sha256').update(`${claims.cnf?.jkt ?? ''} ${decodeJwt(proof ?? '').jti ?? ''}`).digest('base64url')
      return { client: clientId.parse(claims.client_id), scopes: claims.scope?.split(' ') ?? [], proof: { name, madeAt: new Date(made * 1000) } }
    },

    async use({ name, madeAt }) {
      if (!(await claim(`api-proof ${name}`, '1', proofSeconds, { madeAt }))) throw new Problem('api.unauthorized')
    },
  }
}

/** Whatever the library finds wrong with a stranger's token is one thing to us. */
async function checked(validate: () => Promise<JWTAccessTokenClaims>): Promise<JWTAccessTokenClaims> {
  try {
    return await validate()
  } catch (cause) {
    throw new Problem('api.unauthorized', { cause })
  }
}
