import { generateKeyPairSync } from 'node:crypto'
import { UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { actorOf, messageSigning, openFapiHouse, type Actor, type FapiHouse } from '#test/support/fapi.ts'
import { authorize, expectRefused, now, push, redeem, send, usual, type Asking } from '#test/support/fapi-requests.ts'
import { testClient } from '#test/support/test-clients.ts'

// The FAPI 2.0 Message Signing plan: what it asks beyond the Security Profile. What each module asks for is in `fapi-modules.ts`.
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const named = { kid: 'one', use: 'sig', alg: 'PS256' }
const withRsa = testClient({
  name: 'rsa', profile: 'fapi2-ms', metadata: { jwks: { keys: [{ ...rsa.publicKey.export({ format: 'jwk' }), ...named }] }, token_endpoint_auth_signing_alg: 'PS256', request_object_signing_alg: 'PS256' },
})

let house: FapiHouse
let actor: Actor
let second: Actor

beforeAll(async () => {
  house = await openFapiHouse([withRsa])
  actor = await house.actor(messageSigning)
  second = await house.actor(messageSigning, 'second')
})
afterAll(() => house.close())

const expectTokens = async (object: NonNullable<Asking['object']>) => expect((await redeem(actor, (await authorize(actor, { object })).code)).status).toBe(200)
const expectIll = async (object: NonNullable<Asking['object']>) => expectRefused(await push(actor, { object }), 'invalid_request_object')

test('fapi2-security-profile-final-ensure-request-object-with-multiple-aud-succeeds', () => expectTokens({ claims: { aud: ['https://other1.example', house.server.issuer, 'https://other2.example'] } }))
test('fapi2-security-profile-final-ensure-request-object-with-nbf-8-seconds-in-the-future-is-accepted', () => expectTokens({ claims: { nbf: now() + 8 } }))

test('fapi2-security-profile-final-ensure-request-object-without-exp-fails', () => expectIll({ claims: { exp: undefined } }))
test('fapi2-security-profile-final-ensure-request-object-without-nbf-fails', () => expectIll({ claims: { nbf: undefined } }))
test('fapi2-security-profile-final-ensure-expired-request-object-fails', () => expectIll({ claims: { exp: now() - 300, nbf: now() - 360 } }))
test('fapi2-security-profile-final-ensure-request-object-with-bad-aud-fails', () => expectIll({ claims: { aud: 'https://other1.example' } }))
test('fapi2-security-profile-final-ensure-request-object-with-exp-over-60-fails', () => expectIll({ claims: { exp: now() + 4200 } }))
test('fapi2-security-profile-final-ensure-request-object-with-nbf-over-60-fails', () => expectIll({ claims: { nbf: now() - 4200 } }))

test('fapi2-security-profile-final-ensure-signed-request-object-with-RS256-fails', async () => {
  const party = withRsa.party(house.server.issuer)
  const held = (alg: string) => ({ method: 'private_key_jwt' as const, jwk: { ...rsa.privateKey.export({ format: 'jwk' }), ...named, alg } })
  const one = await actorOf({ ...party, proof: held('PS256') }, { variant: messageSigning, someone: house.someone })
  expect((await push(one)).status).toBe(201)
  expectRefused(await push(one, { object: { header: { alg: 'RS256' } } }), 'invalid_request_object')
})

test('fapi2-security-profile-final-ensure-request-object-signature-algorithm-is-not-none', () => expectIll({ sent: (_jwt, claims) => new UnsecuredJWT(claims).encode() }))
test('fapi2-security-profile-final-ensure-request-object-with-invalid-signature-fails', () => expectIll({ sent: (jwt) => `${jwt.slice(0, -8)}AAAAAAAA` }))

test('fapi2-security-profile-final-ensure-matching-key-in-authorization-request', async () => {
  const { proof } = second.party
  const { json } = await push(actor)
  expect(json).toHaveProperty('request_uri')
  expectRefused(await pushSignedBy({ ...actor, party: { ...actor.party, proof } }), 'invalid_request', 'invalid_request_object')
})

/** The request object with one key, the client proven with its own. */
async function pushSignedBy(signer: Actor): Promise<Awaited<ReturnType<typeof push>>> {
  let object = ''
  await push(signer, { object: { sent: (jwt) => (object = jwt) } })
  return push(actor, { object: { sent: () => object } })
}

test('fapi2-security-profile-final-ensure-unsigned-request-at-par-endpoint-fails', async () => {
  expectRefused(await send(actor, '/par', usual(actor)), 'invalid_request')
})

test('fapi2-security-profile-final-par-authorization-request-containing-request_uri', () => expectIll({ claims: { request_uri: 'https://other1.example/request' } }))
