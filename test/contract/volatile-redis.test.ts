import { randomBytes } from 'node:crypto'
import { Cluster } from 'ioredis'
import { describe, expect, inject, onTestFinished, test, vi } from 'vitest'
import { makeNamedSealer } from '#keys/sealer.ts'
import { openRedis } from '#storage/redis/open.ts'
import { redisVolatile } from '#storage/redis/volatile.ts'
import { heard } from '#test/support/heard.ts'
import { startRedis } from '#test/support/redis-server.ts'

const url = inject('redis') ?? ''
const sealer = makeNamedSealer([{ version: 1, secret: randomBytes(32) }])

async function opened() {
  const client = await openRedis({ url, mayEvict: false })
  const prefix = `${randomBytes(4).toString('hex')}:`
  const store = await redisVolatile({ client, sealer, prefix })
  onTestFinished(() => store.close())
  if (client instanceof Cluster) throw new TypeError('one address is one server')
  return { client, store, prefix, names: async () => (await client.keys(`${prefix}*`)).filter((name) => !name.startsWith(`${prefix}era`)) }
}

describe.skipIf(url === '')('what lies in Redis', () => {
  test('shows neither names nor values', async () => {
    const { client, store, names } = await opened()
    await store.put('code:CANARY-NAME', 'CANARY-VALUE', 60)
    await store.claim('jti:CANARY-NAME', 'CANARY-VALUE', 60)
    await store.count('tries:CANARY-NAME', 60)
    const keys = await names()
    expect(keys).toHaveLength(3)
    const dump = await Promise.all(keys.map(async (key) => `${key} ${(await client.getBuffer(key))?.toString('latin1')}`))
    expect(dump.join('\n')).not.toContain('CANARY')
  })

  test('does not open under another name', async () => {
    const { client, store, names } = await opened()
    await store.offer('alice', 'the session of alice', 60)
    const [from] = await names()
    await store.offer('mallory', 'the session of mallory', 60)
    const to = (await names()).find((name) => name !== from)
    await client.copy(from ?? '', to ?? '', 'REPLACE')
    await expect(store.get('mallory')).rejects.toMatchObject({ code: 'sealed.unreadable' })
    await expect(store.take('mallory')).rejects.toMatchObject({ code: 'sealed.unreadable' })
    expect(await store.get('alice')).toBe('the session of alice')
  })

  test('has an end, all of it', async () => {
    const { client, store, names } = await opened()
    await store.put('value', 'x', 60)
    await store.claim('claim', 'x', 60)
    await store.count('counter', 60)
    await store.count('counter', 60)
    const ends = await Promise.all((await names()).map((name) => client.ttl(name)))
    expect(ends.filter((seconds) => seconds > 0 && seconds <= 60)).toHaveLength(3)
  })

  test('a failure of the server is service.unavailable', async () => {
    const { store } = await opened()
    await store.put('value', 'x', 60)
    await expect(store.count('value', 60)).rejects.toMatchObject({ code: 'service.unavailable' })
  })
})

describe.skipIf(url === '')('opening Redis', () => {
  test('refuses a server that evicts, unless that is allowed', async () => {
    const server = await startRedis(['--maxmemory', '10mb', '--maxmemory-policy', 'allkeys-lru'])
    onTestFinished(() => server?.stop())
    const address = server?.url ?? ''
    await expect(openRedis({ url: address, mayEvict: false })).rejects.toMatchObject({ name: 'Refusal', message: expect.stringContaining('noeviction') })
    const client = await openRedis({ url: address, mayEvict: true })
    client.disconnect()
  })

  test('refuses a server that would grow until its machine kills it', async () => {
    const server = await startRedis(['--maxmemory', '0'])
    onTestFinished(() => server?.stop())
    const address = server?.url ?? ''
    await expect(openRedis({ url: address, mayEvict: false })).rejects.toMatchObject({ name: 'Refusal', message: expect.stringContaining('maxmemory is 0') })
    const client = await openRedis({ url: address, mayEvict: true })
    client.disconnect()
  })

  test('refuses in one sentence without the password when nobody answers', async () => {
    const refusal = await openRedis({ url: 'redis://:SECRET@127.0.0.1:1', mayEvict: false }).then(() => undefined, (reason: unknown) => reason)
    expect(refusal).toMatchObject({ name: 'Refusal', message: expect.stringContaining('127.0.0.1:1') })
    expect(String(refusal)).not.toContain('SECRET')
  })
})

describe.skipIf(url === '')('a Redis that was emptied while we run', () => {
  async function ownServer(isFirst: () => Promise<boolean> = async () => true) {
    const server = await startRedis()
    if (server === undefined) throw new Error('no Redis on this machine')
    onTestFinished(() => server.stop())
    const open = async (first = isFirst) => {
      const client = await openRedis({ url: server.url, mayEvict: false, patience: 10 })
      const store = await redisVolatile({ client, sealer, prefix: 'emptied:', isFirst: first })
      onTestFinished(() => store.close())
      return { store, empty: () => client.flushall() }
    }
    return { ...(await open()), open }
  }
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000)

  test('P06, P08: nothing that was used before is used again: no code that a request has read, and no proof', async () => {
    const { store, empty, open } = await ownServer()
    const { store: other } = await open()
    const era = await store.era('used:code')
    expect([await store.claim('used:code', '1', 60, { era }), await store.claim('replay:proof', '1', 60, { madeAt: ago(2) })]).toEqual([true, true])
    await empty()
    // Whoever comes first, here or on another server.
    expect([await other.claim('used:code', '1', 60, { era }), await store.claim('used:other', '1', 60, { era })]).toEqual([false, false])
    expect([await heard(store.claim('replay:proof', '1', 60, { madeAt: ago(2) })), await heard(other.claim('replay:unknown', '1', 60, { madeAt: undefined }))]).toEqual(['service.unavailable', 'service.unavailable'])
    // A new era, in which everything is used once as before; others' clocks may be ten seconds ahead of ours.
    const now = await store.era('used:new')
    expect([now === era, await other.era('used:new')]).toEqual([false, now])
    expect([await store.claim('used:new', '1', 60, { era: now }), await other.claim('used:new', '1', 60, { era: now })]).toEqual([true, false])
    expect(await store.claim('replay:late', '1', 60, { madeAt: ago(-15) })).toBe(true)
    await empty()
    expect(await store.era('used:new')).not.toBe(now)
  })

  test('P08: nor where every server of ours was started anew after it: who has been here before does not take an empty store for a new one', async () => {
    const { store, empty, open } = await ownServer()
    expect(await store.claim('replay:proof', '1', 60, { madeAt: ago(2) })).toBe(true)
    await empty()
    const { store: anew } = await open(async () => false)
    expect(await heard(anew.claim('replay:proof', '1', 60, { madeAt: ago(2) }))).toBe('service.unavailable')
  })

  test.each([['fast', 3600], ['slow', -3600]])('P08: an era begins by the clock of Redis, and not by that of whoever notices the loss, which may be an hour %s', async (_how, ahead) => {
    const { store, empty } = await ownServer()
    const [used, unknown, late] = [ago(2), undefined, ago(-15)]
    expect(await store.claim('replay:proof', '1', 60, { madeAt: used })).toBe(true)
    await empty()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ahead * 1000 })
    onTestFinished(() => void vi.useRealTimers())
    expect(await heard(store.claim('replay:proof', '1', 60, { madeAt: used }))).toBe('service.unavailable')
    expect(await heard(store.claim('replay:unknown', '1', 60, { madeAt: unknown }))).toBe('service.unavailable')
    expect(await heard(store.claim('replay:late', '1', 60, { madeAt: late }))).toBe(true)
  })
})

const cluster = inject('redisCluster') ?? ''

test.skipIf(cluster === '')('P06: of a cluster one server is emptied: what its marks were for is of another era there, and elsewhere everything goes on', async () => {
  const client = await openRedis({ url: cluster, mayEvict: false, patience: 10 })
  const prefix = `${randomBytes(4).toString('hex')}:`
  const store = await redisVolatile({ client, sealer, prefix })
  onTestFinished(() => store.close())
  if (!(client instanceof Cluster)) throw new TypeError('several addresses are a cluster')
  const names = Array.from({ length: 60 }, (_, index) => `used:${index}`)
  const before = await Promise.all(names.map((name) => store.era(name)))
  // Not all of them were met first by us: proofs of before the start are good.
  expect(await store.claim('replay:a', '1', 60, { madeAt: new Date() })).toBe(true)
  const [one] = client.nodes('master')
  const there = (await one?.keys(`${prefix}era*`)) ?? []
  expect(there.length).toBeGreaterThan(1000)
  // As FLUSHALL would, but other tests use this cluster too.
  for (const name of there) await one?.del(name)
  const after = await Promise.all(names.map((name) => store.era(name)))
  const changed = names.filter((_, index) => before[index] !== after[index])
  expect(changed.length).toBeGreaterThan(0)
  expect(changed.length).toBeLessThan(names.length)
  const claimed = await Promise.all(names.map((name, index) => store.claim(name, '1', 60, { era: before[index] ?? '' })))
  expect(names.filter((_, index) => claimed[index] === false)).toEqual(changed)
})
