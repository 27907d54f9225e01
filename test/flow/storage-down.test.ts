import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { tap } from '#test/support/citizen.ts'
import { authorize, enrol, get, signIn, type Enrolled, type Told } from '#test/support/journey.ts'
import { startPostgres } from '#test/support/postgres-server.ts'
import { startRedis } from '#test/support/redis-server.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import type { Server } from '#test/support/server-process.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { makeVisitor } from '#test/support/visitor.ts'

const client = testClient({ name: 'portal' })
const there = inject('postgres') !== undefined && inject('redis') !== undefined

/** Pages have three seconds and programs two; the rest is for a busy test machine. */
const deadline = 4500

describe.skipIf(!there)('a store that hangs', () => {
  let stores: { postgres: Server; redis: Server }
  let server: TestServer
  let portal: RelyingParty
  let someone: Enrolled

  beforeAll(async () => {
    const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
    if (postgres === undefined || redis === undefined) throw new Error('they were there')
    stores = { postgres, redis }
    server = await startServer({ clients: () => [client.metadata], env: { DATABASE_URL: postgres.url, REDIS_URL: redis.url } })
    portal = await makeRelyingParty(client.party(server.issuer))
    someone = await enrol(server, portal)
  })
  afterAll(async () => {
    await server?.close()
    await Promise.all([stores.postgres.stop(), stores.redis.stop()])
  })

  async function timed<Answer>(act: () => Promise<Answer>): Promise<Answer> {
    const began = performance.now()
    const answer = await act()
    expect(performance.now() - began).toBeLessThan(deadline)
    return answer
  }

  const busy = ({ status, headers }: Pick<Told, 'status' | 'headers'>) => [status, Number(headers.get('retry-after')) > 0]

  test.each(['redis', 'postgres'] as const)('R10: %s: people and programs are told in time to come back, the process lives, and then all goes on', async (which) => {
    const { tokens } = await signIn(portal, someone, { scope: 'openid profile' })
    const bearer = { authorization: `Bearer ${tokens.access_token}` }
    const visitor = makeVisitor({ leaveAt })
    const page = await visitor.open((await portal.begin()).url)
    const { url } = await portal.begin({ prompt: 'login' })
    const unspent = await authorize(portal, someone, { scope: 'openid profile' })

    stores[which].freeze()
    try {
      expect(busy(await timed(() => tap(visitor, page, someone.citizen.authenticator)))).toEqual([503, true])
      expect(busy(await timed(() => get(`${server.issuer}/userinfo`, bearer)))).toEqual([503, true])
      await expect(timed(() => portal.finish(unspent.answer, unspent.checks))).rejects.toThrow()
      expect((await timed(() => get(`${server.issuer}/readyz`))).status).toBe(503)
      expect((await timed(() => get(`${server.issuer}/livez`))).status).toBe(200)
      const told = await timed(() => someone.visitor.open(url))
      // Where the service is known already it hears of it, else the person does.
      expect(['temporarily_unavailable', 503]).toContain(told.url.searchParams.get('error') ?? told.status)
    } finally {
      stores[which].thaw()
    }
    await expect.poll(async () => (await get(`${server.issuer}/readyz`)).status, { timeout: 15_000 }).toBe(200)
    await pause(300)
    expect((await get(`${server.issuer}/userinfo`, bearer)).status).toBe(200)
    expect((await signIn(portal, someone)).claims.sub).toEqual(expect.any(String))
  })
})
