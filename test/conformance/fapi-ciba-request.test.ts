import { generateKeyPairSync } from 'node:crypto'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { actorOf, type Actor } from '#test/support/fapi.ts'
import { askFor, byCertificate, byKey, code, expectAsked, openCibaHouse, poll, type CibaHouse } from '#test/support/fapi-ciba.ts'
import { expectRefused, send, type Asking } from '#test/support/fapi-requests.ts'
import type { Enrolled } from '#test/support/journey.ts'
import { testClient } from '#test/support/test-clients.ts'

// `fapi-ciba-id1-test-plan`: the request and how it is signed. What each module asks for is in `ciba-modules.ts`.
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const withRsa = testClient({
  name: 'rsa', profile: 'fapi2-ms',
  metadata: {
    grant_types: ['authorization_code', 'urn:openid:params:grant-type:ciba'], backchannel_token_delivery_mode: 'poll', tls_client_certificate_bound_access_tokens: true,
    jwks: { keys: [{ ...rsa.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig' }] }, token_endpoint_auth_signing_alg: 'PS256',
  },
})

let house: CibaHouse
let bank: Actor
let second: Actor
let someone: Enrolled

beforeAll(async () => {
  house = await openCibaHouse((site) => [site.published(withRsa)])
  bank = await house.bank()
  second = await house.bank(undefined, 'second')
  someone = await house.enrolled()
})
afterAll(() => house.close())

const invalidClient = ['invalid_client', 'invalid_request']

describe('what is asked', () => {
  const expectInvalid = async (asking: Asking, ...errors: string[]) => expectRefused(await askFor(bank, someone.citizen.number, asking), 'invalid_request', ...errors)
  const expectWithout = (claim: string) => expectInvalid({ object: { claims: { [claim]: undefined } } })
  const now = () => Math.floor(Date.now() / 1000)

  test('fapi-ciba-id1-ensure-authorization-request-with-potentially-bad-binding-message', async () => {
    const message = '1234 \u{1F44D}\u{1F3FF} 品川 Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore'
    expectRefused(await askFor(bank, someone.citizen.number, { asks: { binding_message: message } }), 'invalid_binding_message')
  })

  test('fapi-ciba-id1-ensure-request-object-missing-aud-fails', () => expectWithout('aud'))
  test('fapi-ciba-id1-ensure-request-object-bad-aud-fails', () => expectInvalid({ object: { claims: { aud: 'https://other1.example' } } }))
  test('fapi-ciba-id1-ensure-request-object-missing-iss-fails', () => expectWithout('iss'))
  test('fapi-ciba-id1-ensure-request-object-bad-iss-fails', () => expectInvalid({ object: { claims: { iss: second.party.clientId } } }))
  test('fapi-ciba-id1-ensure-request-object-missing-exp-fails', () => expectWithout('exp'))
  test('fapi-ciba-id1-ensure-request-object-expired-exp-fails', () => expectInvalid({ object: { claims: { exp: now() - 300, nbf: now() - 360 } } }))
  test('fapi-ciba-id1-ensure-request-object-exp-is-70-minutes-in-future-fails', () => expectInvalid({ object: { claims: { exp: now() + 4200 } } }))
  test('fapi-ciba-id1-ensure-request-object-missing-iat-fails', () => expectWithout('iat'))
  test('fapi-ciba-id1-ensure-request-object-missing-nbf-fails', () => expectWithout('nbf'))
  test('fapi-ciba-id1-ensure-request-object-nbf-is-10-minutes-in-future-fails', () => expectInvalid({ object: { claims: { nbf: now() + 600, exp: now() + 900 } } }))
  test('fapi-ciba-id1-ensure-request-object-nbf-is-70-minutes-in-past-fails', () => expectInvalid({ object: { claims: { nbf: now() - 4200 } } }))
  test('fapi-ciba-id1-ensure-request-object-missing-jti-fails', () => expectWithout('jti'))
  test('fapi-ciba-id1-ensure-request-object-signature-algorithm-is-none-fails', () => expectInvalid({ object: { sent: (jwt) => unsigned(jwt) } }))
  test('fapi-ciba-id1-ensure-request-object-signature-algorithm-is-bad-fails', () => expectInvalid({ object: { sent: (jwt) => `${jwt.slice(0, -8)}AAAAAAAA` } }))
  const unsigned = (jwt: string) => [Buffer.from('{"alg":"none"}').toString('base64url'), jwt.split('.')[1], ''].join('.')

  test('fapi-ciba-id1-ensure-request-object-signed-by-other-client-fails', async () => {
    let object = ''
    const signer = { ...bank, party: { ...bank.party, proof: second.party.proof } }
    await askFor(signer, someone.citizen.number, { object: { sent: (jwt) => (object = jwt) } })
    expect(decodeJwt(object)['iss']).toBe(bank.party.clientId)
    await expectInvalid({ object: { sent: () => object } })
  })

  test('fapi-ciba-id1-ensure-authorization-request-with-multiple-hints-fails', () => expectInvalid({ asks: { id_token_hint: 'a-hint' } }))

  test('fapi-ciba-id1-ensure-unsigned-backchannel-authorization-request-fails', async () => {
    expectRefused(await send(bank, '/backchannel-authentication', { scope: 'openid', binding_message: code, login_hint: someone.citizen.number }), 'invalid_request')
  })

  test('fapi-ciba-id1-ensure-without-client-assertion-in-backchannel-authorization-request', () => expectInvalid({ assertion: 'none' }, 'invalid_client'))

  test('fapi-ciba-id1-ensure-wrong-client-id-in-backchannel-authorization-request', async () => {
    const [first, other] = [await house.bank(byCertificate), await house.bank(byCertificate, 'second')]
    const asked = await askFor({ ...first, party: { ...first.party, clientId: other.party.clientId } }, someone.citizen.number)
    expectRefused(asked, ...invalidClient)
  })

  test('fapi-ciba-id1-ensure-different-client-id-and-issuer-in-backchannel-authorization-request', async () => {
    const [first, other] = [await house.bank(byCertificate), await house.bank(byCertificate, 'second')]
    expectRefused(await askFor(first, someone.citizen.number, { fields: { client_id: other.party.clientId } }), 'invalid_client')
  })
})

// A key that would sign with either; only what it signs assertions with is registered.
describe('with RS256', () => {
  let one: Actor
  beforeAll(async () => {
    one = await rsaActor('PS256')
  })
  const rsaActor = (alg: 'PS256' | 'RS256') =>
    actorOf({ ...withRsa.party(house.server.issuer), proof: { method: 'private_key_jwt', jwk: { ...rsa.privateKey.export({ format: 'jwk' }), kid: 'one', alg } } }, { variant: byKey, someone: house.someone })

  test('fapi-ciba-id1-ensure-request-object-signature-algorithm-is-RS256-fails', async () => {
    expectRefused(await askFor(one, someone.citizen.number, { object: { header: { alg: 'RS256' } } }), 'invalid_request')
    await expectAsked(await askFor(one, someone.citizen.number))
  })

  test('fapi-ciba-id1-ensure-client-assertion-signature-algorithm-in-backchannel-authorization-request-is-RS256-fails', async () => {
    expectRefused(await askFor(await rsaActor('RS256'), someone.citizen.number, { object: { header: { alg: 'PS256' } } }), ...invalidClient)
  })

  test('fapi-ciba-id1-ensure-client-assertion-signature-algorithm-in-token-endpoint-request-is-RS256-fails', async () => {
    const asked = await expectAsked(await askFor(one, (await house.enrolled()).citizen.number))
    expectRefused(await poll(await rsaActor('RS256'), asked), ...invalidClient)
  })
})
