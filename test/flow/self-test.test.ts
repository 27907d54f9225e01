import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import type { AccountId } from '#kernel/id.ts'
import { isGreen, type Report } from '#domain/self-test/report.ts'
import { logoutTestNames, selfTestNames } from '#domain/self-test/self-test.ts'
import { selfTestsAt } from '#app/sandbox/self-tests.ts'
import { makeHostileKey } from '#oidc/hostile/make-key.ts'
import { developerClientStore } from '#storage/sandbox/developer-clients.ts'
import { faults } from '#storage/sandbox/faults.ts'
import { players } from '#storage/sandbox/players.ts'
import { sandboxOf, someDeveloper } from '#test/support/developer.ts'
import { openLoginSite, type Careless, type LoginSite } from '#test/support/login-site.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { silentLog } from '#test/support/silent-log.ts'

describe('X03: before a service goes live our provider plays a hostile one to it', () => {
  let server: TestServer
  let site: LoginSite | undefined
  beforeAll(async () => {
    server = await startServer({ sandbox: true })
  }, 60_000)
  afterEach(() => site?.close())
  afterAll(() => server.close())

  const tests = () => sandboxOf(server).sandbox.selfTests
  async function run(careless: Careless, owner: AccountId): Promise<Report> {
    site = await openLoginSite(sandboxOf(server), owner, careless)
    expect(await tests().begin(owner, site.id, site.addresses)).toBe('begun')
    const { id } = site
    await expect.poll(async () => (await tests().latest(owner, id))?.finishedAt, { timeout: 50_000 }).toBeDefined()
    const report = await tests().latest(owner, id)
    if (report === undefined) throw new Error('no report')
    return report
  }
  const failed = ({ results }: Report) => results.filter(({ passed }) => !passed).map(({ test: name, saw }) => `${name} ${saw}`)

  test('a service of an ordinary library that looks at everything is green, and each refusal was seen', async () => {
    const owner = someDeveloper()
    const report = await run({}, owner)
    expect(failed(report)).toEqual([])
    expect(report.results.map(({ test: name }) => name)).toEqual(selfTestNames)
    expect(isGreen(report)).toBe(true)
    // The good one, the code that was used twice, the token without kid, the rotated key, and the good one again.
    expect(site?.signedIn()).toBe(5)
    const events = await sandboxOf(server).house.database.rows(sql<{ type: string; by: string }>`select type, data->>'by' as by from audit_event where type like 'self-test.%' order by 1`)
    expect(events).toEqual([{ type: 'self-test.begun', by: owner }, { type: 'self-test.finished', by: owner }])
  }, 60_000)

  test('one that takes whatever was signed, and an answer in any browser, is red at just these two', async () => {
    const report = await run({ signature: true, browser: true }, someDeveloper())
    expect(failed(report)).toEqual(['other-browser signed-in', 'foreign-key signed-in'])
    expect(isGreen(report)).toBe(false)
  }, 60_000)

  test('one that looks neither at the level nor at who says that somebody signed out is red at just these', async () => {
    expect(failed(await run({ acr: true, logout: true }, someDeveloper()))).toEqual([
      'acr signed-in', ...['forged', 'unsigned', 'aud', 'event', 'nonce', 'replayed'].map((what) => `logout-${what} signed-in`),
    ])
  }, 60_000)

  test('one that looks at a logout as at any token, and has no page for a code that was used, is red at what makes an event a logout and at that', async () => {
    expect(failed(await run({ logoutClaims: true, refusal: true }, someDeveloper()))).toEqual(['code-used crashed', 'logout-event signed-in', 'logout-nonce signed-in', 'logout-replayed signed-in'])
  }, 60_000)

  test('one that is not told of logouts leaves those steps out; green it is only for who does not want to be', async () => {
    const owner = someDeveloper()
    site = await openLoginSite(sandboxOf(server), owner)
    const { id, addresses: { initiate } } = site
    expect(await tests().begin(owner, id, { initiate })).toBe('begun')
    await expect.poll(async () => (await tests().latest(owner, id))?.finishedAt, { timeout: 50_000 }).toBeDefined()
    const report = await tests().latest(owner, id)
    if (report === undefined) throw new Error('no report')
    expect(failed(report)).toEqual(logoutTestNames.map((name) => `${name} left-out`))
    expect([isGreen(report), isGreen(report, { toldOfLogouts: true })]).toEqual([true, false])
  }, 60_000)

  test('one where nobody can sign in is told so, and nothing else is tried', async () => {
    const owner = someDeveloper()
    site = await openLoginSite(sandboxOf(server), owner)
    const { id, origin } = site
    expect(await tests().begin(owner, id, { initiate: `${origin}/home` })).toBe('begun')
    await expect.poll(async () => (await tests().latest(owner, id))?.results, { timeout: 20_000 }).toEqual([{ test: 'signs-in', passed: false, saw: 'no-request' }])
  }, 60_000)

  test('P20: the runner goes to the origin of the redirect URI alone, one run at a time, and only for who owns the client', async () => {
    const owner = someDeveloper()
    site = await openLoginSite(sandboxOf(server), owner)
    const { id, addresses } = site
    expect(await tests().begin(owner, id, { initiate: 'http://localhost:1/login', logout: 'file:///etc/passwd' })).toEqual({ faults: { initiate: 'other-origin', logout: 'not-an-address' } })
    expect(await tests().begin(someDeveloper(), id, addresses)).toBeUndefined()
    const both = await Promise.all([tests().begin(owner, id, addresses), tests().begin(owner, id, addresses)])
    expect([both.filter((one) => one === 'begun'), both.filter((one) => one === 'running')].map(({ length }) => length)).toEqual([1, 1])
    expect(await tests().latest(someDeveloper(), id)).toBeUndefined()
    await expect.poll(async () => (await tests().latest(owner, id))?.finishedAt, { timeout: 50_000 }).toBeDefined()
  }, 60_000)

  test('X03: a developer has one run at a time, whichever of their clients it is of, and a pause after it', async () => {
    const owner = someDeveloper()
    const [one, other] = [await openLoginSite(sandboxOf(server), owner), await openLoginSite(sandboxOf(server), owner)]
    // Nobody listens there any more, so that the run is short.
    for (const closing of [one, other]) await closing.close()
    expect(await Promise.all([tests().begin(owner, one.id, one.addresses), tests().begin(owner, other.id, other.addresses)])).toEqual(['begun', 'running'])
    await expect.poll(async () => (await tests().latest(owner, one.id))?.finishedAt, { timeout: 20_000 }).toBeDefined()
    await expect.poll(() => tests().begin(owner, other.id, other.addresses), { timeout: 10_000 }).toBe('resting')
  }, 60_000)

  test('X03: of racing developers no more have a run than there are places', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, async () => {
      const owner = someDeveloper()
      const { id, addresses, close } = await openLoginSite(sandboxOf(server), owner)
      await close()
      return { owner, id, addresses }
    }))
    const begun = await Promise.all(all.map(({ owner, id, addresses }) => tests().begin(owner, id, addresses)))
    expect([begun.filter((one) => one === 'begun').length, begun.filter((one) => one === 'busy').length]).toEqual([3, 2])
  }, 60_000)

  test('X03: a run ends with its deadline, is red, and says so', async () => {
    const { house, sandbox } = sandboxOf(server)
    const { database, keyring, volatile, clock, clients } = house
    const parts = {
      log: silentLog, faults: faults(volatile, { clock }), players: players(database, keyring.sealer), clients: developerClientStore(database, { sealer: keyring.sealer, clients }),
      makeKey: async () => makeHostileKey('ES256'), deadline: 1,
    }
    const runner = selfTestsAt(house, { issuer: sandbox.issuer, outboundAllow: [] }, parts)
    const owner = someDeveloper()
    site = await openLoginSite(sandboxOf(server), owner)
    const { id, addresses } = site
    expect(await runner.begin(owner, id, addresses)).toBe('begun')
    await expect.poll(async () => (await tests().latest(owner, id))?.finishedAt, { timeout: 20_000 }).toBeDefined()
    expect(await tests().latest(owner, id)).toMatchObject({ results: [{ test: 'signs-in', passed: false, saw: 'too-slow' }] })
  }, 60_000)
})
