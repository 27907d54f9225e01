import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { authorizeAt, expectSignedOut, flow, setStage, type Flow, type Stage } from '#test/support/conformance.ts'
import { get } from '#test/support/journey.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

// `oidcc-basic-certification-test-plan`, what passes with time: who has signed in before, and codes that come again.
const first = testClient({ name: 'first', proof: 'client_secret_basic', alg: 'RS256' })

let server: TestServer
let stage: Stage

beforeAll(async () => {
  server = await startServer({ clients: () => [first.metadata] })
  stage = await setStage(server, first)
})
afterAll(() => server.close())

// Time stands but for what these add, and what they add stays: nobody's sign-in is ever in the future.
beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() }))
afterAll(() => void vi.useRealTimers())
const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000)
const when = ({ claims }: Flow) => Number(claims['auth_time'])

test('oidcc-prompt-login', async () => {
  const before = await flow(stage)
  later(2)
  const after = await flow(stage, { asks: { prompt: 'login' } })
  expect([before.asked, after.asked, after.claims.sub]).toEqual([false, true, before.claims.sub])
  expect(when(after)).toBeGreaterThan(when(before))
})

test('oidcc-max-age-1', async () => {
  const before = await flow(stage)
  later(2)
  const after = await flow(stage, { asks: { max_age: '1' } })
  expect([after.asked, after.claims.sub]).toEqual([true, before.claims.sub])
  expect(when(after)).toBeGreaterThan(when(before))
  expect(Date.now() / 1000 - when(after)).toBeLessThan(2)
})

const expectSameAgain = async (asks: (before: Flow) => Record<string, string>, asksFirst: Record<string, string> = {}) => {
  const before = await flow(stage, { asks: asksFirst })
  later(2)
  const after = await flow(stage, { asks: asks(before) })
  expect([after.asked, after.claims.sub, when(after)]).toEqual([false, before.claims.sub, when(before)])
}

test('oidcc-max-age-10000', () => expectSameAgain(() => ({ max_age: '10000' }), { max_age: '15000' }))
test('oidcc-prompt-none-logged-in', () => expectSameAgain(() => ({ prompt: 'none' })))
test('oidcc-id-token-hint', () => expectSameAgain(({ tokens }) => ({ prompt: 'none', id_token_hint: tokens.id_token ?? '' })))
test('oidcc-prompt-none-not-logged-in', () => expectSignedOut(stage, 'new'))

/** Redeems a code twice, the second time so many seconds after the first; how UserInfo then takes the first one's token. */
const reuse = async (seconds: number) => {
  const { answer, checks } = await authorizeAt(stage)
  const { tokens } = await stage.at.finish(answer, checks)
  later(seconds)
  await expect(stage.at.finish(answer, checks)).rejects.toMatchObject({ status: 400, error: 'invalid_grant' })
  expect(stage.lastTold().json['error_description']).toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/)
  return (await get(`${server.issuer}/userinfo`, { authorization: `Bearer ${tokens.access_token}` })).status
}

test('oidcc-codereuse', async () => expect(await reuse(0)).toBe(401))
test('oidcc-codereuse-30seconds', async () => expect(await reuse(30)).toBe(401))
