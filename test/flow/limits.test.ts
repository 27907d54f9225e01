import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getCACertificates } from 'node:tls'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { LimitName } from '#domain/abuse/limits.ts'
import { networkOf } from '#domain/abuse/network.ts'
import { accountOf, assertionOf, enrol, get, post, signIn, type Enrolled, type Told } from '#test/support/journey.ts'
import { comesToBe, startEid } from '#test/support/node-process.ts'
import { freePorts } from '#test/support/ports.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { openServiceSite, type ServiceSite } from '#test/support/service-site.ts'
import { leaveAt, testClient, type TestClient } from '#test/support/test-clients.ts'
import { temporaryFolder } from '#test/support/tmp.ts'
import { makeVisitor } from '#test/support/visitor.ts'

const grants = { grant_types: ['authorization_code', 'urn:openid:params:grant-type:ciba'], backchannel_token_delivery_mode: 'poll' }
const tries = 500
const inFourWeeks = new Date(Date.now() + 28 * 86_400_000).toISOString().slice(0, 10)

describe.skipIf(!engines.includes('servers'))('W11: of what is tried at once at two processes of the server', () => {
  let server: TestServer
  let site: ServiceSite
  let bank: TestClient
  let banking: RelyingParty
  let portal: RelyingParty
  let second: string

  beforeAll(async () => {
    site = await openServiceSite()
    bank = site.published(testClient({ name: 'bank', profile: 'fapi2', metadata: grants }))
    const front = testClient({ name: 'portal' })
    server = await startServer({ engine: 'servers', env: { OUTBOUND_ALLOW: 'localhost', TRUSTED_PROXIES: '127.0.0.1,::1' }, clients: () => [bank.metadata, front.metadata] })
    banking = await makeRelyingParty(bank.party(server.issuer))
    portal = await makeRelyingParty(front.party(server.issuer))
  }, 120_000)
  afterAll(async () => {
    await server.close()
    await site.close()
  })
  beforeEach(async () => {
    const [port = 0] = await freePorts(1)
    const trusted = join(temporaryFolder(), 'authorities.pem')
    writeFileSync(trusted, getCACertificates('default').join('\n'))
    second = `http://127.0.0.1:${port}`
    startEid(['serve'], { ...server.env, PORT: String(port), LOG_LEVEL: 'silent', NODE_EXTRA_CA_CERTS: trusted })
    await comesToBe(`${second}/readyz`, 200)
  }, 120_000)

  const points = (name: LimitName) => server.house.rules.limits[name].points
  /** So many at once, one half at each process; how many answers there were of each status. */
  async function atOnce(count: number, ask: (origin: string, at: number) => Promise<Pick<Told, 'status'>>): Promise<Record<number, number>> {
    const told = await Promise.all(Array.from({ length: count }, (_, at) => ask(at % 2 === 0 ? server.issuer : second, at)))
    return Object.fromEntries([...Map.groupBy(told, ({ status }) => status)].map(([status, all]) => [status, all.length]))
  }
  const askFor = async (origin: string, number: string) =>
    post(`${origin}/backchannel-authentication`, { ...await assertionOf(bank.party(server.issuer)), client_id: 'bank', ...await banking.signed({ scope: 'openid', binding_message: '47', login_hint: number }) })

  /**
   * Never does one more come through than the limit says; and just as many do where the stores answer in time, which on a busy machine takes another
   * try, by somebody who has tried nothing yet: until they do each process counts by itself, and lets fewer through.
   */
  async function justSoMany(most: number, through: (turn: number) => Promise<number>): Promise<void> {
    const seen: number[] = []
    for (let turn = 0; turn < 5 && seen.at(-1) !== most; turn += 1) {
      seen.push(await through(turn))
      expect(Math.max(...seen)).toBeLessThanOrEqual(most)
    }
    expect(seen.at(-1), `of ${seen.join(', ')} who came through`).toBe(most)
  }

  test('a block of addresses gets as much as one address, and not one try more', async () => {
    const blocks: readonly ((turn: number, at: number) => string)[] = [(turn, at) => `198.51.${100 + turn}.${at % 250}`, (turn, at) => `2001:db8:1:${turn + 2}:${at}::1`]
    for (const addressOf of blocks) {
      await justSoMany(points('device-codes-per-network'), async (turn) => tries - ((await atOnce(tries, (origin, at) => post(`${origin}/thiet-bi`, { user_code: 'BBBB-BBBB' }, { 'x-forwarded-for': addressOf(turn, at) })))[429] ?? 0))
    }
    expect((await post(`${second}/thiet-bi`, { user_code: 'BBBB-BBBB' }, { 'x-forwarded-for': '198.51.99.1' })).status).not.toBe(429)
  }, 240_000)

  test('a personal number is asked for as often as its limit says, and another is not held up', async () => {
    await justSoMany(points('asking-per-client-and-person'), async (turn) => (await atOnce(tries, (origin) => askFor(origin, `07920388888${turn}`)))[400] ?? 0)
    await expect.poll(async () => (await askFor(second, '079203888889')).status, { timeout: 20_000 }).toBe(400)
  }, 240_000)

  test('a client asks for as many whom nobody knows as its limit says', async () => {
    const asked = points('asking-misses-per-client')
    for (let spent = 0; spent < asked - 250; spent += 1) await server.house.limits.spend('asking-misses-per-client', 'bank').catch(() => undefined)
    const { 400: missed = 0, 429: refused = 0 } = await atOnce(tries, (origin, at) => askFor(origin, `0792039${String(at).padStart(5, '0')}`))
    // What the tests before have missed is counted with it; and some found no store in time.
    expect(missed).toBeLessThanOrEqual(250)
    expect(missed).toBeGreaterThan(200 - (tries - missed - refused))
    await expect.poll(async () => (await askFor(second, '079203888890')).status, { timeout: 20_000 }).toBe(429)
  }, 120_000)

  test('an account does as much as its limit says, from however many browsers', async () => {
    await justSoMany(points('exports-per-officer'), async () => {
      const who = await enrol(server, portal)
      await server.house.officers.bootstrap([{ account: await accountOf(server, who), role: 'super-admin', ends_on: inFourWeeks }], new Date())
      const headers = { cookie: who.visitor.jar.header(new URL(server.issuer)) }
      const told = await atOnce(tries, (origin) => get(`${origin}/quan-tri/ung-dung?dang=csv`, headers))
      // Each refusal is on record; who finds no connection for that in time is refused too.
      expect((told[200] ?? 0) + (told[429] ?? 0) + (told[503] ?? 0)).toBe(tries)
      return told[200] ?? 0
    })
  }, 240_000)

  test('W12: whatever a stranger uses up, in the same network too, a citizen signs in with the passkey of a device that is known', async () => {
    const who = await enrol(server, portal)
    const networks = ['127.0.0.1', '::1', '::ffff:127.0.0.1'].map(networkOf)
    const used: readonly (readonly [LimitName, readonly string[]])[] = [
      ['sign-in-failures-per-address', networks], ['narrowing-per-address', networks], ['recovery-per-network', networks], ['lost-per-network', networks],
      ['registration-per-address', networks], ['registration-per-number', [who.citizen.number]], ['asking-per-client-and-person', [`bank ${who.citizen.number}`]],
    ]
    for (const [name, keys] of used) for (const key of keys) await Promise.all(Array.from({ length: points(name) + 1 }, () => server.house.limits.spend(name, key).catch(() => undefined)))
    const anew: Enrolled = { citizen: who.citizen, visitor: makeVisitor({ leaveAt }) }
    for (const one of [who, anew]) expect((await signIn(portal, one, { prompt: 'login' })).claims['acr']).toBe('urn:vn:eid:loa:2')
  }, 120_000)
})
