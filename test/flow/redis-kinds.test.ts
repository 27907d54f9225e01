import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endAll } from '#app/ending.ts'
import { tap } from '#test/support/citizen.ts'
import { arrive, assertionOf, authorization, authorize, enrol, get, isSignIn, post, redemption, signIn, type Told } from '#test/support/journey.ts'
import { kinds, type Kind } from '#test/support/redis-kinds.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { makeVisitor } from '#test/support/visitor.ts'

const clients = { portal: testClient({ name: 'portal' }), bank: testClient({ name: 'bank', profile: 'fapi2' }) }
const ten = Array.from({ length: 10 }, (_, at) => at)

/** For so long each story is told again and again, so that slots move under it. */
const soon = () => Date.now() + 2500

/** A second for whoever is silent, three for the others to agree and for us to hear of it, and ten by which others' clocks may be ahead; the rest is for a busy test machine. */
const again = { timeout: 40_000, interval: 300 }

/** A server at two nodes over a Redis of this kind, and somebody with an account. */
async function open(start: () => Promise<Kind>) {
  const kind = await start()
  const server = await startServer({ engine: 'servers', clients: () => Object.values(clients).map(({ metadata }) => metadata), env: { REDIS_URL: kind.server.url } })
  const other = await server.another()
  const party = clients.portal.party(server.issuer)
  const [portal, bank] = [await makeRelyingParty(party), await makeRelyingParty(clients.bank.party(server.issuer))]
  kind.moveWhatIsUsed?.('eid:')
  return {
    kind, server, party, portal, bank,
    someone: await enrol(server, portal),
    either: (path: string, at: number) => (at % 2 === 0 ? `${server.issuer}${path}` : `http://localhost:${other.port}${path}`),
    close: () => endAll([[other.close], [server.close], [kind.stop]]),
  }
}

const won = (answers: readonly Told[]) => answers.filter(({ status }) => status < 300)
const there = engines.includes('servers')

describe.skipIf(!there).each(Object.entries(kinds))('F03: signing in over %s', (_name, start) => {
  let scene: Awaited<ReturnType<typeof open>>
  beforeAll(async () => {
    scene = await open(start)
  }, 90_000)
  afterAll(() => scene?.close())

  test('a person signs in at two services, and is known on the next visit', async () => {
    for (const until = soon(); Date.now() < until; ) {
      const at = await signIn(scene.portal, scene.someone)
      expect((await scene.portal.userinfo(at)).sub).toBe(at.claims.sub)
      const visitor = makeVisitor({ leaveAt })
      const { url, checks } = await scene.bank.begin()
      const page = await visitor.open(url)
      expect(isSignIn(page)).toBe(true)
      const back = await arrive(visitor, page, scene.someone.citizen)
      expect((await scene.bank.finish(back.url, checks)).claims.sub).not.toBe(at.claims.sub)
      const silent = await scene.bank.begin()
      expect((await visitor.open(silent.url)).url.searchParams.get('code')).toEqual(expect.any(String))
    }
  }, 60_000)

  test('P03, P06, P08, W03: of ten at two nodes one has the code, one the pushed request, one the assertion and one the challenge', async () => {
    for (const until = soon(); Date.now() < until; ) {
      const { answer, checks } = await authorize(scene.portal, scene.someone)
      const requests = await Promise.all(ten.map(async () => ({ ...redemption(scene.party, answer, checks), ...(await assertionOf(scene.party)) })))
      expect(won(await Promise.all(requests.map((fields, at) => post(scene.either('/token', at), fields))))).toHaveLength(1)

      const proof = await assertionOf(scene.party)
      expect(won(await Promise.all(ten.map((at) => post(scene.either('/par', at), { ...authorization(scene.party), ...proof }))))).toHaveLength(1)

      const { url } = await scene.portal.begin()
      const cookie = scene.someone.visitor.jar.header(url)
      const pushed = await Promise.all(ten.map((at) => get(scene.either(`${url.pathname}${url.search}`, at), { cookie })))
      expect(pushed.filter(({ headers }) => (headers.get('location') ?? '').includes('code='))).toHaveLength(1)

      const visitor = makeVisitor({ leaveAt })
      const page = await visitor.open((await scene.portal.begin()).url)
      await tap(visitor, page, scene.someone.citizen.authenticator)
      expect((await tap(visitor, page, scene.someone.citizen.authenticator)).status).toBe(400)
    }
  }, 60_000)

  test('P08: an assertion that is met while everything is on its way is believed once, however many bring it', async () => {
    await scene.kind.standOnTheirWay?.()
    let most = 0
    const believed = async () => {
      const proof = await assertionOf(scene.party)
      const many = won(await Promise.all(ten.map((at) => post(scene.either('/par', at), { ...authorization(scene.party), ...proof })))).length
      most = Math.max(most, many)
      return many
    }
    // Servers that are asked here, there and here again may take longer than an answer may: then none is.
    for (let round = 0; round < 5; round += 1) await expect.poll(believed, again).toBe(1)
    expect(most).toBe(1)
  }, 120_000)
})

describe.skipIf(!there)('a Redis Cluster of six', () => {
  let scene: Awaited<ReturnType<typeof open>>
  beforeAll(async () => {
    scene = await open(kinds['a Redis Cluster of six'])
  }, 90_000)
  afterAll(() => scene?.close())

  test('R04: a primary is killed: nobody sees a fault of ours, and soon everybody signs in again', async () => {
    const unspent = await authorize(scene.portal, scene.someone)
    const redeem = async () => post(`${scene.server.issuer}/token`, { ...redemption(scene.party, unspent.answer, unspent.checks), ...(await assertionOf(scene.party)) })
    scene.kind.loseOne?.()
    const began = Date.now()
    const statuses = new Set<number>()
    const whole = async () => {
      const visitor = makeVisitor({ leaveAt })
      try {
        const { url, checks } = await scene.portal.begin()
        const page = await visitor.open(url)
        statuses.add(page.status)
        if (!isSignIn(page)) return 'not now'
        const back = await arrive(visitor, page, scene.someone.citizen)
        statuses.add(back.status)
        return (await scene.portal.finish(back.url, checks)).claims.sub === '' ? 'nobody' : 'in'
      } catch {
        return 'not now'
      }
    }
    // A third of the proofs of services is of the server that went: so many in a row are no luck.
    const twentyInARow = async () => {
      for (let round = 0; round < 20; round += 1) if ((await whole()) !== 'in') return false
      return true
    }
    // Where its keys lie on the servers that are left, somebody may be in at once.
    await expect.poll(async () => (await get(`${scene.server.issuer}/readyz`)).status, again).toBe(200)
    await expect.poll(twentyInARow, again).toBe(true)
    expect(Date.now() - began).toBeLessThan(30_000)
    expect([...statuses].filter((status) => status === 500)).toEqual([])
    // Whether or not its mark was on the server that is gone, at most once.
    expect(won([await redeem(), await redeem()]).length).toBeLessThanOrEqual(1)
  }, 90_000)
})
