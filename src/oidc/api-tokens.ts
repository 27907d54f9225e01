import { createHash } from 'node:crypto'
import { decodeJwt } from 'jose'
import { allowInsecureRequests, customFetch, validateJwtAccessToken, type AuthorizationServer, type JWTAccessTokenClaims } from 'oauth4webapi'
import { clientId, type ClientId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'

/** What was sent to the API of administrators. `url` is the address as programs know it. */
export type ApiCall = { method: string; url: string; authorization: string | undefined; proof: string | undefined }

export type ApiTokens = {
  /** Which client calls, with which scopes, and the name of its proof. Throws `api.unauthorized`. */
  read: (call: ApiCall) => Promise<{ client: ClientId; scopes: readonly string[]; proof: string }>
  /** Takes note that a proof was used; it counts once (RFC 9449 §11.1). Throws `api.unauthorized`. */
  use: (proof: string) => Promise<void>
}

type Tools = {
  issuer: string
  audience: string
  /** Public keys as they are published. */
  keys: readonly object[]
  /** Writes only if the name is not there; `ttl` in seconds. */
  claim: (name: string, value: string, ttl: number) => Promise<boolean>
}

/** Longer than a proof counts before and after its `iat` (300 s each way). */
const proofSeconds = 660

/**
 * Access tokens of programs that call the API of administrators: RFC 9068, always bound to a key (RFC 9449 §7), issued to a client for
 * itself and never for a person.
 */
export function apiTokens({ issuer, audience, keys, claim }: Tools): ApiTokens {
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
      const name = createHash('sha256').update(`${claims.cnf?.jkt ?? ''} ${decodeJwt(proof ?? '').jti ?? ''}`).digest('base64url')
      return { client: clientId.parse(claims.client_id), scopes: claims.scope?.split(' ') ?? [], proof: name }
    },

    async use(name) {
      if (!(await claim(`api-proof ${name}`, '1', proofSeconds))) throw new Problem('api.unauthorized')
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
