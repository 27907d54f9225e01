import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Problem } from '#kernel/problem.ts'
import { makeScene, type Scene } from '#test/support/attack-scene.ts'
import { ask, authorizeBy, bearing, makeHolder, nonceOf, proofBy, redeem, tokenOf, type Holder } from '#test/support/hand-made.ts'
import { assertionOf, authorization, get, post, redemption, type Told } from '#test/support/journey.ts'
import { startPostgres } from '#test/support/postgres-server.ts'
import { startRedis } from '#test/support/redis-server.ts'
import { engines } from '#test/support/running.ts'
import type { Server } from '#test/support/server-process.ts'

/*
 * A store that fails at the wrong moment (incident: CVE-2020-15223, a revocation that the store refused was told as done). First every single
 * call of a request fails in turn, on a server whose stores are otherwise whole; then the real servers stand still.
 */
type Act = { name: string; prepare: () => Promise<() => Promise<Told>>; /** What must not be true of any answer while something failed. */ wrong: (told: Told) => Promise<boolean> }

describe('each call of the stores in turn', () => {
  let scene: Scene
  let holder: Holder
  beforeAll(async () => {
    scene = await makeScene()
    holder = await makeHolder()
  })
  afterAll(() => scene.server.close())

  const url = (path: string) => `${scene.server.issuer}${path}`
  const bank = () => scene.party('bank')
  const who = () => ({ party: bank(), who: scene.victim })
  const offline = { scope: 'openid offline_access', prompt: 'consent' }
  const alive = async (token: string) => (await ask(url('/userinfo'), await bearing(holder, token, url('/userinfo')))).status === 200

  /** Of all calls of what the provider keeps in or records to, that one fails, or it and all after it; answers how many there were, and heals. */
  function failAt(nth: number, { rest = false, error = new Error('the store says no') }: { rest?: boolean; error?: Error } = {}): () => number {
    let calls = 0
    const { volatile, kept, audit } = scene.server.house
    const ports: readonly (readonly [object, string])[] = [...[volatile, kept].flatMap((store) => ['get', 'put', 'claim', 'drop'].map((act) => [store, act] as const)), [audit, 'append']]
    const whole = ports.map(([port, act]) => ({ port, act, real: Reflect.get(port, act) as (...given: readonly unknown[]) => Promise<unknown> }))
    for (const { port, act, real } of whole) {
      Reflect.set(port, act, async (...given: readonly unknown[]) => {
        calls += 1
        if (calls === nth || (rest && calls > nth)) throw error
        return Reflect.apply(real, port, given)
      })
    }
    return () => {
      for (const { port, act, real } of whole) Reflect.set(port, act, real)
      return calls
    }
  }

  let revoked = ''
  const isTold = ({ status }: Told) => status === 200
  const hasToken = async ({ text }: Told) => /"(access_token|refresh_token|id_token)"/.test(text)
  const acts: readonly Act[] = [
    {
      name: 'a revocation of an access token is told as done',
      prepare: async () => {
        revoked = await tokenOf(holder, who())
        const fields = { token: revoked, ...(await assertionOf(bank())) }
        return () => post(url('/revoke'), fields)
      },
      wrong: async (told) => isTold(told) && alive(revoked),
    },
    {
      name: 'a revocation of a refresh token is told as done',
      prepare: async () => {
        const first = await redeem(holder, bank(), await authorizeBy(holder, { ...who(), parameters: offline }))
        revoked = String(first.json['access_token'])
        const fields = { token: String(first.json['refresh_token']), token_type_hint: 'refresh_token', ...(await assertionOf(bank())) }
        return () => post(url('/revoke'), fields)
      },
      wrong: async (told) => isTold(told) && alive(revoked),
    },
    {
      name: 'a token leaves for a code',
      prepare: async () => {
        const given = await authorizeBy(holder, { ...who(), parameters: offline })
        const fields = { ...redemption(bank(), given.answer, given.checks), ...(await assertionOf(bank())) }
        const dpop = await proofBy(holder, { url: url('/token'), nonce: await nonceOf(holder, bank()) })
        return () => post(url('/token'), fields, { dpop })
      },
      wrong: hasToken,
    },
    {
      name: 'a token leaves for a refresh token',
      prepare: async () => {
        const given = await authorizeBy(undefined, { party: scene.party('app'), who: scene.victim, parameters: offline })
        const first = await post(url('/token'), redemption(scene.party('app'), given.answer, given.checks))
        return () => post(url('/token'), { grant_type: 'refresh_token', refresh_token: String(first.json['refresh_token']), client_id: 'app' })
      },
      wrong: hasToken,
    },
    {
      name: 'a request is taken',
      prepare: async () => {
        const fields = { ...authorization(bank()), ...(await assertionOf(bank())) }
        return () => post(url('/par'), fields)
      },
      wrong: async ({ text }) => text.includes('"request_uri"'),
    },
    {
      name: 'a code leaves',
      prepare: async () => {
        const { url: begun } = await scene.at.bank.begin()
        const cookie = scene.victim.visitor.jar.header(begun)
        return () => get(begun.href, { cookie })
      },
      wrong: async ({ headers }) => (headers.get('location') ?? '').includes('code='),
    },
  ]

  test.each(acts)('while one fails: never that $name', async ({ prepare, wrong }) => {
    let nth = 1
    for (; nth < 60; nth += 1) {
      const act = await prepare()
      const heal = failAt(nth)
      const told = await act()
      if (heal() < nth) break
      expect([nth, told.status, await wrong(told)]).toEqual([nth, told.status, false])
      expect(told.text).not.toContain('the store says no')
    }
    // It ended because there was no call of that number, and some there were.
    expect(nth).toBeGreaterThan(1)
    expect(nth).toBeLessThan(60)
  })

  const granted = async () => (await scene.server.house.database.rows(sql<{ id: string }>`select id from audit_event where type = 'authorization.granted'`)).length

  test.each([['one of them', false], ['one and all after it', true]] as const)('L01, R04: while %s is unavailable, a service is on record as authorized where a code left and nowhere else, and it or the person hears in words to come back', async (_which, rest) => {
    let nth = 1
    for (; nth < 60; nth += 1) {
      const { url: begun } = await scene.at.bank.begin()
      const cookie = scene.victim.visitor.jar.header(begun)
      const before = await granted()
      const heal = failAt(nth, { rest, error: new Problem('service.unavailable') })
      const told = await get(begun.href, { cookie, accept: 'text/html' })
      if (heal() < nth) break
      const location = told.headers.get('location') ?? ''
      const hasCode = location.includes('code=')
      expect([nth, (await granted()) - before]).toEqual([nth, hasCode ? 1 : 0])
      expect([nth, hasCode || told.status === 503 || location.includes('error=temporarily_unavailable')]).toEqual([nth, true])
    }
    expect([nth > 1, nth < 60]).toEqual([true, true])
  })
})

describe.skipIf(!engines.includes('servers'))('servers that stand still', () => {
  let stores: { postgres: Server; redis: Server }
  let scene: Scene
  beforeAll(async () => {
    const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
    if (postgres === undefined || redis === undefined) throw new Error('they were there')
    stores = { postgres, redis }
    scene = await makeScene({ env: { DATABASE_URL: postgres.url, REDIS_URL: redis.url } })
  })
  afterAll(async () => {
    await scene?.server.close()
    await Promise.all([stores.postgres.stop(), stores.redis.stop()])
  })

  test.each(['redis', 'postgres'] as const)('%s: a revocation is never told as done, no token leaves, and afterwards all is as before', async (which) => {
    const url = (path: string) => `${scene.server.issuer}${path}`
    const holder = await makeHolder()
    const party = scene.party('bank')
    const token = await tokenOf(holder, { party, who: scene.victim, parameters: { scope: 'openid offline_access', prompt: 'consent' } })
    const given = await authorizeBy(holder, { party, who: scene.victim })
    const nonce = await nonceOf(holder, party)
    const messages = await Promise.all([1, 2, 3].map(() => assertionOf(party)))
    stores[which].freeze()
    try {
      const revoke = post(url('/revoke'), { token, ...messages[0] })
      const redeemed = post(url('/token'), { ...redemption(party, given.answer, given.checks), ...messages[1] }, { dpop: await proofBy(holder, { url: url('/token'), nonce }) })
      const introspected = post(url('/introspect'), { token, ...messages[2] })
      for (const told of await Promise.all([revoke, redeemed, introspected])) {
        expect([told.status, told.json['access_token'], told.json['active']]).toEqual([503, undefined, undefined])
      }
    } finally {
      stores[which].thaw()
    }
    await expect.poll(async () => (await get(url('/readyz'))).status, { timeout: 15_000 }).toBe(200)
    const attempt = async () => (await ask(url('/userinfo'), await bearing(holder, token, url('/userinfo')))).status
    await expect.poll(attempt, { timeout: 10_000 }).toBe(200)
    // Connections that were standing still are given up one by one.
    await expect.poll(async () => (await post(url('/revoke'), { token, ...(await assertionOf(party)) })).status, { timeout: 10_000 }).toBe(200)
    expect(await attempt()).toBe(401)
  })
})
