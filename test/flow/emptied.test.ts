import { Redis } from 'ioredis'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountOf, assertionOf, authorization, authorize, enrol, get, isSignIn, post, redemption, signIn, type Enrolled } from '#test/support/journey.ts'
import { startRedis } from '#test/support/redis-server.ts'
import { makeRelyingParty, type Party, type RelyingParty } from '#test/support/relying-party.ts'
import { bootstrap } from '#test/support/officers.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import type { Server } from '#test/support/server-process.ts'
import { testClient } from '#test/support/test-clients.ts'

const client = testClient({ name: 'portal', metadata: { grant_types: ['authorization_code', 'refresh_token'] } })

describe.skipIf(!engines.includes('servers'))('R05: a Redis that somebody emptied', () => {
  let redis: Server | undefined
  let server: TestServer
  let party: Party
  let portal: RelyingParty
  let [someone, officer]: Enrolled[] = []
  beforeAll(async () => {
    redis = await startRedis()
    server = await startServer({ engine: 'servers', clients: () => [client.metadata], env: { REDIS_URL: redis?.url ?? '' } })
    party = client.party(server.issuer)
    portal = await makeRelyingParty(party)
    ;[someone, officer] = [await enrol(server, portal), await enrol(server, portal)]
    await bootstrap(server, [officer, 'super-admin'])
  })
  afterAll(async () => {
    await server?.close()
    await redis?.stop()
  })

  const known = (who: Enrolled | undefined): Enrolled => who ?? expect.fail('nobody')
  async function empty(): Promise<void> {
    const hand = new Redis(redis?.url ?? '')
    await hand.flushall()
    hand.disconnect()
  }
  const refresh = async (token: string) => post(`${server.issuer}/token`, { grant_type: 'refresh_token', refresh_token: token, ...(await assertionOf(party)) })

  test('costs people a new sign-in: accounts, passkeys, names at services, consents, roles and long refresh tokens stand, and nothing that was used is used again', async () => {
    const who = known(someone)
    const account = await accountOf(server, who)
    const standing = async () => Promise.all(['account', 'passkey', 'consent', 'subject', 'officer_role', 'mandate'].map((table) => server.house.database.rows(sql<{ row: unknown }>`select to_jsonb(t) - 'counter' - 'last_used_at' as row from ${sql.table(table)} t order by 1`)))
    const long = await signIn(portal, who, { scope: 'openid offline_access', prompt: 'consent' })
    const unused = await authorize(portal, who)
    const proof = await assertionOf(party)
    expect((await post(`${server.issuer}/par`, { ...authorization(party), ...proof })).status).toBe(201)
    expect((await get(`${server.issuer}/userinfo`, { authorization: `Bearer ${long.tokens.access_token}` })).status).toBe(200)

    const before = await standing()
    await empty()
    // What was used, and what was in somebody's hands.
    expect((await post(`${server.issuer}/par`, { ...authorization(party), ...proof })).json['error']).toBe('temporarily_unavailable')
    expect((await post(`${server.issuer}/token`, { ...redemption(party, unused.answer, unused.checks), ...(await assertionOf(party)) })).status).toBeGreaterThanOrEqual(400)
    expect((await get(`${server.issuer}/userinfo`, { authorization: `Bearer ${long.tokens.access_token}` })).status).toBe(401)

    // Within the time that clocks may be apart services are heard again, by themselves.
    const began = Date.now()
    await expect.poll(async () => (await post(`${server.issuer}/par`, { ...authorization(party), ...(await assertionOf(party)) })).status, { timeout: 30_000, interval: 500 }).toBe(201)
    expect(Date.now() - began).toBeLessThan(20_000)

    // The same person at the same account with the same passkey.
    const page = await who.visitor.open((await portal.begin()).url)
    expect(isSignIn(page)).toBe(true)
    const again = await signIn(portal, who)
    expect([again.claims.sub, await accountOf(server, who)]).toEqual([long.claims.sub, account])
    expect((await server.house.officers.rolesOf(await accountOf(server, known(officer)))).map(({ role }) => role)).toEqual(['super-admin'])

    expect(await standing()).toEqual(before)

    // A refresh token that is a row of PostgreSQL goes on.
    const refreshed = await refresh(String(long.tokens.refresh_token))
    expect(refreshed.json).toMatchObject({ access_token: expect.any(String) })
  }, 90_000)

  test('is no new one for a server that starts afterwards: it does not believe what was used before', async () => {
    const proof = await assertionOf(party)
    expect((await post(`${server.issuer}/par`, { ...authorization(party), ...proof })).status).toBe(201)
    await empty()
    const restarted = await server.another()
    try {
      expect((await post(`http://localhost:${restarted.port}/par`, { ...authorization(party), ...proof })).json['error']).toBe('temporarily_unavailable')
    } finally {
      await restarted.close()
    }
  }, 60_000)
})
