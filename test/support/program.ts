import { randomUUID } from 'node:crypto'
import * as client from 'openid-client'
import { z } from 'zod'
import type { TestClient } from './test-clients.ts'

const answer = z.looseObject({ items: z.array(z.looseObject({ client_id: z.string().optional(), id: z.string().optional() })).default([]), next_cursor: z.string().optional(), id: z.string().optional(), state: z.string().optional(), digest: z.string().optional(), type: z.string().optional(), detail: z.string().optional(), reference: z.string().optional(), errors: z.array(z.unknown()).optional() })

/** A program with a key of its own, and a token for the API. */
export type Program = { call: (method: string, path: string, more?: { body?: unknown; key?: string | undefined; headers?: Record<string, string> }) => Promise<{ status: number; headers: Headers; body: z.output<typeof answer> }>; token: string }

/** Gets a token of these scopes for the API of administrators, by its own key and DPoP. */
export async function makeProgram(issuer: string, of: TestClient, scope: string): Promise<Program> {
  const { clientId, proof } = of.party(issuer)
  if (proof.method !== 'private_key_jwt') throw new Error(proof.method)
  const key = { key: await crypto.subtle.importKey('jwk', proof.jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']), kid: 'one' }
  const issuerAsAudience = { [client.modifyAssertion]: (_header: unknown, payload: Record<string, unknown>) => void (payload['aud'] = issuer) }
  const config = await client.discovery(new URL(issuer), clientId, {}, client.PrivateKeyJwt(key, issuerAsAudience), { execute: [client.allowInsecureRequests] })
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair())
  const { access_token: token } = await client.clientCredentialsGrant(config, { scope, resource: `${issuer}/api/v1` }, { DPoP })
  return {
    token,
    async call(method, path, { body, key: named = randomUUID(), headers = {} } = {}) {
      const sent = body === undefined ? undefined : JSON.stringify(body)
      const all = new Headers({ ...(method === 'POST' && { 'Idempotency-Key': named, 'Content-Type': 'application/json' }), ...headers })
      const response = await client.fetchProtectedResource(config, token, new URL(`${issuer}/api/v1${path}`), method, sent, all, { DPoP })
        .catch((error: unknown) => {
          if (error instanceof client.WWWAuthenticateChallengeError) return error.response
          throw error
        })
      return { status: response.status, headers: response.headers, body: answer.parse(response.bodyUsed ? {} : await response.json()) }
    },
  }
}
