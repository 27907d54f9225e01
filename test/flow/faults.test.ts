import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { agree, register, requestOptions } from '#test/support/citizen.ts'
import { assertionOf, authorization, authorize, get, post, redemption, signIn, type Enrolled, type Told } from '#test/support/journey.ts'
import { startCluster, type OwnCluster } from '#test/support/own-cluster.ts'
import type { OwnNode } from '#test/support/own-node.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { statusOf } from '#test/support/status.ts'
import { storeFaults } from '#test/support/store-faults.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { formAt, makeVisitor } from '#test/support/visitor.ts'

const client = testClient({ name: 'portal' })

/** Pages have three seconds and programs two; the rest is for a busy test machine. */
const deadline = 4500
/** So soon after a store answers again people sign in, and nobody has done anything for it (R04). Ten of them pass where Redis forgot who proved what. */
const returns = 15_000
/** So that memory held can be told from garbage in seconds. */
const collecting = import.meta.resolve('#test/support/collecting.ts')
/** How long requests are refused while memory is watched; ten minutes with `EID_FAULT_SECONDS=600` (CONTRIBUTING.md). */
const seconds = Number(process.env['EID_FAULT_SECONDS'] ?? 9)

async function eventually<Answer>(act: () => Promise<Answer>): Promise<Answer> {
  const until = Date.now() + returns
  for (;;) {
    try {
      return await act()
    } catch (error) {
      if (Date.now() > until) throw error
      await pause(100)
    }
  }
}

describe.skipIf(inject('postgres') === undefined || inject('redis') === undefined)('a store that fails', () => {
  let cluster: OwnCluster
  let node: OwnNode
  let portal: RelyingParty
  let someone: Enrolled

  beforeAll(async () => {
    const started = await startCluster({ nodes: 1, clients: [client], env: { NODE_OPTIONS: `--import=${collecting}` } })
    const [first] = started?.nodes ?? []
    if (started === undefined || first === undefined) throw new Error('they were there')
    ;[cluster, node] = [started, first]
    portal = await makeRelyingParty(client.party(cluster.issuer))
    const citizen = cluster.nextCitizen()
    const visitor = makeVisitor({ leaveAt })
    await agree(visitor, await register(visitor, await visitor.open((await portal.begin()).url), citizen))
    someone = { citizen, visitor }
  }, 120_000)
  afterAll(() => cluster?.close())

  type Kind = { told: Told; milliseconds: number }
  async function timed(asked: Promise<Told>): Promise<Kind> {
    const began = performance.now()
    return { told: await asked, milliseconds: performance.now() - began }
  }

  /** Everything that a request can be, ready to be sent to the node itself. */
  async function everyKind(): Promise<Record<string, () => Promise<Told>>> {
    const { tokens } = await signIn(portal, someone, { scope: 'openid profile' })
    const unspent = await authorize(portal, someone)
    const { url } = await portal.begin()
    const stranger = makeVisitor({ leaveAt })
    const page = await stranger.open((await portal.begin()).url)
    const { action, fields } = formAt(page.text, '/passkey')
    const assertion = JSON.stringify(someone.citizen.authenticator.get(requestOptions(page)))
    const party = client.party(cluster.issuer)
    const [forToken, forPush] = [await assertionOf(party), await assertionOf(party)]
    const html = { accept: 'text/html' }
    const cookie = (of: Enrolled['visitor']) => ({ cookie: of.jar.header(new URL(action, cluster.issuer)) })
    return {
      discovery: () => get(`${node.origin}/.well-known/openid-configuration`),
      jwks: () => get(`${node.origin}/jwks`),
      authorize: () => get(`${node.origin}${url.pathname}${url.search}`, { ...html, cookie: someone.visitor.jar.header(url) }),
      token: () => post(`${node.origin}/token`, { ...redemption(party, unspent.answer, unspent.checks), ...forToken }),
      par: () => post(`${node.origin}/par`, { ...authorization(party), ...forPush }),
      userinfo: () => get(`${node.origin}/userinfo`, { authorization: `Bearer ${tokens.access_token}` }),
      page: () => get(`${node.origin}/tai-khoan`, { ...html, cookie: someone.visitor.jar.header(new URL('/tai-khoan', cluster.issuer)) }),
      'sign-in': () => post(`${node.origin}${new URL(action, cluster.issuer).pathname}`, { ...fields, assertion }, { ...html, ...cookie(stranger), origin: cluster.issuer, 'sec-fetch-site': 'same-origin' }),
      livez: () => get(`${node.health}/livez`),
      readyz: () => get(`${node.health}/readyz`),
    }
  }

  /** A refusal that says when to come back, here or at the service; or a whole answer, of a request that needs nothing of that store. */
  function isRight({ status, headers }: Told): boolean {
    if (status === 503) return Number(headers.get('retry-after')) > 0
    const location = headers.get('location') ?? ''
    return status < 400 && (!location.includes('error=') || location.includes('error=temporarily_unavailable'))
  }

  test.each(storeFaults)('R10, R11: $store $name: every request ends in time and says so, the process lives, and all goes on by itself', async ({ strike, mend }) => {
    const { livez = async () => Promise.reject(new Error('a kind')), readyz: _readyz, ...kinds } = await eventually(everyKind)
    await strike(cluster)
    try {
      const unready = async () => expect.poll(() => statusOf(`${node.health}/readyz`), { timeout: 3000, interval: 100 }).toBe(503)
      const all = Promise.all(Object.entries(kinds).map(async ([kind, ask]) => ({ kind, ...(await timed(ask())) })))
      const [ended] = await Promise.all([all, unready()])
      expect(ended.filter(({ told }) => !isRight(told)).map(({ kind, told }) => [kind, told.status, told.headers.get('location'), told.text.slice(0, 300)])).toEqual([])
      expect(ended.filter(({ milliseconds }) => milliseconds > deadline)).toEqual([])
      expect(ended.filter(({ kind }) => ['discovery', 'jwks'].includes(kind)).map(({ told }) => told.status)).toEqual([200, 200])
      const alive = await timed(livez())
      expect([alive.told.status, alive.milliseconds < 1000]).toEqual([200, true])
    } finally {
      await mend(cluster)
    }
    const back = await eventually(() => signIn(portal, someone, { prompt: 'login' }))
    expect([back.claims.sub, await statusOf(`${node.health}/readyz`)]).toEqual([expect.any(String), 200])
  }, 60_000)

  const figure = (name: string, text: string) => Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, 'm').exec(text)?.[1])
  async function figures() {
    const { text } = await get(`${node.health}/metrics`)
    return {
      heap: figure('eid_nodejs_heap_size_used_bytes', text), resources: figure('eid_nodejs_active_resources_total', text),
      open: figure('eid_requests_open', text), inside: figure('eid_work_inside', text), processor: figure('eid_process_cpu_seconds_total', text),
    }
  }
  type Figures = Awaited<ReturnType<typeof figures>>
  const least = (some: readonly Figures[]) => Math.min(...some.map(({ heap }) => heap))

  test.each(['redis', 'postgres'] as const)('R09, R11: while %s stands still a refusal costs little, and nothing piles up', async (store) => {
    const { tokens } = await eventually(() => signIn(portal, someone, { scope: 'openid profile' }))
    const bearer = { authorization: `Bearer ${tokens.access_token}` }
    const before = await figures()
    cluster.stores[store].freeze()
    const until = Date.now() + seconds * 1000
    const seen: Figures[] = []
    const statuses = new Map<number, number>()
    const asking = Array.from({ length: 16 }, async () => {
      while (Date.now() < until) {
        const { status, headers } = await get(`${node.origin}/userinfo`, bearer)
        const told = Number(headers.get('retry-after')) > 0 ? status : 0
        statuses.set(told, (statuses.get(told) ?? 0) + 1)
      }
    })
    const watching = (async () => {
      while (Date.now() < until) {
        seen.push(await figures())
        await pause(100)
      }
    })()
    await Promise.all([...asking, watching]).finally(() => cluster.stores[store].thaw())
    const after = await figures()
    const refused = statuses.get(503) ?? 0
    expect([[...statuses.keys()], refused > 100]).toEqual([[503], true])
    expect((after.processor - before.processor) / refused).toBeLessThan(0.010)
    expect([after.open < 5, after.inside < 5, after.resources - before.resources < 40]).toEqual([true, true, true])
    const third = Math.floor(seen.length / 3)
    expect(least(seen.slice(-third)) - least(seen.slice(0, third))).toBeLessThan(10_000_000)
    await eventually(() => signIn(portal, someone, { prompt: 'login' }))
  }, seconds * 1000 + 60_000)
})
