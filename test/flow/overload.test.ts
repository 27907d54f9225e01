import { request, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { newId, sector } from '#kernel/id.ts'
import { lineDay } from '#domain/abuse/line.ts'
import { networkOf, siteOf } from '#domain/abuse/network.ts'
import { stageKey } from '#keys/ring-change.ts'
import { makeMetrics } from '#observe/metrics.ts'
import { insertRole } from '#storage/postgres/officers.ts'
import { tap } from '#test/support/citizen.ts'
import { accountOf, arrive, enrol, get, post, type Enrolled, type Told } from '#test/support/journey.ts'
import { comesToBe } from '#test/support/node-process.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { startRedis } from '#test/support/redis-server.ts'
import { csrfToken } from '#web/request/visit.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { formAt, makeVisitor, titleOf, type Stop, type Visitor } from '#test/support/visitor.ts'

const client = testClient({ name: 'portal' })
const front = testClient({ name: 'front', metadata: { require_pushed_authorization_requests: false } })
const places = 8
/** Whoever floods does it from another network than people and services. */
const throughProxy = { TRUSTED_PROXIES: '127.0.0.1,::1' }
const elsewhere = { 'x-forwarded-for': '203.0.113.9' }
const doorOf = (issuer: string) => `${issuer}/authorize?${new URLSearchParams({ client_id: 'front', response_type: 'code', scope: 'openid', redirect_uri: front.party('').redirectUri, code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256', state: 'of-the-service', nonce: 'of-the-service' })}`

/** One request of many that are meant to fill the places, if it was refused; whether it is heard at all is nobody's care, and the test is not to be the crowd. */
async function junk(ask: () => Promise<Told>): Promise<Told | undefined> {
  const told = await ask().catch(() => undefined)
  if (told?.status !== 503) return undefined
  await pause(50)
  return told
}

/** Whoever finds no place comes back, as they are told, for as long as what a service has pushed is good. */
async function comesIn<Come>(come: () => Promise<Come | undefined>): Promise<Come> {
  for (let looks = 0; looks < 300; looks += 1) {
    const came = await come()
    if (came !== undefined) return came
    await pause(100)
  }
  throw new Error('never came in')
}

/** A page in the line is none that they came for; and whoever brings a reference is given no number there. */
function pageOf(stop: Stop): Stop | undefined {
  expect(stop.headers.get('set-cookie') ?? '').not.toContain('eid-line')
  return stop.status === 200 ? stop : undefined
}

describe.each(engines)('R09: more people than the server can take, on %s,', (engine) => {
  let server: TestServer
  let portal: RelyingParty
  beforeAll(async () => {
    server = await startServer({ engine, env: { MAX_IN_FLIGHT: String(places), ...throughProxy }, clients: () => [client.metadata, front.metadata] })
    portal = await makeRelyingParty(client.party(server.issuer))
  })
  afterAll(() => server.close())

  const door = () => doorOf(server.issuer)
  /** A server with a line of its own: another e-ID has another Redis, for nobody but us reads what we keep there. */
  async function another(): Promise<TestServer> {
    const redis = engine === 'servers' ? await startRedis() : undefined
    onTestFinished(() => redis?.stop())
    const fresh = await startServer({ engine, env: { MAX_IN_FLIGHT: String(places), ...throughProxy, ...(redis && { REDIS_URL: redis.url }) }, clients: () => [client.metadata, front.metadata] })
    onTestFinished(() => fresh.close())
    return fresh
  }
  /** So many at the door at once that most find no place. */
  const crowd = (headers: Record<string, string>, at = door()) => Promise.all(Array.from({ length: 60 }, () => get(at, headers)))
  /** As many as like to begin at once, by a service that does not wait, until told. */
  function flood(at = server): { refused: { status: number; after: number }[]; end: () => Promise<void> } {
    let over = false
    const refused: { status: number; after: number }[] = []
    const crowd = Array.from({ length: 60 }, async () => {
      while (!over) {
        const told = await junk(() => post(`${at.issuer}/par`, { client_id: 'nobody', client_secret: 'x', request: 'y' }, elsewhere))
        if (told !== undefined) refused.push({ status: told.status, after: Number(told.headers.get('retry-after')) })
      }
    })
    const end = async () => {
      over = true
      await Promise.all(crowd)
    }
    onTestFinished(end)
    return { refused, end }
  }

  /** So many sign-ins of one person that are open at once, each up to its page; then each is ended, and none of its requests is turned away. */
  async function inTheMiddle(at: RelyingParty, { citizen }: Enrolled, count: number): Promise<() => Promise<readonly unknown[]>> {
    const open = await Promise.all(Array.from({ length: count }, async () => {
      const visitor = makeVisitor({ leaveAt })
      const { url, checks } = await comesIn(() => at.begin({ prompt: 'login' }).catch(() => undefined))
      return { visitor, checks, page: await comesIn(async () => pageOf(await visitor.open(url))) }
    }))
    return () => Promise.all(open.map(async ({ visitor, checks, page }) => {
      const end = await arrive(visitor, await tap(visitor, page, citizen.authenticator), citizen)
      // A service that comes from where none has proved itself yet comes back.
      return (await comesIn(() => at.finish(end.url, checks).catch(() => undefined))).claims['acr']
    }))
  }

  test('whoever is in the middle of a sign-in ends it through a flood of beginnings, which are told to come back; what is published answers', async () => {
    const endThem = await inTheMiddle(portal, await enrol(server, portal), 4)
    const { refused, end: endFlood } = flood()
    await expect.poll(() => refused.length, { timeout: 20_000 }).toBeGreaterThan(20)
    const ended = await endThem()
    const open = await Promise.all(['/jwks', '/.well-known/openid-configuration', '/tro-giup', '/livez'].map((path) => get(`${server.issuer}${path}`)))
    await endFlood()
    expect(ended).toEqual(Array.from({ length: 4 }, () => 'urn:vn:eid:loa:2'))
    expect(open.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(refused.every(({ after }) => after >= 2 && after <= 10)).toBe(true)
    expect(new Set(refused.map(({ after }) => after)).size).toBeGreaterThan(3)
  }, 60_000)

  const position = ({ text }: Stop) => Number(/bạn ở vị trí ([\d.]+)/.exec(titleOf(text))?.[1]?.replaceAll('.', ''))
  const ticketOf = (visitor: Visitor) => visitor.jar.read(new URL(door())).get('eid-line') ?? ''
  test('people wait in a line with a position that they keep and nobody jumps, and go on to where they came for', async () => {
    for (let ahead = 0; ahead < 120; ahead += 1) await server.house.lineStore.give(lineDay(new Date()))
    const [first, second] = [makeVisitor({ leaveAt }), makeVisitor({ leaveAt })]
    await expect.poll(async () => (await crowd({ accept: 'text/html' })).filter(({ status }) => status === 503).length, { timeout: 20_000 }).toBeGreaterThan(30)
    const page = await first.open(door())
    const begun = position(page)
    expect([page.status, begun > 1, page.headers.get('content-type'), Number(page.headers.get('retry-after')) >= 4, page.headers.get('cache-control')]).toEqual([503, true, 'text/html; charset=utf-8', true, 'no-store'])
    for (const said of [/<script type="module" src="\/assets\/again-/, /<p id="again" data-seconds="\d+"><a [^>]*href="\/authorize\?client_id=front&amp;/]) expect(page.text).toMatch(said)
    expect(page.text).not.toContain('http-equiv="refresh"')
    const mine = ticketOf(first)
    const again = await first.open(door())
    expect([ticketOf(first), position(again) <= begun]).toEqual([mine, true])
    // Whoever comes later stands behind, although there is room at the gate: nobody comes in beside the line.
    const behind = await second.open(door())
    expect(position(behind)).toBeGreaterThan(position(again) - 60)
    expect(Number(ticketOf(second).split('.')[1])).toBeGreaterThan(Number(mine.split('.')[1]))
    // A number that one writes oneself is none: the next is given.
    const forged = await get(door(), { accept: 'text/html', cookie: `eid-line=${mine.replace(/^(\d+)\.\d+/, '$1.1')}` })
    expect([forged.status, forged.headers.get('set-cookie')]).toEqual([503, expect.stringMatching(/^eid-line=\d+\.\d{3,}\./)])
    let seen: Stop = again
    await expect.poll(async () => (seen = await first.open(door())).status, { timeout: 45_000, interval: 500 }).toBe(200)
    expect([seen.url.pathname.startsWith('/interaction/'), titleOf(seen.text).includes('Dịch vụ front'), ticketOf(first)]).toEqual([true, true, ''])
    await expect.poll(async () => (await second.open(door())).status, { timeout: 45_000, interval: 500 }).toBe(200)
  }, 120_000)

  test.each(['line-numbers-per-site', 'line-numbers-per-network'] as const)('who has taken more numbers than people there need is told to come back, and gets none: %s', async (limit) => {
    const { house } = server
    const from = { accept: 'text/html', 'x-forwarded-for': '2001:db8:7:1::5' }
    const party = limit === 'line-numbers-per-site' ? siteOf(networkOf(from['x-forwarded-for'])) : networkOf(from['x-forwarded-for'])
    const spends = Array.from({ length: house.rules.limits[limit].points }, () => house.limits.spend(limit, party))
    await Promise.allSettled(spends)
    for (let ahead = 0; ahead < 500; ahead += 1) await house.lineStore.give(lineDay(new Date()))
    const refused: Told[] = []
    await expect.poll(async () => refused.push(...(await crowd(from)).filter(({ status }) => status === 503)), { timeout: 20_000 }).toBeGreaterThan(5)
    for (const told of refused) expect([told.headers.get('set-cookie'), told.headers.get('retry-after')]).toEqual([null, expect.stringMatching(/^([2-9]|10)$/)])
    // The next one is to be refused for its own limit.
    await Promise.all(spends.map(() => house.limits.give(limit, party, 'back')))
  }, 60_000)

  test('a place is for one: of those who share it one goes in, and it is used up', async () => {
    const day = lineDay(new Date())
    const ticket = { day, number: 1, givenAt: 0, mark: 'of-one-of-us' }
    const uses = await Promise.all(Array.from({ length: 20 }, () => server.house.lineStore.use(ticket)))
    expect(uses.filter(Boolean)).toHaveLength(1)
  })

  test('programs are told to come back, in their words; who may be shown nothing is given no number', async () => {
    const { end } = flood()
    for (const [at, headers] of [[door(), { accept: '*/*' }], [`${door()}&prompt=none`, { accept: 'text/html' }]] as const) {
      const refused: Told[] = []
      await expect.poll(async () => refused.push(...(await crowd(headers, at)).filter(({ status }) => status === 503)), { timeout: 20_000 }).toBeGreaterThan(5)
      for (const told of refused) expect([told.headers.get('set-cookie'), told.headers.get('retry-after')]).toEqual([null, expect.stringMatching(/^([2-9]|10)$/)])
    }
    await end()
  }, 60_000)

  test('to be told to come back costs the database nothing: only what else went wrong is noted there', async () => {
    const { refused, end } = flood()
    await expect.poll(() => refused.length, { timeout: 20_000 }).toBeGreaterThan(20)
    await end()
    // Notes are written in their order, so that what came before this one is there when it is.
    expect((await get(`${server.issuer}/nowhere`, { accept: 'text/html' })).status).toBe(404)
    const noted = async () => (await server.house.database.rows<{ problem: string }>(sql`select distinct problem from told_problem`)).map(({ problem }) => problem)
    await expect.poll(noted, { timeout: 20_000 }).toContain('request.not-found')
    expect(await noted()).not.toContain('service.crowded')
  }, 60_000)

  test('while people wait nobody goes in before them by asking as a program or for nothing to be shown; references of services go on', async () => {
    const fresh = await another()
    for (let ahead = 0; ahead < 200; ahead += 1) await fresh.house.lineStore.give(lineDay(new Date()))
    const at = doorOf(fresh.issuer)
    // This process looks at the line when the first comes with a number of it.
    const ticket = { day: lineDay(new Date()), number: 1, givenAt: Math.floor(Date.now() / 1000), mark: 'abcdefghijkl' }
    const number = `${ticket.day}.${ticket.number}.${ticket.givenAt}.${ticket.mark}`
    await get(at, { accept: 'text/html', cookie: `eid-line=${number}.${csrfToken(fresh.house.keyring, `line:${number}`)}` })
    const asked = async (url: string, accept: string) => {
      const { status, headers } = await get(url, { accept })
      return [status, headers.get('set-cookie'), headers.get('retry-after')]
    }
    const refused = [503, null, expect.stringMatching(/^([2-9]|10)$/)]
    expect([await asked(at, '*/*'), await asked(`${at}&prompt=none`, 'text/html'), await asked(`${at}&prompt=none`, '*/*')]).toEqual([refused, refused, refused])
    const { url } = await (await makeRelyingParty(client.party(fresh.issuer))).begin()
    expect([await asked(url.href, '*/*'), (await asked(url.href, 'text/html'))[0]]).toEqual([refused, 303])
  }, 60_000)

  test('in a crowd whoever brings what a service has pushed goes in before those who wait there, and comes to the end', async () => {
    const fresh = await another()
    const service = await makeRelyingParty(client.party(fresh.issuer))
    const who = await enrol(fresh, service)
    for (let ahead = 0; ahead < 2000; ahead += 1) await fresh.house.lineStore.give(lineDay(new Date()))
    const waiting = makeVisitor({ leaveAt })
    await expect.poll(async () => (await Promise.all(Array.from({ length: 60 }, () => get(doorOf(fresh.issuer), { accept: 'text/html' })))) && (await waiting.open(doorOf(fresh.issuer))).status, { timeout: 20_000 }).toBe(503)
    const { refused } = flood(fresh)
    await expect.poll(() => refused.length, { timeout: 20_000 }).toBeGreaterThan(20)
    const endThem = await inTheMiddle(service, who, 4)
    const still = await waiting.open(doorOf(fresh.issuer))
    const before = refused.length
    const ended = await endThem()
    const meanwhile = refused.length - before
    expect([ended, meanwhile > 20]).toEqual([Array.from({ length: 4 }, () => 'urn:vn:eid:loa:2'), true])
    expect([still.status, position(still) > 1]).toEqual([503, true])
  }, 60_000)

  test('junk that says it finishes sign-ins, and junk that shows references nobody gave, keeps out nobody who does', async () => {
    const endThem = await inTheMiddle(portal, await enrol(server, portal), 4)
    let [over, refused] = [false, 0]
    const asks = [
      () => post(`${server.issuer}/token`, { grant_type: 'authorization_code', code: 'x', client_id: 'nobody', client_secret: 'y' }, elsewhere),
      () => get(`${server.issuer}/interaction/${'x'.repeat(43)}`, elsewhere),
      () => get(`${server.issuer}/authorize?client_id=front&request_uri=urn:ietf:params:oauth:request_uri:${'x'.repeat(43)}`, elsewhere),
    ]
    const crowd = Array.from({ length: 60 }, async (_, at) => {
      const ask = asks[at % asks.length]
      while (!over) if (ask !== undefined && (await junk(ask)) !== undefined) refused += 1
    })
    await expect.poll(() => refused, { timeout: 20_000 }).toBeGreaterThan(100)
    const ended = await endThem().finally(() => (over = true))
    await Promise.all(crowd)
    expect(ended).toEqual(Array.from({ length: 4 }, () => 'urn:vn:eid:loa:2'))
  }, 60_000)
})

describe('R17: a file that is long on its way', () => {
  test('takes no place from others, and is read to its end', async () => {
    const server = await startServer({ env: { MAX_IN_FLIGHT: '4' }, clients: () => [{ ...client.metadata, sector: 'portal.example' }] })
    onTestFinished(() => server.close())
    const who = await enrol(server, await makeRelyingParty(client.party(server.issuer)))
    const endsOn = new Date(Date.now() + 28 * 86_400_000).toISOString().slice(0, 10)
    await insertRole(server.house.database, { id: newId(), account: await accountOf(server, who), role: 'client-admin', since: new Date(), endsOn, sector: sector.parse('portal.example') }, undefined)
    const at = `${server.issuer}/quan-tri/ung-dung/portal/lien-ket`
    const { fields } = formAt((await who.visitor.open(at)).text, '/lien-ket')
    const part = (name: string, text: string) => `--end\r\nContent-Disposition: form-data; name="${name}"${name === 'file' ? '; filename="subs.csv"\r\nContent-Type: text/csv' : ''}\r\n\r\n${text}`
    const { promise: rest, resolve: send } = Promise.withResolvers<string>()
    const headers = { cookie: who.visitor.jar.header(new URL(at)), origin: server.issuer, 'content-type': 'multipart/form-data; boundary=end' }
    const slow = Array.from({ length: 4 }, async () => {
      const asked = request(at, { method: 'POST', headers })
      asked.write(`${part('csrf', fields['csrf'] ?? '')}\r\n${part('file', 'sub\n')}`)
      void rest.then((text) => asked.end(text))
      const answer = await new Promise<IncomingMessage>((heard, failed) => asked.once('response', heard).once('error', failed))
      return { status: answer.statusCode, said: await text(answer) }
    })
    // With four that hold a place nobody would come in; on a busy machine some find others on their way.
    let heard = 0
    for (let again = 0; again < 20; again += 1) {
      if ((await who.visitor.open(at)).status === 200) heard += 1
      await pause(20)
    }
    expect(heard).toBeGreaterThan(10)
    send('nobody\n\r\n--end--\r\n')
    const told = await Promise.all(slow)
    // Those that come back all at once find the crowd that they are.
    expect([told.every(({ status }) => status === 200 || status === 503), told.some(({ status }) => status === 200)]).toEqual([true, true])
    for (const one of told.filter(({ status }) => status === 200)) expect(one.said).toContain('nobody,unknown')
  }, 60_000)
})

describe('R09: a network in which a service has proved itself', () => {
  test('is known for that, also after a change of keys, and no other is', async () => {
    const metrics = makeMetrics()
    const server = await startServer({ metrics, env: { MAX_IN_FLIGHT: String(places), TRUSTED_PROXIES: '127.0.0.1,::1' }, clients: () => [client.metadata] })
    onTestFinished(() => server.close())
    const refused = async () => {
      const { values = [] } = (await metrics.registry.getSingleMetric('eid_work_refused_total')?.get()) ?? {}
      return new Map(values.map(({ labels, value }) => [String(labels['work']), value]))
    }
    /** As what those are told to come back who crowd to the token endpoint from there and show nothing, once twenty were. */
    async function rankedAs(from: Record<string, string>): Promise<readonly string[]> {
      const before = await refused()
      const ask = () => post(`${server.issuer}/token`, { grant_type: 'authorization_code', code: 'x', client_id: 'nobody', client_secret: 'y' }, from)
      const crowd = async () => (await Promise.all(Array.from({ length: 60 }, ask))).filter(({ status }) => status === 503).length
      let told = 0
      await expect.poll(async () => (told += await crowd()), { timeout: 20_000 }).toBeGreaterThan(20)
      const after = await refused()
      return [...after].filter(([work, count]) => count > (before.get(work) ?? 0)).map(([work]) => work)
    }
    const elsewhere = { 'x-forwarded-for': '198.51.100.7' }
    expect(await rankedAs({})).toEqual(['claimed'])
    await enrol(server, await makeRelyingParty(client.party(server.issuer)))
    expect([await rankedAs({}), await rankedAs(elsewhere)]).toEqual([['finishing'], ['claimed']])
    const { jwk: { kid } } = await stageKey(server.keyringFile, 'ES256', new Date())
    await expect.poll(async () => (await get(`${server.issuer}/jwks`)).text, { timeout: 20_000 }).toContain(kid)
    expect([await rankedAs({}), await rankedAs(elsewhere)]).toEqual([['finishing'], ['claimed']])
  }, 120_000)
})

describe.skipIf(!engines.includes('servers'))('R09: more people than the server can take, while Redis is away,', () => {
  test('get a page that says when to come back, and no number', async () => {
    const redis = await startRedis()
    if (redis === undefined) throw new TypeError('the suite runs only where Redis is installed')
    onTestFinished(() => redis.stop())
    const server = await startServer({ engine: 'servers', env: { MAX_IN_FLIGHT: '4', REDIS_URL: redis.url }, clients: () => [front.metadata] })
    onTestFinished(() => server.close())
    redis.freeze()
    const told = await Promise.all(Array.from({ length: 60 }, () => get(doorOf(server.issuer), { accept: 'text/html' })))
    redis.thaw()
    await comesToBe(`${server.issuer}/readyz`, 200)
    const crowded = told.filter(({ text }) => text.includes('Rất nhiều người đang dùng cùng lúc'))
    expect(crowded.length).toBeGreaterThan(20)
    for (const { headers } of crowded) expect([headers.get('set-cookie'), headers.get('retry-after')]).toEqual([null, expect.stringMatching(/^([2-9]|10)$/)])
  }, 60_000)
})
