import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tap } from '#test/support/citizen.ts'
import { arrive, assertionOf, authorization, authorize, enrol, get, isSignIn, post, redemption, signIn, type Enrolled, type Told } from '#test/support/journey.ts'
import { kinds, type Kind } from '#test/support/redis-kinds.ts'
import { makeRelyingParty, type Party, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { makeVisitor } from '#test/support/visitor.ts'

const clients = { portal: testClient({ name: 'portal' }), bank: testClient({ name: 'bank', profile: 'fapi2' }) }
const ten = Array.from({ length: 10 }, (_, at) => at)

/** For so long each story is told again and again, so that slots move under it. */
const soon = () => Date.now() + 2500

/** A second for whoever is silent, three for the others to agree and for us to hear of it, and ten by which others' clocks may be ahead; the rest is for a busy test machine. */
const again = { timeout: 40_000, interval: 300 }

describe.skipIf(!engines.includes('servers')).each(Object.entries(kinds))('F03: signing in over %s', (name, start) => {
  let kind: Kind
  let server: TestServer
  let other: Awaited<ReturnType<TestServer['another']>>
  let party: Party
  let [portal, bank]: RelyingParty[] = []
  let someone: Enrolled
  beforeAll(async () => {
    kind = await start()
    server = await startServer({ engine: 'servers', clients: () => Object.values(clients).map(({ metadata }) => metadata), env: { REDIS_URL: kind.server.url } })
    other = await server.another()
    party = clients.portal.party(server.issuer)
    ;[portal, bank] = [await makeRelyingParty(party), await makeRelyingParty(clients.bank.party(server.issuer))]
    kind.moveWhatIsUsed?.('eid:')
    someone = await enrol(server, known(portal))
  }, 90_000)
  afterAll(async () => {
    await other?.close()
    await server?.close()
    await kind?.stop()
  })

  const known = <Value>(value: Value | undefined): Value => value ?? expect.fail('it was made before')
  const either = (path: string, at: number) => (at % 2 === 0 ? `${server.issuer}${path}` : `http://localhost:${other.port}${path}`)
  const won = (answers: readonly Told[]) => answers.filter(({ status }) => status < 300)

  test('a person signs in at two services, is known on the next visit, and signs out', async () => {
    for (const until = soon(); Date.now() < until; ) {
      const at = await signIn(known(portal), someone)
      expect((await known(portal).userinfo(at)).sub).toBe(at.claims.sub)
      const visitor = makeVisitor({ leaveAt })
      const { url, checks } = await known(bank).begin()
      const page = await visitor.open(url)
      expect(isSignIn(page)).toBe(true)
      const back = await arrive(visitor, page, someone.citizen)
      expect((await known(bank).finish(back.url, checks)).claims.sub).not.toBe(at.claims.sub)
      const silent = await known(bank).begin()
      expect((await visitor.open(silent.url)).url.searchParams.get('code')).toEqual(expect.any(String))
    }
  }, 60_000)

  test('P03, P06, P08, W03: of ten at two nodes one has the code, one the pushed request, one the assertion and one the challenge', async () => {
    for (const until = soon(); Date.now() < until; ) {
      const { answer, checks } = await authorize(known(portal), someone)
      const requests = await Promise.all(ten.map(async () => ({ ...redemption(party, answer, checks), ...(await assertionOf(party)) })))
      expect(won(await Promise.all(requests.map((fields, at) => post(either('/token', at), fields))))).toHaveLength(1)

      const proof = await assertionOf(party)
      expect(won(await Promise.all(ten.map((at) => post(either('/par', at), { ...authorization(party), ...proof }))))).toHaveLength(1)

      const { url } = await known(portal).begin()
      const cookie = someone.visitor.jar.header(url)
      const pushed = await Promise.all(ten.map((at) => get(either(`${url.pathname}${url.search}`, at), { cookie })))
      expect(pushed.filter(({ headers }) => (headers.get('location') ?? '').includes('code='))).toHaveLength(1)

      const visitor = makeVisitor({ leaveAt })
      const page = await visitor.open((await known(portal).begin()).url)
      await tap(visitor, page, someone.citizen.authenticator)
      expect((await tap(visitor, page, someone.citizen.authenticator)).status).toBe(400)
    }
  }, 60_000)

  test.runIf(name === 'a Redis Cluster of six')('R04: a primary is killed: nobody sees a fault of ours, and soon everybody signs in again', async () => {
    const unspent = await authorize(known(portal), someone)
    const redeem = async () => post(`${server.issuer}/token`, { ...redemption(party, unspent.answer, unspent.checks), ...(await assertionOf(party)) })
    known(kind.loseOne)()
    const began = Date.now()
    const statuses = new Set<number>()
    const whole = async () => {
      const visitor = makeVisitor({ leaveAt })
      try {
        const { url, checks } = await known(portal).begin()
        const page = await visitor.open(url)
        statuses.add(page.status)
        if (!isSignIn(page)) return 'not now'
        const back = await arrive(visitor, page, someone.citizen)
        statuses.add(back.status)
        return (await known(portal).finish(back.url, checks)).claims.sub === '' ? 'nobody' : 'in'
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
    await expect.poll(async () => (await get(`${server.issuer}/readyz`)).status, again).toBe(200)
    await expect.poll(twentyInARow, again).toBe(true)
    expect(Date.now() - began).toBeLessThan(30_000)
    console.log(`everybody was in again ${Date.now() - began} ms after a primary was killed`)
    expect([...statuses].filter((status) => status === 500)).toEqual([])
    // Whether or not its mark was on the server that is gone, at most once.
    expect(won([await redeem(), await redeem()]).length).toBeLessThanOrEqual(1)
  }, 90_000)
})
