import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Running } from '#app/serve.ts'
import { makeScene, type Scene } from '#test/support/attack-scene.ts'
import { ask, authorizeBy, bearing, makeHolder, nonceOf, proofBy, redeem, tokenOf } from '#test/support/hand-made.ts'
import { assertionOf, authorization, get, post, redemption, type Told } from '#test/support/journey.ts'
import { startRedis } from '#test/support/redis-server.ts'
import { engines } from '#test/support/running.ts'

/*
 * Many hands at once, at two nodes over one PostgreSQL and one Redis, and at one that was started when Redis had forgotten everything. One
 * node alone is in test/flow/races.test.ts. Of each, one wins or none.
 */
const twenty = Array.from({ length: 20 }, (_, at) => at)
const fifty = Array.from({ length: 50 }, (_, at) => at)

describe.skipIf(!engines.includes('servers'))('two nodes', () => {
  let scene: Scene
  let other: Running
  beforeAll(async () => {
    scene = await makeScene({ engine: 'servers' })
    other = await scene.server.another()
  })
  afterAll(async () => {
    await other?.close()
    await scene?.server.close()
  })

  const own = (path: string) => `${scene.server.issuer}${path}`
  const either = (path: string, at: number) => (at % 2 === 0 ? own(path) : `http://localhost:${other.port}${path}`)
  const won = (answers: readonly Told[]) => answers.filter(({ status }) => status < 300)

  test('P08: one of fifty is believed with the same assertion', async () => {
    const proof = await assertionOf(scene.party('bank'))
    const answers = await Promise.all(fifty.map((at) => post(either('/par', at), { ...authorization(scene.party('bank')), ...proof })))
    expect(won(answers)).toHaveLength(1)
    expect(answers.filter(({ json }) => json['error'] === 'invalid_client')).toHaveLength(49)
  })

  test('P03: one of fifty has an answer to the same pushed request', async () => {
    const { url } = await scene.at.bank.begin()
    const cookie = scene.victim.visitor.jar.header(url)
    const answers = await Promise.all(fifty.map((at) => get(either(`${url.pathname}${url.search}`, at), { cookie })))
    expect(answers.filter(({ headers }) => (headers.get('location') ?? '').includes('code='))).toHaveLength(1)
  })

  test('P09: one of twenty is heard with the same proof of possession', async () => {
    const holder = await makeHolder()
    const token = await tokenOf(holder, { party: scene.party('bank'), who: scene.victim })
    const once = await bearing(holder, token, own('/userinfo'))
    const answers = await Promise.all(twenty.map((at) => ask(either('/userinfo', at), once)))
    expect(won(answers)).toHaveLength(1)
  })

  test('P06, P09: one of twenty redeems a code, each with an assertion and a proof of its own, and the others end what it got', async () => {
    const holder = await makeHolder()
    const party = scene.party('bank')
    const given = await authorizeBy(holder, { party, who: scene.victim })
    const nonce = await nonceOf(holder, party)
    const messages = await Promise.all(twenty.map(async () => ({ fields: { ...redemption(party, given.answer, given.checks), ...(await assertionOf(party)) }, dpop: await proofBy(holder, { url: own('/token'), nonce }) })))
    const answers = await Promise.all(messages.map(({ fields, dpop }, at) => post(either('/token', at), fields, { dpop })))
    const [winner, ...others] = won(answers)
    expect([winner?.status, others]).toEqual([200, []])
    const token = String(winner?.json['access_token'])
    expect((await ask(own('/userinfo'), await bearing(holder, token, own('/userinfo')))).status).toBe(401)
  })

  /** A refresh token of a public client. */
  async function refreshToken(): Promise<string> {
    const party = scene.party('app')
    const given = await authorizeBy(undefined, { party, who: scene.victim, parameters: { scope: 'openid offline_access', prompt: 'consent' } })
    return String((await post(own('/token'), redemption(party, given.answer, given.checks))).json['refresh_token'])
  }
  const refresh = (token: string, at: string) => post(at, { grant_type: 'refresh_token', refresh_token: token, client_id: 'app' })
  const active = async (token: string) => (await get(own('/userinfo'), { authorization: `Bearer ${token}` })).status === 200

  test('P10: of fifty uses of a public client’s refresh token at most one brings anything, and then the family is dead', async () => {
    const token = await refreshToken()
    const answers = await Promise.all(fifty.map((at) => refresh(token, either('/token', at))))
    expect(won(answers).length).toBeLessThanOrEqual(1)
    for (const { json } of won(answers)) {
      expect([(await refresh(String(json['refresh_token']), own('/token'))).json['error'], await active(String(json['access_token']))]).toEqual(['invalid_grant', false])
    }
    expect((await refresh(token, own('/token'))).json['error']).toBe('invalid_grant')
  })

  test('P10, W12: what is revoked while it is refreshed stays dead, whoever came first', async () => {
    for (const _round of [1, 2, 3, 4, 5]) {
      const token = await refreshToken()
      const revoke = () => post(either('/revoke', 1), { token, client_id: 'app' })
      const [first, told, second] = await Promise.all([refresh(token, own('/token')), revoke(), refresh(token, either('/token', 1))])
      expect(told.status).toBe(200)
      for (const { json } of won([first, second])) {
        expect([await active(String(json['access_token'])), (await refresh(String(json['refresh_token']), own('/token'))).json['error']]).toEqual([false, 'invalid_grant'])
      }
      expect((await refresh(token, own('/token'))).json['error']).toBe('invalid_grant')
    }
  })

  test('P10: a used refresh token ends its family at a node that was started afterwards, on a Redis that has forgotten everything (CVE-2026-9802)', async () => {
    const token = await refreshToken()
    const next = String((await refresh(token, own('/token'))).json['refresh_token'])
    const empty = await startRedis()
    const restarted = await scene.server.another({ REDIS_URL: empty?.url ?? '' })
    try {
      const at = `http://localhost:${restarted.port}/token`
      expect((await refresh(token, at)).json['error']).toBe('invalid_grant')
      expect((await refresh(next, at)).json['error']).toBe('invalid_grant')
      const reasons = await scene.server.house.database.rows(sql<{ data: Record<string, unknown> }>`select data from audit_event where type = 'grant.revoked' order by id desc limit 1`)
      expect(reasons.map(({ data }) => data['reason'])).toEqual(['refresh-token-replayed'])
    } finally {
      await restarted.close()
      await empty?.stop()
    }
    expect((await refresh(next, own('/token'))).json['error']).toBe('invalid_grant')
  })

  test('P10: of a client with a key a refresh token goes on at that node, bound to the client as before', async () => {
    const holder = await makeHolder()
    const party = scene.party('bank')
    const first = await redeem(holder, party, await authorizeBy(holder, { party, who: scene.victim, parameters: { scope: 'openid offline_access', prompt: 'consent' } }))
    const empty = await startRedis()
    const restarted = await scene.server.another({ REDIS_URL: empty?.url ?? '' })
    try {
      const fields = { grant_type: 'refresh_token', refresh_token: String(first.json['refresh_token']) }
      const at = `http://localhost:${restarted.port}/token`
      const proven = async (name: 'bank' | 'evil') => post(at, { ...fields, ...(await assertionOf(scene.party(name))) }, { dpop: await proofBy(holder, { url: own('/token'), nonce: await nonceOf(holder, party) }) })
      // P08: of a Redis that has forgotten what was used, only proofs are believed that were made ten seconds after.
      expect((await proven('bank')).json['error']).toBe('temporarily_unavailable')
      await expect.poll(async () => (await proven('evil')).json['error'], { timeout: 25_000, interval: 1000 }).toBe('invalid_grant')
      expect((await proven('bank')).status).toBe(200)
    } finally {
      await restarted.close()
      await empty?.stop()
    }
  })
})
