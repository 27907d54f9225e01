import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { decline, openRequest, sayYes } from '#test/support/counter.ts'
import type { Actor } from '#test/support/fapi.ts'
import { askFor, byCertificate, cibaVariants, code, expectAsked, notificationToken, openCibaHouse, poll, type CibaHouse } from '#test/support/fapi-ciba.ts'
import { expectRefused, resource, send, type Asking, type Change } from '#test/support/fapi-requests.ts'
import { get, type Told } from '#test/support/journey.ts'
import { call } from '#test/support/tls-client.ts'

// `fapi-ciba-id1-test-plan`: what each module asks for is in `ciba-modules.ts`.
let house: CibaHouse
let bank: Actor
let second: Actor

beforeAll(async () => {
  house = await openCibaHouse()
  bank = await house.bank()
  second = await house.bank(undefined, 'second')
})
afterAll(() => house.close())
afterEach(() => {
  vi.useRealTimers()
  house.site.answers(204)
})

const invalidClient = ['invalid_client', 'invalid_request']

async function expectPending(actor: Actor, asked: Told): Promise<void> {
  const told = await poll(actor, asked)
  expectRefused(told, 'authorization_pending', 'slow_down')
}

/** The ID token is for this client, of this server and of this request (CIBA Core §7.3), and signed with what FAPI allows. */
async function expectTokens(actor: Actor, told: Told): Promise<{ token: string; claims: Readonly<Record<string, unknown>> }> {
  expect(told).toMatchObject({ status: 200, json: { token_type: 'Bearer', expires_in: expect.any(Number), access_token: expect.stringMatching(/^[\w.~+/-]{43,}=*$/) } })
  const keys = createRemoteJWKSet(new URL('/jwks', house.server.issuer))
  const { payload } = await jwtVerify(String(told.json['id_token']), keys, { issuer: house.server.issuer, audience: actor.party.clientId, algorithms: ['ES256', 'PS256'] })
  const token = String(told.json['access_token'])
  const about = await resource(actor, token)
  expect([about.status, about.json]).toEqual([200, { sub: payload.sub }])
  return { token, claims: payload }
}

/** From the request to the tokens, with one look before the person has answered. */
async function expectFlow(actor: Actor, asking: Asking = {}, lifetime = 300) {
  const who = await house.enrolled()
  const asked = await expectAsked(await askFor(actor, who.citizen.number, asking), lifetime)
  await expectPending(actor, asked)
  await sayYes(house.server, who, String(asking.asks?.['binding_message'] ?? code))
  const told = await poll(actor, asked)
  return { asked, told, ...(await expectTokens(actor, told)) }
}

describe.each(cibaVariants)('%s:', (_name, variant) => {
  test('fapi-ciba-id1', async () => {
    const [first, other] = [await house.bank(variant), await house.bank(variant, 'second')]
    const { token } = await expectFlow(first)
    expect((await call(`${house.server.issuer}/userinfo?access_token=${token}`, { as: first.certificate })).status).toBeGreaterThanOrEqual(400)

    const { json } = await get(`${house.server.issuer}/.well-known/openid-configuration`)
    const offered = [json['acr_values_supported']].flat().map(String)
    const { asked, claims, token: another } = await expectFlow(other, { asks: { acr_values: offered.join(' '), requested_expiry: '300' } })
    expect(offered).toContain(claims['acr'])
    expect((await resource(first, another)).status).toBe(401)
    expectRefused(await poll(other, asked), 'invalid_grant')
  })

  test('fapi-ciba-id1-ensure-mtls-holder-of-key-required', async () => {
    const actor = await house.bank(variant)
    const who = await house.enrolled()
    const asked = await expectAsked(await askFor(actor, who.citizen.number))
    expectRefused(await poll(actor, asked, { as: 'none' }), ...invalidClient, 'invalid_grant')
  })

  test('fapi-ciba-id1-refresh-token', async () => {
    const [first, other] = [await house.bank(variant), await house.bank(variant, 'second')]
    const refresh = (actor: Actor, token: string, change: Change = {}) => send(actor, '/token', { grant_type: 'refresh_token', refresh_token: token }, change)
    for (const actor of [first, other]) {
      const { told, claims } = await expectFlow(actor, { asks: { scope: 'openid offline_access' } })
      const token = String(told.json['refresh_token'])
      expect(token).toMatch(/^[\x20-\x7E]{43,}$/)
      const fresh = await refresh(actor, token)
      expect(fresh.status).toBe(200)
      expect(decodeJwt(String(fresh.json['id_token']))).toMatchObject({ iss: claims['iss'], sub: claims['sub'], aud: claims['aud'], auth_time: claims['auth_time'] })
      expect((await resource(actor, String(fresh.json['access_token']))).status).toBe(200)
      expectRefused(await refresh(actor === first ? other : first, token), 'invalid_grant')
    }
  })
})

test('fapi-ciba-id1-discovery-end-point-verification', async () => {
  const { status, json } = await get(`${house.server.issuer}/.well-known/openid-configuration`)
  expect(status).toBe(200)
  expect(json).toMatchObject({
    backchannel_authentication_endpoint: expect.stringMatching(/^https:\/\//),
    backchannel_token_delivery_modes_supported: ['poll', 'ping'],
    backchannel_authentication_request_signing_alg_values_supported: expect.arrayContaining(['ES256', 'PS256']),
    backchannel_user_code_parameter_supported: false,
    grant_types_supported: expect.arrayContaining(['urn:openid:params:grant-type:ciba']),
    token_endpoint_auth_methods_supported: expect.arrayContaining(['private_key_jwt', 'self_signed_tls_client_auth']),
    tls_client_certificate_bound_access_tokens: true,
  })
})

test('fapi-ciba-id1-user-rejects-authentication', async () => {
  const who = await house.enrolled()
  const asked = await expectAsked(await askFor(bank, who.citizen.number))
  await decline(who, await openRequest(house.server, who))
  expectRefused(await poll(bank, asked), 'access_denied')
})

test('fapi-ciba-id1-multiple-call-to-token-endpoint', async () => {
  const { citizen } = await house.enrolled()
  const asked = await expectAsked(await askFor(bank, citizen.number))
  for (let round = 0; round < 20; round += 1) await expectPending(bank, asked)
})

test('fapi-ciba-id1-auth-req-id-expired', async () => {
  const { citizen } = await house.enrolled()
  const asked = await expectAsked(await askFor(bank, citizen.number, { asks: { requested_expiry: '30' } }), 30)
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 })
  expectRefused(await poll(bank, asked), 'expired_token')
})

test('fapi-ciba-id1-ensure-authorization-request-with-binding-message-succeeds', () => expectFlow(bank, { asks: { binding_message: '1234' } }))
test('fapi-ciba-id1-ensure-other-scope-order-succeeds', async () => {
  const who = await house.enrolled()
  const asked = await expectAsked(await askFor(bank, who.citizen.number, { asks: { scope: 'email openid' } }))
  await sayYes(house.server, who)
  expect(await poll(bank, asked)).toMatchObject({ status: 200, json: { scope: expect.stringContaining('openid') } })
})
test('fapi-ciba-id1-ensure-requested-expiry-as-string-succeeds', () => expectFlow(bank, { object: { claims: { requested_expiry: '30' } } }, 30))

describe('what is polled for', () => {
  let asked: Told
  let askedByCertificate: Told
  beforeAll(async () => {
    const { citizen } = await house.enrolled()
    asked = await askFor(bank, citizen.number)
    askedByCertificate = await askFor(await house.bank(byCertificate), citizen.number)
  })

  test('fapi-ciba-id1-ensure-wrong-auth-req-id-in-token-endpoint-request', async () => expectRefused(await poll(second, asked), 'invalid_grant'))
  test('fapi-ciba-id1-ensure-without-client-assertion-in-token-endpoint-request', async () => expectRefused(await poll(bank, asked, { assertion: 'none' }), ...invalidClient))
  test('fapi-ciba-id1-ensure-client-assertion-with-iss-aud-to-token-endpoint-succeeds', () => expectPending(bank, asked))

  test('fapi-ciba-id1-ensure-wrong-client-id-in-token-endpoint-request', async () => {
    const [first, other] = [await house.bank(byCertificate), await house.bank(byCertificate, 'second')]
    expectRefused(await poll(first, askedByCertificate, { fields: { client_id: other.party.clientId } }), 'invalid_client')
  })
})

describe('ping', () => {
  const pings = (asked: Told) => house.site.heard.filter(({ body }) => body === JSON.stringify({ auth_req_id: asked.json['auth_req_id'] }))

  /** Asked for, answered, and told; the service answers the ping so, and still gets its tokens. */
  async function expectPinged(answer: Parameters<CibaHouse['site']['answers']>): Promise<Told> {
    house.site.answers(...answer)
    const caller = await house.bank(undefined, 'first', 'ping')
    const who = await house.enrolled()
    const asked = await expectAsked(await askFor(caller, who.citizen.number))
    expect(pings(asked)).toEqual([])
    await sayYes(house.server, who)
    await expect.poll(() => pings(asked).length, { timeout: 15_000 }).toBe(1)
    expect(pings(asked)[0]?.headers.authorization).toBe(`Bearer ${notificationToken}`)
    await expectTokens(caller, await poll(caller, asked))
    return asked
  }

  test('fapi-ciba-id1-ping-backchannel-notification-endpoint-response-has-body', () => expectPinged([200, {}, 'Thank you.']))
  test('fapi-ciba-id1-ping-backchannel-notification-endpoint-response-401', () => expectPinged([401]))
  test('fapi-ciba-id1-ping-backchannel-notification-endpoint-response-403', () => expectPinged([403]))

  test('fapi-ciba-id1-ping-backchannel-notification-endpoint-return-redirect-request', async () => {
    await expectPinged([301, { location: `${house.site.notifications}/elsewhere` }])
    expect(house.site.asked).not.toContain('/notifications/elsewhere')
  })

  test('fapi-ciba-id1-ping-with-mtls-ciba-notification-endpoint-response-401-and-require-server-does-not-retry', async () => {
    const asked = await expectPinged([401])
    // What is tried again waits in the queue; this was the last.
    const job = () => house.server.house.database.rows(sql<{ state: string }>`select state::text from job.job where data->>'kind' = 'ping' order by created_on desc limit 1`)
    await expect.poll(job, { timeout: 15_000 }).toEqual([{ state: 'completed' }])
    expect(pings(asked)).toHaveLength(1)
  })
})
