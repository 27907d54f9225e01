import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { Refusal } from '#kernel/refusal.ts'
import { Problem } from '#kernel/problem.ts'
import { makeNamedSealer } from '#keys/sealer.ts'
import { openRedis } from '#storage/redis/open.ts'
import { redisVolatile } from '#storage/redis/volatile.ts'
import type { Volatile } from '#storage/volatile.ts'
import { moveTo, startMoving, startRedisCluster, type RedisCluster } from '#test/support/redis-cluster.ts'
import { slotFor } from '#test/support/redis-kinds.ts'
import { asked, startRedis } from '#test/support/redis-server.ts'
import type { Server } from '#test/support/server-process.ts'

const sealer = makeNamedSealer([{ version: 1, secret: randomBytes(32) }])
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000)
const crowd = (count: number) => Array.from({ length: count }, (_, at) => at)

async function cluster(options?: Parameters<typeof startRedisCluster>[0]): Promise<RedisCluster> {
  const started = await startRedisCluster(options)
  if (started === undefined) throw new Error('no Redis on this machine')
  onTestFinished(() => started.stop())
  return started
}

const prefix = 'slots:'
async function storeAt({ url }: RedisCluster, { patience = 10, isFirst = true } = {}): Promise<Volatile> {
  const store = await redisVolatile({ client: await openRedis({ url, mayEvict: false, patience }), sealer, prefix, isFirst: async () => isFirst })
  onTestFinished(() => store.close())
  return store
}

/** A name of this kind that a primary with these slots keeps. */
function named(kind: string, [from, to]: readonly [number, number], not: readonly string[] = []): string {
  for (let at = 0; ; at += 1) {
    const name = `${kind}:${at}`
    const slot = slotFor(prefix, name)
    if (slot >= from && slot <= to && !not.includes(name)) return name
  }
}
const [first, second] = [[0, 5460], [5461, 10922]] as const

const away = 'service.unavailable'
/** What a store says; that it cannot say it now, in its word. */
const answered = <Answer>(asked: Promise<Answer>): Promise<Answer | typeof away> =>
  asked.catch((error: unknown) => (error instanceof Problem && error.code === away ? away : Promise.reject(error)))

/** Of what may be asked twice. */
async function again<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let turn = 0; turn < 20; turn += 1) {
    const said = await answered(ask())
    if (said !== away) return said
  }
  return ask()
}

describe.skipIf(inject('redis') === undefined)('a Redis Cluster', () => {
  test('P06, F03: while slots move, also half of them, what may be used once is used once, by one of many, and nothing is lost', async () => {
    const servers = await cluster()
    const [one, other] = [await storeAt(servers), await storeAt(servers, { isFirst: false })]
    const movers = startMoving(servers)
    const until = Date.now() + 8000
    let [rounds, whole] = [0, 0]
    for (; Date.now() < until; rounds += 1) {
      const [code, proof, challenge, session, tries] = ['code', 'proof', 'challenge', 'session', 'tries'].map((kind) => `${kind}:${rounds % 12}:${Math.floor(rounds / 12)}`)
      if (code === undefined || proof === undefined || challenge === undefined || session === undefined || tries === undefined) throw new Error('five names')
      for (const name of [code, proof, challenge, session, tries]) movers.move(slotFor(prefix, name))
      const either = (at: number) => (at % 2 === 0 ? one : other)
      await Promise.all([again(() => one.offer(challenge, 'asked', 60)), again(() => one.put(session, 'of somebody', 60))])
      const era = await again(() => one.era(code))
      await pause(5)
      const [codes, proofs, taken, counts] = await Promise.all([
        Promise.all(crowd(10).map((at) => answered(either(at).claim(code, '1', 60, { era })))),
        Promise.all(crowd(10).map((at) => answered(either(at).claim(proof, '1', 60, { madeAt: ago(1) })))),
        Promise.all(crowd(10).map((at) => answered(either(at).take(challenge)))),
        Promise.all(crowd(10).map((at) => answered(either(at).count(tries, 60)))),
      ])
      // Whoever was sent to and fro too often is told to come back, and may have been the one: then nobody else is.
      const isWhole = ![...codes, ...proofs, ...taken, ...counts].includes(away)
      const least = isWhole ? 1 : 0
      for (const won of [codes.filter((said) => said === true), proofs.filter((said) => said === true), taken.filter((said) => said === 'asked')]) expect([1, least]).toContain(won.length)
      const heard = counts.filter((said) => said !== away).toSorted((a, b) => Number(a) - Number(b))
      expect(new Set(heard).size).toBe(heard.length)
      expect(heard).toEqual(isWhole ? crowd(10).map((at) => at + 1) : heard)
      expect([await again(() => other.get(session)), await again(() => other.era(code))]).toEqual(['of somebody', era])
      if (isWhole) whole += 1
    }
    const moves = await movers.stop()
    expect(moves).toBeGreaterThan(20)
    expect([rounds > 5, whole > rounds / 2]).toEqual([true, true])
  }, 60_000)

  test('R04, P06, P08: a primary is killed and its copy lacks what was used last: nothing of before counts there, also not after its slots have moved; elsewhere all goes on', async () => {
    const servers = await cluster({ copies: true })
    const store = await storeAt(servers, { patience: 1 })
    const [lost, kept] = [named('used', first), named('used', second)]
    const [proof, moved] = [named('replay', first), named('replay', first, [named('replay', first)])]
    const challenge = named('challenge', first)
    const [era, elsewhere] = [await store.era(lost), await store.era(kept)]
    await store.offer(challenge, 'old', 600)
    await pause(300)

    // What is written now does not reach the copy.
    servers.copies[0]?.freeze()
    expect(await Promise.all([store.claim(lost, '1', 600, { era }), store.claim(proof, '1', 600, { madeAt: ago(1) }), store.claim(moved, '1', 600, { madeAt: ago(1) })])).toEqual([true, true, true])
    servers.primaries[0]?.kill()
    servers.copies[0]?.thaw()
    const made = new Date()
    await expect.poll(async () => store.get(challenge).catch(() => 'not now'), { timeout: 30_000, interval: 200 }).toBe('old')

    // Before anybody of us has looked there, a slot moves on to a primary that never lost anything.
    const [copy, target] = [servers.copies[0], servers.primaries[1]]
    if (copy === undefined || target === undefined) throw new Error('three primaries with a copy each')
    await moveTo(target, [slotFor(prefix, moved)], [copy, target, ...servers.primaries.slice(2)])
    expect(await store.claim(moved, '1', 600, { madeAt: made })).toBe(false)

    expect(await store.take(challenge)).toBeUndefined()
    expect([await store.claim(lost, '1', 600, { era }), await store.claim(proof, '1', 600, { madeAt: made })]).toEqual([false, false])
    expect(await store.era(lost)).not.toBe(era)
    expect([await store.era(kept), await store.claim(kept, '1', 600, { era: elsewhere })]).toEqual([elsewhere, true])
    const now = await store.era(lost)
    expect(await store.claim(named('used', first, [lost]), '1', 60, { era: await store.era(named('used', first, [lost])) })).toBe(true)
    expect(await store.era(lost)).toBe(now)

    // Within seconds all slots of that server are of an era that has begun: proofs of after it count wherever they lie.
    await pause(2000)
    const late = crowd(40).map((at) => `replay:late:${at}`)
    expect(await Promise.all(late.map((name) => store.claim(name, '1', 60, { madeAt: ago(-12) })))).toEqual(late.map(() => true))
  }, 90_000)

  test('is refused at the start with a sentence when it does not serve all slots, or is no cluster, and when one address of a cluster is taken for one server', async () => {
    const servers = await cluster({ whole: false })
    const refusal = (url: string) => openRedis({ url, mayEvict: true }).then(() => 'opened', (reason: unknown) => (reason instanceof Refusal ? reason.message : String(reason)))
    expect(await refusal(servers.url)).toMatch(/^The Redis Cluster does not work \(cluster_state is not ok, \d+ of 16384 slots are served\): look at it/)
    expect(await refusal(servers.primaries[0]?.url ?? '')).toContain('name several of its nodes')
    const [one, other] = [await startRedis(), await startRedis()]
    onTestFinished(() => Promise.all([one?.stop(), other?.stop()]).then(() => undefined))
    expect(await refusal(`${one?.url},${other?.url}`)).toContain('which are no Redis Cluster')
    expect(await refusal('redis://127.0.0.1:1,redis://127.0.0.1:2')).toContain('does not answer at 127.0.0.1:1, 127.0.0.1:2')
  }, 60_000)

  test('is refused at the start when any of its nodes would evict or grow without end, copies too; a copy that is down is none', async () => {
    const servers = await cluster({ copies: true })
    const opening = () => openRedis({ url: servers.url, mayEvict: false, patience: 10 }).then((client) => client.disconnect(), (reason: unknown) => String(reason))
    const set = (server: Server | undefined, name: string, value: string) => asked(server?.url ?? '', (client) => client.config('SET', name, value))
    for (const server of [servers.primaries[1], servers.copies[2]]) {
      await set(server, 'maxmemory-policy', 'allkeys-lru')
      expect(await opening()).toContain('noeviction')
      await set(server, 'maxmemory-policy', 'noeviction')
      await set(server, 'maxmemory', '0')
      expect(await opening()).toContain('maxmemory is 0')
      await set(server, 'maxmemory', '100mb')
    }
    servers.copies[0]?.kill()
    expect(await opening()).toBeUndefined()
  }, 60_000)
})
