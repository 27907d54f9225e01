import { generateKeyPairSync } from 'node:crypto'
import type { Party, Proof } from './relying-party.ts'

/** A client to register, and how to be it. Redirects go to an address that nobody listens at: visits end there. */
export type TestClient = { metadata: Record<string, unknown>; party: (issuer: string) => Party }

const redirectUri = (name: string) => `http://localhost:1/${name}/callback`

/** Visits end where the services would begin. */
export const leaveAt = (url: URL) => url.port === '1'

type Wish = { name: string; profile?: 'baseline' | 'fapi2' | 'fapi2-ms'; sector?: string; metadata?: Record<string, unknown>; proof?: 'private_key_jwt' | 'client_secret_basic' | 'client_secret_post' | 'none'; alg?: string }

/** `name` is the client id. Without further wishes: baseline, class A, no purposes registered, ES256, private_key_jwt. */
export function testClient({ name, profile = 'baseline', sector = `${name}.example`, metadata = {}, proof = 'private_key_jwt', alg = 'ES256' }: Wish): TestClient {
  const { shown, held } = proofOf(proof)
  return {
    metadata: {
      client_id: name,
      client_name: `Dịch vụ ${name}`,
      legal_name: { vi: `Cơ quan ${name}`, en: `Agency ${name}` },
      sector,
      profile,
      ...(profile === 'baseline' && { ends_on: '2099-12-31' }),
      relying_party_class: 'A',
      redirect_uris: [redirectUri(name)],
      post_logout_redirect_uris: [`http://localhost:1/${name}/out`],
      id_token_signed_response_alg: alg,
      token_endpoint_auth_method: proof,
      ...shown,
      ...metadata,
    },
    party: (issuer) => ({ issuer, clientId: name, redirectUri: redirectUri(name), proof: held, idTokenAlg: alg, profile }),
  }
}

function proofOf(method: NonNullable<Wish['proof']>): { shown: Record<string, unknown>; held: Proof } {
  if (method === 'none') return { shown: {}, held: { method } }
  if (method !== 'private_key_jwt') {
    const secret = 'a-secret-of-a-test-client-and-nobody-else-0123456789'
    return { shown: { client_secret: secret }, held: { method, secret } }
  }
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const named = { alg: 'ES256', use: 'sig', kid: 'one' }
  return {
    shown: { jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), ...named }] }, token_endpoint_auth_signing_alg: 'ES256' },
    held: { method, jwk: { ...privateKey.export({ format: 'jwk' }), ...named } },
  }
}
