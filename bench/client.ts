import { generateKeyPairSync } from 'node:crypto'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import type { RelyingParty } from '#test/support/relying-party.ts'

export const clientId = 'bench'
/** Nobody listens there: the visit ends before it is fetched. */
export const redirectUri = 'http://localhost:9/callback'
export const scope = 'openid profile vn_identity'

/** A ministry's client with the strongest proof of the baseline: private_key_jwt with ES256, made for this run. */
export function makeClient({ mustPush = true } = {}) {
  const jwk = { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: 'bench' }
  const { d: _private, ...shown } = jwk
  const registered = {
    client_id: clientId,
    client_name: 'Bench',
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    scope,
    subject_type: 'pairwise',
    id_token_signed_response_alg: 'ES256',
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    require_pushed_authorization_requests: mustPush,
    jwks: { keys: [shown] },
  }
  const own = {
    profile: 'baseline',
    ends_on: '2099-12-31',
    sector: 'bench.example',
    legal_name: { vi: 'Đo tốc độ', en: 'Bench' },
    relying_party_class: 'A',
    purposes: [{
      claims: ['name', 'birthdate', 'gender', 'nationalities'],
      basis: 'law',
      reference: { vi: 'Đo tốc độ', en: 'Bench' },
      purpose: { vi: 'Đo tốc độ', en: 'Bench' },
    }],
  }
  const party = (issuer: string): Promise<RelyingParty> =>
    makeRelyingParty({ issuer, clientId, redirectUri, proof: { method: 'private_key_jwt', jwk } })
  return { registered, own, party }
}

export type BenchClient = ReturnType<typeof makeClient>
