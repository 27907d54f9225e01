import { generateKeyPairSync } from 'node:crypto'
import { UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { actorOf, newKey, openFapiHouse, plans, variants, type Actor, type FapiHouse } from '#test/support/fapi.ts'
import { authorize, expectRefused, now, push, redeem, resource, send, startOf, tokensOf, visit, type Change } from '#test/support/fapi-requests.ts'
import { assertionOf } from '#test/support/journey.ts'
import { testClient } from '#test/support/test-clients.ts'

// The FAPI 2.0 plans: the token endpoint, client assertions and refresh tokens. What each module asks for is in `fapi-modules.ts`.
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const named = { kid: 'one', use: 'sig', alg: 'PS256' }
const withRsa = (['fapi2', 'fapi2-ms'] as const).map((profile) => testClient({
  name: `rsa-${profile}`, profile, metadata: { jwks: { keys: [{ ...rsa.publicKey.export({ format: 'jwk' }), ...named }] }, token_endpoint_auth_signing_alg: 'PS256', request_object_signing_alg: 'PS256' },
}))

let house: FapiHouse
const tokenEndpoint = () => `${house.server.issuer}/token`

beforeAll(async () => {
  house = await openFapiHouse(withRsa)
})
afterAll(() => house.close())

// Time stands but for what these add.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
  return () => vi.useRealTimers()
})
const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000)

describe.each(variants)('%s:', (_name, variant) => {
  test('fapi2-security-profile-final-refresh-token', async () => {
    const [first, second] = [await house.actor(variant), await house.actor(variant, 'second')]
    const asks = { scope: 'openid offline_access', prompt: 'consent' }
    const refresh = (actor: Actor, token: string, change: Change = {}) => send(actor, '/token', { grant_type: 'refresh_token', refresh_token: token, scope: 'openid' }, change)
    for (const actor of [first, second]) {
      const { refresh_token: token = '', access_token: before } = await tokensOf(actor, { asks })
      expect(token).toMatch(/^[\x20-\x7E]{43,}$/)
      // The plans refresh with a key of possession that is new (RFC 9449 §5).
      const renewed = { ...actor, key: await newKey() }
      const { status, json } = await refresh(renewed, token)
      expect(status).toBe(200)
      expect(json['access_token']).not.toBe(before)
      expect((await resource(renewed, String(json['access_token']))).status).toBe(200)
      // FAPI 2.0 §5.3.2.1 no. 9: not replaced, and an answer that got lost is asked for again.
      expect(json['refresh_token'] ?? token).toBe(token)
      later(30)
      expect((await refresh(actor, token)).status).toBe(200)

      expectRefused(await refresh(actor, token, { proof: 'none', ...(variant.bound === 'mtls' && { as: 'none' as const }) }), 'invalid_client', 'invalid_grant', 'invalid_request', 'invalid_dpop_proof')
      if (variant.authentication === 'private_key_jwt') expectRefused(await refresh(actor, token, { assertion: 'none' }), 'invalid_client', 'invalid_request')
      expectRefused(await refresh(actor === first ? second : first, token), 'invalid_grant')
    }
  })

  test('fapi2-security-profile-final-ensure-client-id-in-token-endpoint', async () => {
    const [first, second] = [await house.actor(variant), await house.actor(variant, 'second')]
    const { code } = await authorize(first)
    expectRefused(await redeem(first, code, { fields: { client_id: second.party.clientId } }), 'invalid_client', 'invalid_request')
  })
})

describe.each(plans)('%s:', (_name, variant) => {
  let actor: Actor
  let second: Actor
  beforeAll(async () => {
    actor = await house.actor(variant)
    second = await house.actor(variant, 'second')
  })

  test('fapi2-security-profile-final-ensure-authorization-code-is-bound-to-client', async () => {
    const { code } = await authorize(actor)
    expectRefused(await redeem(second, code), 'invalid_grant')
  })

  test('fapi2-security-profile-final-attempt-reuse-authorization-code-after-one-second', async () => {
    const { code } = await authorize(actor)
    const { json } = await redeem(actor, code)
    const token = String(json['access_token'])
    expect((await resource(actor, token)).status).toBe(200)
    later(1)
    expectRefused(await redeem(actor, code), 'invalid_grant')
    expect((await resource(actor, token)).status).toBe(401)
  })

  test('fapi2-security-profile-final-ensure-token-endpoint-fails-with-expired-auth-code', async () => {
    const { code } = await authorize(actor)
    // FAPI 2.0 §5.3.2.1 no. 14: a code lives for 60 seconds at most.
    later(61)
    expectRefused(await redeem(actor, code), 'invalid_grant')
  })

  test('fapi2-security-profile-final-par-attempt-to-use-expired-request_uri', async () => {
    const told = await push(actor)
    expect(Number(told.json['expires_in'])).toBeLessThan(600)
    later(Number(told.json['expires_in']) + 1)
    const { status, url } = await visit(actor, startOf(actor, told))
    expect([status, url.origin]).toEqual([400, house.server.issuer])
  })

  test('fapi2-security-profile-final-ensure-pkce-code-verifier-required', async () => {
    expectRefused(await redeem(actor, (await authorize(actor)).code, { fields: { code_verifier: undefined } }), 'invalid_grant', 'invalid_request')
  })

  test('fapi2-security-profile-final-incorrect-pkce-code-verifier-rejected', async () => {
    expectRefused(await redeem(actor, (await authorize(actor)).code, { fields: { code_verifier: 'x'.repeat(43) } }), 'invalid_grant')
  })

  const unproven = ['invalid_client', 'invalid_request']
  const pushedWith = (assertion: NonNullable<Change['assertion']>) => push(actor, { assertion })
  const expectNoClient = async (assertion: NonNullable<Change['assertion']>) => expectRefused(await pushedWith(assertion), ...unproven)

  test('fapi2-security-profile-final-ensure-client-assertion-in-token-endpoint', async () => {
    expectRefused(await redeem(actor, (await authorize(actor)).code, { assertion: 'none' }), ...unproven)
  })

  test('fapi2-security-profile-final-ensure-signed-client-assertion-with-RS256-fails', async () => {
    const one = await rsaActor()
    expect((await push(one)).status).toBe(201)
    const other = { ...one, party: { ...one.party, proof: rsaProof('RS256') } }
    expectRefused(await push(other, { object: { header: { alg: 'PS256' } } }), ...unproven)
  })

  const rsaActor = async () => {
    const [plain, signing] = withRsa
    const client = variant.signed ? signing : plain
    if (client === undefined) throw new Error('no client has such a key')
    return actorOf({ ...client.party(house.server.issuer), proof: rsaProof('PS256') }, { variant, someone: house.someone })
  }
  const rsaProof = (alg: string) => ({ method: 'private_key_jwt' as const, jwk: { ...rsa.privateKey.export({ format: 'jwk' }), ...named, alg } })

  const redeemedWith = async (assertion: NonNullable<Change['assertion']>) => redeem(actor, (await authorize(actor)).code, { assertion })

  test('fapi2-security-profile-final-ensure-client-assertion-with-exp-is-5-minutes-in-past-fails', async () => {
    expectRefused(await redeemedWith({ claims: { exp: now() - 300 } }), ...unproven)
  })

  test('fapi2-security-profile-final-ensure-client-assertion-with-wrong-aud-fails', async () => {
    expectRefused(await redeemedWith({ claims: { aud: 'https://elsewhere.example' } }), ...unproven)
  })

  test('fapi2-security-profile-final-ensure-client-assertion-with-no-sub-fails', async () => {
    expectRefused(await redeemedWith({ claims: { sub: undefined } }), ...unproven)
  })

  test('fapi2-security-profile-final-par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted', async () => {
    expect((await pushedWith({ claims: { iat: now() + 8, nbf: now() + 8 } })).status).toBe(201)
  })

  test('fapi2-security-profile-final-par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails', async () => {
    await expectNoClient({ claims: { iat: now() + 70, nbf: now() + 70, exp: now() + 130 } })
  })

  test('fapi2-security-profile-final-par-test-array-as-audience-fails', () => expectNoClient({ claims: { aud: [house.server.issuer, 'https://elsewhere.example'] } }))
  test('fapi2-security-profile-final-par-test-par-endpoint-url-as-audience-fails', () => expectNoClient({ claims: { aud: `${house.server.issuer}/par` } }))
  test('fapi2-security-profile-final-par-test-token-endpoint-url-as-audience-fails', () => expectNoClient({ claims: { aud: tokenEndpoint() } }))

  test('fapi2-security-profile-final-ensure-invalid-client-assertions-fail', async () => {
    const { client_assertion: good = '' } = await assertionOf(actor.party)
    const unsigned = new UnsecuredJWT({ iss: actor.party.clientId, sub: actor.party.clientId, aud: house.server.issuer, jti: 'unsigned', exp: now() + 60 }).encode()
    const changes: readonly [string, Change][] = [
      ['none', { assertion: 'none' }],
      ['no client_assertion_type', { fields: { client_assertion_type: undefined } }],
      ['another client_assertion_type', { fields: { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' } }],
      ['another sub', { assertion: { claims: { sub: second.party.clientId } } }],
      ['no iss', { assertion: { claims: { iss: undefined } } }],
      ['another iss', { assertion: { claims: { iss: second.party.clientId } } }],
      ['no aud', { assertion: { claims: { aud: undefined } } }],
      ['exp in the past', { assertion: { claims: { exp: now() - 300 } } }],
      ['alg none', { fields: { client_assertion: unsigned } }],
      ['a signature that is not of this assertion', { fields: { client_assertion: `${good.slice(0, -8)}AAAAAAAA` } }],
    ]
    for (const [what, change] of changes) expect([what, (await push(actor, change)).json['error']]).toEqual([what, expect.stringMatching(/^invalid_(client|request)$/)])
    expect((await push(actor)).status).toBe(201)
  })
})
