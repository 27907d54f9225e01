import { randomBytes } from 'node:crypto'
import { Cluster } from 'ioredis'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { makeNamedSealer } from '#keys/sealer.ts'
import { openRedis } from '#storage/redis/open.ts'
import { redisVolatile } from '#storage/redis/volatile.ts'
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
