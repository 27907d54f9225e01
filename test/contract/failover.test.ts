import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { makeNamedSealer } from '#keys/sealer.ts'
import { openRedis } from '#storage/redis/open.ts'
import { redisVolatile } from '#storage/redis/volatile.ts'
import type { Volatile } from '#storage/volatile.ts'
import { heard } from '#test/support/heard.ts'
import { inStep, promote, startCopied, startRedis, startSentinels } from '#test/support/redis-server.ts'

const sealer = makeNamedSealer([{ version: 1, secret: randomBytes(32) }])
const prefix = 'failover:'

async function storeAt(url: string, { patience = 10, isFirst = true } = {}): Promise<Volatile> {
  const store = await redisVolatile({ client: await openRedis({ url, mayEvict: false, patience }), sealer, prefix, isFirst: async () => isFirst })
  onTestFinished(() => store.close())
  return store
}

function given<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('no Redis on this machine')
  return value
}

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000)

describe.skipIf(inject('redis') === undefined)('a copy that takes over without what was written last', () => {
  async function cutOff() {
    const servers = given(await startCopied())
    onTestFinished(() => Promise.all([servers.primary.stop(), servers.copy.stop()]).then(() => undefined))
    const before = await storeAt(servers.primary.url)
    return { ...servers, before, takesOver: async () => {
      await promote(servers.copy)
      return storeAt(servers.copy.url, { isFirst: false })
    } }
  }

  test('P06: what was offered before is taken by nobody, and what is offered now by one', async () => {
    const { before, primary, takesOver } = await cutOff()
    await before.offer('challenge', 'old', 60)
    await inStep(primary)
    const after = await takesOver()
    expect(await before.take('challenge')).toBe('old')
    expect([await after.get('challenge'), await after.take('challenge'), await after.take('challenge')]).toEqual(['old', undefined, undefined])
    await after.offer('challenge', 'new', 60)
    expect([await after.take('challenge'), await after.take('challenge')]).toEqual(['new', undefined])
  })

  test('P06: a mark of use that was lost lets nothing of the era before be used', async () => {
    const { before, takesOver } = await cutOff()
    const era = await before.era('used:code')
    const after = await takesOver()
    expect(await before.claim('used:code', '1', 60, { era })).toBe(true)
    expect(await after.claim('used:code', '1', 60, { era })).toBe(false)
    const now = await after.era('used:other')
    expect(now).not.toBe(era)
    expect([await after.claim('used:other', '1', 60, { era: now }), await after.claim('used:other', '1', 60, { era: now })]).toEqual([true, false])
  })

  test('P08: a proof made before, or of which nobody knows when it was made, is not believed', async () => {
    const { before, primary, copy, takesOver } = await cutOff()
    // A copy that heard of nothing yet is a new store to whoever comes to it.
    await inStep(primary)
    expect(await before.claim('replay:a', '1', 60, { madeAt: ago(5) })).toBe(true)
    expect(await before.claim('replay:b', '1', 60, { madeAt: undefined })).toBe(true)
    const after = await takesOver()
    const made = [ago(30), ago(0), ago(-9), undefined]
    expect(await Promise.all(made.map((madeAt, index) => heard(after.claim(`replay:${index}`, '1', 60, { madeAt }))))).toEqual(made.map(() => 'service.unavailable'))
    // Others' clocks may be ten seconds ahead of ours.
    expect(await after.claim('replay:late', '1', 60, { madeAt: ago(-11) })).toBe(true)
    // So does whoever comes later, by what was agreed.
    expect(await heard((await storeAt(copy.url, { isFirst: false })).claim('replay:later', '1', 60, { madeAt: ago(0) }))).toBe('service.unavailable')
  })

  test('sessions and counters go on', async () => {
    const { before, primary, takesOver } = await cutOff()
    await before.put('session', 'of somebody', 60)
    await before.count('tries', 60)
    await inStep(primary)
    const after = await takesOver()
    expect([await after.get('session'), await after.count('tries', 60)]).toEqual(['of somebody', 2])
  })
})

describe.skipIf(inject('redis') === undefined)('a Redis that comes back without what it knew', () => {
  test('R04: proofs are believed again ten seconds after it is there, whether anybody came meanwhile or not', async () => {
    const server = given(await startRedis())
    onTestFinished(() => server.stop())
    const store = await storeAt(server.url, { patience: 1 })
    expect(await store.claim('replay:a', '1', 600, { madeAt: ago(1) })).toBe(true)
    server.kill()
    await server.revive()
    await expect.poll(() => store.get('anything').catch(() => 'not now'), { timeout: 10_000 }).toBeUndefined()
    const back = Date.now()
    await pause(1500)
    expect(await heard(store.claim('replay:a', '1', 600, { madeAt: ago(3) }))).toBe('service.unavailable')
    // Made eleven seconds after it came back, as a clock that is ahead would have it; asked for the first time a second and a half after.
    expect(await heard(store.claim('replay:b', '1', 600, { madeAt: new Date(back + 11_000) }))).toBe(true)
  })
})

describe.skipIf(inject('redis') === undefined)('Redis behind sentinels', () => {
  test('R04: a primary that is killed is replaced, and one that has frozen; what may be used once is of the new era', async () => {
    const servers = given(await startSentinels())
    onTestFinished(() => servers.stop())
    const store = await storeAt(servers.url, { patience: 1 })
    await store.put('session', 'of somebody', 600)
    await store.offer('challenge', 'old', 600)
    const era = await store.era('used:code')
    await pause(300)

    servers.primary.freeze()
    await expect.poll(async () => store.get('session').catch(() => 'not now'), { timeout: 30_000, interval: 200 }).toBe('of somebody')
    expect(await store.era('used:code')).not.toBe(era)
    expect(await store.take('challenge')).toBeUndefined()
    expect(await store.claim('used:code', '1', 60, { era })).toBe(false)
    expect(await heard(store.claim('replay:a', '1', 60, { madeAt: ago(1) }))).toBe('service.unavailable')
    await store.offer('challenge', 'new', 60)
    expect(await store.take('challenge')).toBe('new')
  })
})
