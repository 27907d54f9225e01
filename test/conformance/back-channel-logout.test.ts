import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { confirmLeave, endpointsOf, expectSignedOut, flow, httpsIssuer, leave, longState, metadataAt, out, setStage, type Stage } from '#test/support/conformance.ts'
import { listen, manners, type ListeningParty } from '#test/support/listening-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

// `oidcc-backchannel-rp-initiated-logout-certification-test-plan`: what each module asks for is in `modules.ts`.
let server: TestServer
let stage: Stage
let listening: ListeningParty

beforeAll(async () => {
  listening = await listen(manners.well)
  const asked = { backchannel_logout_uri: `${listening.address}/backchannel_logout`, backchannel_logout_session_required: true }
  const registered = testClient({ name: 'first', proof: 'client_secret_basic', alg: 'RS256', metadata: asked })
  server = await startServer({ env: { OUTBOUND_ALLOW: 'localhost' }, clients: () => [registered.metadata] })
  stage = await setStage(server, registered)
})
afterAll(async () => {
  await server.close()
  await listening.close()
})

test('oidcc-backchannel-logout-discovery-endpoint-verification', async () => {
  const secure = await startServer({ env: { ISSUER: httpsIssuer } })
  try {
    const told = await metadataAt(secure)
    expect(told).toMatchObject({ backchannel_logout_supported: true, backchannel_logout_session_supported: true, end_session_endpoint: `${httpsIssuer}/end-session` })
    expect(Object.values(endpointsOf(told)).filter((address) => !address.startsWith('https://'))).toEqual([])
  } finally {
    await secure.close()
  }
})

test('oidcc-backchannel-rp-initiated-logout', async () => {
  const done = await flow(stage)

  const end = await confirmLeave(stage, await leave(stage, done))
  expect(end.url.href).toBe(`${out}?state=${longState}`)
  await expectSignedOut(stage)

  await expect.poll(() => listening.told.length, { timeout: 10_000 }).toBe(1)
  const [heard] = listening.told
  expect(heard).toMatchObject({ path: '/backchannel_logout', headers: { 'content-type': expect.stringMatching(/^application\/x-www-form-urlencoded/) } })
  expect([...(heard?.form.keys() ?? [])]).toEqual(['logout_token'])
  const keys = createRemoteJWKSet(new URL('/jwks', server.issuer))
  const { payload, protectedHeader } = await jwtVerify(heard?.form.get('logout_token') ?? '', keys, { issuer: server.issuer, audience: 'first', algorithms: ['RS256'] })
  expect(protectedHeader.typ).toBe('logout+jwt')
  // Back-Channel Logout 1.0 §2.4: exactly this one event, empty; never a nonce; the person and the session of the ID token.
  expect(payload).toMatchObject({
    iat: expect.any(Number), exp: expect.any(Number), jti: expect.any(String), sub: done.claims.sub, sid: done.claims['sid'],
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  })
  const events: unknown = payload['events']
  expect(typeof events === 'object' ? Object.keys(events ?? {}) : events).toHaveLength(1)
  expect(payload).not.toHaveProperty('nonce')
})
