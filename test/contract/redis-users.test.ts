import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import type { OnePlane } from '#kernel/plane.ts'
import { limitNames } from '#domain/abuse/limits.ts'
import { makeNamedSealer } from '#keys/sealer.ts'
import { openRedis, primaries, type RedisClient } from '#storage/redis/open.ts'
import { aclLineOf, keyRightsOf, kinds, livePrefix } from '#storage/redis/rights.ts'
import { mustBeUserOf } from '#storage/redis/user.ts'
import { redisVolatile } from '#storage/redis/volatile.ts'
import { asked, startRedis, startSentinels } from '#test/support/redis-server.ts'
import { asRedisUser, makeRedisUsers } from '#test/support/redis-users.ts'
import { startRedisCluster } from '#test/support/redis-cluster.ts'
import { slotFor } from '#test/support/redis-kinds.ts'

type Kind = { url: string; servers: readonly string[]; stop: () => Promise<void> }
const needed = <Value>(value: Value | undefined): Value => {
  if (value === undefined) throw new Error('no Redis on this machine')
  return value
}
const kindsOfRedis: Readonly<Record<string, () => Promise<Kind>>> = {
  'one Redis': async () => {
    const server = needed(await startRedis())
    return { url: server.url, servers: [server.url], stop: () => server.stop() }
  },
  'Redis behind sentinels': async () => {
    const server = needed(await startSentinels())
    return { url: server.url, servers: [server.primary.url, server.copy.url], stop: () => server.stop() }
  },
  'a Redis Cluster': async () => {
    const server = needed(await startRedisCluster())
    return { url: server.url, servers: server.primaries.map(({ url }) => url), stop: () => server.stop() }
  },
}

describe.skipIf(inject('redis') === undefined).each(Object.entries(kindsOfRedis))('A02: the users of %s', (_name, start) => {
  async function open(): Promise<Kind & { as: (plane: OnePlane) => Promise<RedisClient> }> {
    const kind = await start()
    onTestFinished(() => kind.stop())
    await makeRedisUsers(...kind.servers)
    const as = async (plane: OnePlane) => {
      const client = await openRedis({ url: asRedisUser(kind.url, plane), mayEvict: false, patience: 10 })
      onTestFinished(() => client.disconnect())
      return client
    }
    return { ...kind, as }
  }
  const storeOf = (client: RedisClient) => redisVolatile({ client, sealer: makeNamedSealer([{ version: 1, secret: randomBytes(32) }]), prefix: livePrefix })
  const refused = (tried: Promise<unknown>) => tried.then(() => false, (error: unknown) => /NOPERM/.test(`${String(error)} ${String(error instanceof Error ? error.cause : '')}`))

  test('each does every act of the store with the keys of its plane, and none with those of the other', async () => {
    const kind = await open()
    for (const [plane, own, foreign, both] of [['citizen', 'AuthorizationCode', 'api-proof', 'Session'], ['console', 'chip', 'used', 'challenge']] as const) {
      const store = await storeOf(await kind.as(plane))
      for (const of of [own, both]) {
        const key = `${of}:one`
        await store.put(key, 'a', 60)
        expect(await store.get(key)).toBe('a')
        await store.offer(key, 'b', 60)
        expect(await store.take(key)).toBe('b')
        expect([await store.claim(key, 'c', 60), await store.claim(key, 'c', 60, { era: await store.era(key) })]).toEqual([true, false])
        await store.drop(key)
        expect([await store.count(key, 60), await store.count(key, 60, 5, 3)]).toEqual([1, 3])
      }
      const key = `${foreign}:one`
      const acts = [store.get(key), store.put(key, 'a', 60), store.offer(key, 'a', 60), store.take(key), store.claim(key, 'a', 60), store.claim(key, 'a', 60, { era: 'x' }), store.count(key, 60), store.drop(key)]
      expect([plane, await Promise.all(acts.map(refused))]).toEqual([plane, acts.map(() => true)])
    }
    const console = await storeOf(await kind.as('console'))
    expect([await console.get('approval:none'), await refused(console.put('approval:none', 'x', 60)), await refused(console.get('no-such-kind:one'))]).toEqual([undefined, true, true])
  }, 60_000)

  test('neither lists keys, changes settings or users, or empties it, not in a script either', async () => {
    const kind = await open()
    for (const plane of ['citizen', 'console'] as const) {
      for (const server of primaries(await kind.as(plane))) {
        const words = [['KEYS', '*'], ['SCAN', '0'], ['RANDOMKEY'], ['DBSIZE'], ['CONFIG', 'GET', 'maxmemory'], ['FLUSHALL'], ['FLUSHDB'], ['ACL', 'LIST'], ['ACL', 'SETUSER', 'x'], ['MONITOR'], ['SHUTDOWN'], ['REPLICAOF', 'NO', 'ONE'], ['CLIENT', 'LIST'], ['SUBSCRIBE', 'x'], ['SCRIPT', 'FLUSH'], ['FUNCTION', 'LIST'], ['DUMP', 'eid:Session:x'], ['RENAME', 'eid:Session:x', 'eid:Session:y']]
        for (const [word = '', ...rest] of words) expect([word, await refused(server.call(word, ...rest))]).toEqual([word, true])
        for (const act of [`'FLUSHALL'`, `'KEYS', '*'`, `'GET', 'eid:${plane === 'citizen' ? 'chip' : 'used'}:x'`]) await expect(server.eval(`return redis.call(${act})`, 0), act).rejects.toThrow(/can't (?:run|access)/)
      }
    }
  }, 60_000)

  test('a process starts as the user of its plane, and neither as everybody’s nor as one that may do more or less', async () => {
    const kind = await open()
    const client = { citizen: await kind.as('citizen'), console: await kind.as('console') }
    await expect(mustBeUserOf(client.citizen, 'citizen')).resolves.toBeUndefined()
    await expect(mustBeUserOf(client.console, 'console')).resolves.toBeUndefined()
    await expect(mustBeUserOf(client.console, 'citizen')).rejects.toThrow('may do too much (eid:api-proof:*, eid:chip:*')
    await expect(mustBeUserOf(client.citizen, 'console')).rejects.toThrow('may do too much')
    const everybody = await openRedis({ url: kind.url, mayEvict: false, patience: 10 })
    onTestFinished(() => everybody.disconnect())
    await expect(mustBeUserOf(everybody, 'citizen')).rejects.toMatchObject({ name: 'Refusal', message: expect.stringContaining('may do too much (CONFIG, ACL, DBSIZE') })
    const change = async (...rules: readonly string[]) => {
      for (const url of kind.servers) await asked(url, (server) => server.call('ACL', 'SETUSER', 'eid_console', ...rules))
    }
    await change('~eid:approval:*')
    await expect(mustBeUserOf(client.console, 'console')).rejects.toThrow('may do too much (eid:approval:*)')
    await change('resetkeys', '~eid:era*')
    await expect(mustBeUserOf(client.console, 'console')).rejects.toThrow('may do too little')
  }, 60_000)
})

describe.skipIf(inject('redis') === undefined)('A02: the users of a Redis Cluster on the move', () => {
  test('each goes on where a slot is half here and half there, and does not start without the word for it', async () => {
    const cluster = needed(await startRedisCluster())
    onTestFinished(() => cluster.stop())
    const urls = cluster.primaries.map(({ url }) => url)
    await makeRedisUsers(...urls)
    const client = await openRedis({ url: asRedisUser(cluster.url, 'citizen'), mayEvict: false, patience: 10 })
    onTestFinished(() => client.disconnect())
    const store = await redisVolatile({ client, sealer: makeNamedSealer([{ version: 1, secret: randomBytes(32) }]), prefix: livePrefix })
    const key = 'challenge:on its way'
    // The first of the three has the first third of the slots; one that is not its own is asked of who has it.
    const slot = slotFor(livePrefix, key)
    const at = slot <= 5460 ? 0 : slot <= 10922 ? 1 : 2
    const [from, to] = [urls[at] ?? '', urls[(at + 1) % 3] ?? '']
    const id = (url: string) => asked(url, (server) => server.call('CLUSTER', 'MYID')).then(String)
    const [fromId, toId] = [await id(from), await id(to)]
    await asked(to, (server) => server.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId))
    await asked(from, (server) => server.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId))
    await store.offer(key, 'asked', 60)
    expect([await store.get(key), await store.take(key), await store.take(key)]).toEqual(['asked', 'asked', undefined])

    for (const url of urls) await asked(url, (server) => server.call('ACL', 'SETUSER', 'eid_citizen', '-asking'))
    await expect(mustBeUserOf(client, 'citizen')).rejects.toThrow('may do too little (ASKING)')
  }, 60_000)
})

test('A02: of every kind of key and every limit it is said which plane may touch it, and some plane may', () => {
  const [citizen, console] = [keyRightsOf('citizen'), keyRightsOf('console')]
  expect(citizen.length).toBe(Object.keys(kinds).length + limitNames.length)
  for (const [at, { begins, access }] of citizen.entries()) expect([begins, access === '-' && console[at]?.access === '-']).toEqual([begins, false])
  const hash = createHash('sha256').update('secret').digest('hex')
  expect(aclLineOf('console', 'secret')).toMatch(new RegExp(`^user eid_console on #${hash} resetchannels .*%R~eid:approval:\\* .* -@all \\+ping`))
  expect(aclLineOf('citizen')).toContain('#SHA-256-OF-THE-PASSWORD')
})
