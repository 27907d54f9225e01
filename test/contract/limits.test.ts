import { createHmac, randomBytes } from 'node:crypto'
import { Cluster } from 'ioredis'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { Problem } from '#kernel/problem.ts'
import { limitNames, type Limits } from '#domain/abuse/limits.ts'
import { makeLimits } from '#storage/limits.ts'
import { openRedis } from '#storage/redis/open.ts'
import { someLimits } from '#test/support/made-up.ts'
import { startRedis } from '#test/support/redis-server.ts'

const rule = { points: 20, seconds: 60 }
const rules = someLimits({ 'mail-per-contact': { points: 3, seconds: 1 }, 'asking-misses-per-client': { ...rule, earned: 3 } }, rule)
const secret = randomBytes(32)
const hash = (key: string) => createHmac('sha256', secret).update(key).digest('base64url')
/** No two tests share a counter. */
const someone = () => randomBytes(8).toString('hex')

async function connected(url: string, patience = 10) {
  const client = await openRedis({ url, mayEvict: false, patience })
  onTestFinished(() => client.disconnect())
  return client
}

const [redis, cluster] = [inject('redis'), inject('redisCluster')]
const engines: Readonly<Record<string, () => Promise<Limits>>> = {
  memory: async () => makeLimits({ rules, hash }),
  ...(redis === undefined ? {} : { redis: async () => makeLimits({ rules, hash, redis: await connected(redis) }) }),
  ...(cluster === undefined ? {} : { 'redis-cluster': async () => makeLimits({ rules, hash, redis: await connected(cluster) }) }),
}

const passes = async (limits: Limits, key: string, count: number) => {
  const outcomes = await Promise.allSettled(Array.from({ length: count }, () => limits.spend('registration-per-number', key)))
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
  return { passed: count - refused.length, refused }
}

describe.each(Object.entries(engines))('limits in %s', (_name, open) => {
  test('of 500 parallel spenders exactly as many pass as are allowed', async () => {
    const limits = await open()
    const { passed, refused } = await passes(limits, someone(), 500)
    expect(passed).toBe(20)
    for (const reason of refused) expect(reason).toMatchObject({ code: 'limit.exceeded' })
  })

  test('who is refused hears when to come back', async () => {
    const limits = await open()
    const { refused } = await passes(limits, someone(), 21)
    const [reason] = refused
    const wait = reason instanceof Problem ? Number(reason.detail['retryAfter']) : 0
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(60)
  })

  test('each limit and each key has its own count', async () => {
    const limits = await open()
    const key = someone()
    await passes(limits, key, 30)
    for (const name of limitNames.filter((each) => each !== 'registration-per-number')) await limits.spend(name, key)
    await limits.spend('registration-per-number', someone())
    await expect(limits.spend('registration-per-number', key)).rejects.toMatchObject({ code: 'limit.exceeded' })
  })

  test('looking whether it is used up counts nothing', async () => {
    const limits = await open()
    const key = someone()
    const exhausted = async () => (await limits.wait('registration-per-number', key)) > 0
    for (let at = 0; at < 30; at += 1) expect(await exhausted()).toBe(false)
    expect((await passes(limits, key, 19)).passed).toBe(19)
    expect(await exhausted()).toBe(false)
    expect((await passes(limits, key, 1)).passed).toBe(1)
    expect(await exhausted()).toBe(true)
  })

  test('what turned out to be no spend is given back, and good outcomes earn more of it', async () => {
    const limits = await open()
    const key = someone()
    await passes(limits, key, 20)
    await limits.give('registration-per-number', key, 'back')
    expect((await passes(limits, key, 5)).passed).toBe(1)
    const other = someone()
    for (let at = 0; at < 5; at += 1) await limits.give('asking-misses-per-client', other, 'earned')
    const spends = await Promise.allSettled(Array.from({ length: 40 }, () => limits.spend('asking-misses-per-client', other)))
    expect(spends.filter(({ status }) => status === 'fulfilled')).toHaveLength(20 + 5 * 3)
  })

  test('the window ends', async () => {
    const limits = await open()
    const key = someone()
    for (let at = 0; at < 3; at += 1) await limits.spend('mail-per-contact', key)
    await expect(limits.spend('mail-per-contact', key)).rejects.toMatchObject({ detail: { retryAfter: 1 } })
    await expect.poll(() => limits.wait('mail-per-contact', key), { timeout: 20_000 }).toBe(0)
    await limits.spend('mail-per-contact', key)
  })
})

describe.skipIf(redis === undefined)('limits over Redis', () => {
  test('are shared by processes', async () => {
    const key = someone()
    const nodes = [makeLimits({ rules, hash, redis: await connected(redis ?? '') }),
      makeLimits({ rules, hash, redis: await connected(redis ?? '') })]
    const all = await Promise.all(nodes.map((limits) => passes(limits, key, 250)))
    expect(all.map(({ passed }) => passed).reduce((sum, each) => sum + each, 0)).toBe(20)
  })

  test('do not tell whose they are', async () => {
    const client = await connected(redis ?? '')
    if (client instanceof Cluster) throw new TypeError('one address is one server')
    const key = `079303${someone()}`
    await makeLimits({ rules, hash, redis: client }).spend('registration-per-number', key)
    const keys = await client.keys('limit:*')
    expect(keys).toContain(`limit:registration-per-number:${hash(key)}`)
    expect(keys.filter((name) => name.includes(key) || name.includes(Buffer.from(key)
      .toString('hex')) || name.includes(Buffer.from(key).toString('base64url')))).toEqual([])
  })

  test('are shared out among the processes of a machine while Redis is frozen, and none is left with nothing', async () => {
    const server = await startRedis()
    if (server === undefined) throw new TypeError('the suite runs only where Redis is installed')
    onTestFinished(() => server.stop())
    const [two, hundred] = await Promise.all([2, 100].map(async (workers) => makeLimits({ rules, hash, workers, redis: await connected(server.url, 1) })))
    server.freeze()
    const key = someone()
    expect([two && (await passes(two, key, 100)).passed, hundred && (await passes(hundred, key, 100)).passed]).toEqual([2, 1])
  })

  test('are stricter and not gone while Redis is frozen, and shared again afterwards', async () => {
    const server = await startRedis()
    if (server === undefined) throw new TypeError('the suite runs only where Redis is installed')
    onTestFinished(() => server.stop())
    const limits = makeLimits({ rules, hash, redis: await connected(server.url, 1) })
    const key = someone()
    expect((await passes(limits, key, 1)).passed).toBe(1)
    server.freeze()
    const { passed, refused } = await passes(limits, key, 100)
    expect(passed).toBe(5)
    for (const reason of refused) expect(reason).toMatchObject({ code: 'limit.exceeded' })
    expect(await limits.wait('registration-per-number', key)).toBeGreaterThan(0)
    server.thaw()
    await expect.poll(() => limits.spend('registration-per-number', someone()).then(() => 'works', () => 'refused'),
      { timeout: 10_000 }).toBe('works')
  })
})
