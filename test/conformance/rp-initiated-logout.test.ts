import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { authorizeAt, confirmLeave, endpointsOf, expectSignedOut, flow, httpsIssuer, leave, longState, metadataAt, out, setStage, type Flow, type Stage } from '#test/support/conformance.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'
import { titleOf, type Stop } from '#test/support/visitor.ts'

// `oidcc-rp-initiated-logout-certification-test-plan`: what each module asks for is in `modules.ts`.
const registered = testClient({ name: 'first', proof: 'client_secret_basic' })

let server: TestServer
let stage: Stage
let done: Flow

beforeAll(async () => {
  server = await startServer({ clients: () => [registered.metadata] })
  stage = await setStage(server, registered)
})
afterAll(() => server.close())

// Each module begins with a sign-in of its own, in the browser that the one before has signed out.
beforeEach(async () => {
  done = await flow(stage)
})

/** The person confirms and is out; where they then are. */
async function endsAt(change: Readonly<Record<string, string | undefined>>): Promise<Stop> {
  const end = await confirmLeave(stage, await leave(stage, done, change))
  await expectSignedOut(stage)
  return end
}

/** Asked whether to sign out at all, or told why not; whatever the person does next, they are not sent to the service. */
async function expectNoWayBack(page: Stop): Promise<void> {
  expect(page.url.origin).toBe(server.issuer)
  const end = page.text.includes('/end-session/confirm') ? await confirmLeave(stage, page) : page
  expect(end.url.origin).toBe(server.issuer)
}

async function expectOurPage(end: Stop): Promise<void> {
  expect([end.url.origin, end.status, titleOf(end.text)]).toEqual([server.issuer, 200, expect.stringContaining('Bạn đã đăng xuất')])
}

test('oidcc-rp-initiated-logout', async () => {
  const end = await endsAt({})
  expect(end.url.href).toBe(`${out}?state=${longState}`)
})

test('oidcc-rp-initiated-logout-no-state', async () => {
  const end = await endsAt({ state: undefined })
  expect(end.url.href).toBe(out)
})

test('oidcc-rp-initiated-logout-no-params', async () => {
  await expectOurPage(await endsAt({ id_token_hint: undefined, post_logout_redirect_uri: undefined, state: undefined }))
})

test('oidcc-rp-initiated-logout-only-state', async () => {
  await expectOurPage(await endsAt({ id_token_hint: undefined, post_logout_redirect_uri: undefined }))
})

test('oidcc-rp-initiated-logout-no-post-logout-redirect-uri', async () => {
  await expectOurPage(await endsAt({ post_logout_redirect_uri: undefined }))
})

test('oidcc-rp-initiated-logout-no-id-token-hint', async () => {
  await expectNoWayBack(await leave(stage, done, { id_token_hint: undefined }))
})

test('oidcc-rp-initiated-logout-bad-post-logout-redirect-uri', async () => {
  await expectNoWayBack(await leave(stage, done, { post_logout_redirect_uri: 'http://localhost:1/first/elsewhere' }))
})

test('oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri', async () => {
  await expectNoWayBack(await leave(stage, done, { post_logout_redirect_uri: `${out}?foo=bar` }))
})

test('oidcc-rp-initiated-logout-modified-id-token-hint', async () => {
  await expectNoWayBack(await leave(stage, done, { id_token_hint: new UnsecuredJWT({ ...done.claims }).encode() }))
  expect((await authorizeAt(stage)).asked).toBe(false)
})

test('oidcc-rp-initiated-logout-bad-id-token-hint', async () => {
  const { privateKey } = await generateKeyPair('ES256')
  const forged = await new SignJWT({ ...done.claims }).setProtectedHeader({ alg: 'ES256', kid: 'of-the-suite' }).sign(privateKey)
  await expectNoWayBack(await leave(stage, done, { id_token_hint: forged }))
  expect((await authorizeAt(stage)).asked).toBe(false)
})

test('oidcc-rp-initiated-logout-discovery-endpoint-verification', async () => {
  const secure = await startServer({ env: { ISSUER: httpsIssuer } })
  try {
    const endpoints = endpointsOf(await metadataAt(secure))
    expect(endpoints['end_session_endpoint']).toBe(`${httpsIssuer}/end-session`)
    expect(Object.values(endpoints).filter((address) => !address.startsWith('https://'))).toEqual([])
  } finally {
    await secure.close()
  }
})
