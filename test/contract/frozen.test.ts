import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { Problem } from '#kernel/problem.ts'
import { makeNamedSealer } from '#keys/sealer.ts'
import { openDatabase } from '#storage/postgres/open.ts'
import { openRedis } from '#storage/redis/open.ts'
import { redisVolatile } from '#storage/redis/volatile.ts'
import { startPostgres } from '#test/support/postgres-server.ts'
import { startRedisCluster } from '#test/support/redis-cluster.ts'
import { startRedis } from '#test/support/redis-server.ts'
import type { Server } from '#test/support/server-process.ts'

/** What a request may wait for one answer, with room for a busy test machine. */
const deadline = 3_000

async function own(start: () => Promise<Server | undefined>): Promise<Server> {
  const server = await start()
  if (server === undefined) throw new Error('the suite runs only where the server is installed')
  onTestFinished(() => server.stop())
  return server
}

/** How it ended inside the deadline: the code of the failure that callers know, or something else. */
async function outcome(act: () => Promise<unknown>): Promise<unknown> {
  const late = new Promise((resolve) => setTimeout(resolve, deadline, 'nothing before the deadline').unref())
  const failed = (error: unknown) => (error instanceof Problem ? error.code : error)
  return Promise.race([act().then(() => 'an answer', failed), late])
}

async function eventually(act: () => Promise<unknown>): Promise<void> {
  await expect.poll(() => act().then(() => 'works', (error: unknown) => error), { timeout: 15_000, interval: 100 }).toBe('works')
}

describe.skipIf(inject('postgres') === undefined)('a PostgreSQL', () => {
  test('that froze fails in time, also inside a transaction and for whoever waits for a connection, and recovers', async () => {
    const server = await own(startPostgres)
    const db = await openDatabase({ url: server.url, dataDir: '', maxConnections: 2 })
    onTestFinished(() => db.close())
    const one = () => db.first(sql`select 1 as one`)
    await db.change(sql`create table thing (id int primary key)`)
    const frozen = Promise.withResolvers<void>()
    const open = db.transaction(async (inside) => {
      await inside.change(sql`insert into thing values (1)`)
      server.freeze()
      frozen.resolve()
      const second = inside.change(sql`insert into thing values (2)`)
      const cause = await second.then(() => undefined, (error: unknown) => (error instanceof Problem ? error.cause : undefined))
      // The connection is given up: what is asked next fails with it instead of waiting out another deadline.
      await expect(inside.change(sql`insert into thing values (3)`)).rejects.toSatisfy((error: unknown) => error instanceof Problem && error.cause === cause)
      await second
    })
    await frozen.promise
    expect(await Promise.all([outcome(() => open), outcome(one), outcome(one), outcome(one)])).toEqual(Array(4).fill('service.unavailable'))
    expect(await outcome(one)).toBe('service.unavailable')

    server.thaw()
    await eventually(one)
    expect(await db.rows(sql`select id from thing`)).toEqual([])
  })

  test('whose commit got no answer is an error, not a success', async () => {
    const server = await own(startPostgres)
    const db = await openDatabase({ url: server.url, dataDir: '' })
    onTestFinished(() => db.close())
    await db.change(sql`create table thing (id int primary key)`)
    const work = db.transaction(async (inside) => {
      await inside.change(sql`insert into thing values (1)`)
      server.freeze()
    })
    expect(await outcome(() => work)).toBe('service.unavailable')
    server.thaw()
  })

  test('that was killed fails at once, and the process lives', async () => {
    const server = await own(startPostgres)
    const db = await openDatabase({ url: server.url, dataDir: '' })
    onTestFinished(() => db.close())
    const work = db.transaction(async (inside) => {
      await inside.rows(sql`select 1`)
      server.kill()
      await new Promise((later) => setTimeout(later, 100))
      await inside.rows(sql`select 1`)
    })
    expect(await outcome(() => work)).toBe('service.unavailable')
    expect(await outcome(() => db.rows(sql`select 1`))).toBe('service.unavailable')
  })

  test('that answers too slowly is given up, and a lock that is not given is busy', async () => {
    const server = await own(startPostgres)
    const db = await openDatabase({ url: server.url, dataDir: '' })
    onTestFinished(() => db.close())
    expect(await outcome(() => db.rows(sql`select pg_sleep(5)`))).toBe('service.unavailable')
    await db.patiently((slow) => slow.rows(sql`select pg_sleep(1.2)`))

    await db.change(sql`create table thing (id int primary key)`)
    await db.transaction(async (inside) => {
      await inside.change(sql`lock table thing`)
      await expect(db.rows(sql`select id from thing`)).rejects.toMatchObject({ code: 'service.busy' })
    })
  })
})

const redisKinds = { Redis: startRedis, 'Redis Cluster': () => startRedisCluster() }

describe.skipIf(inject('redis') === undefined).each(Object.entries(redisKinds))('a %s', (_name, start) => {
  async function opened() {
    const server = await own(start)
    const client = await openRedis({ url: server.url, mayEvict: false })
    const store = await redisVolatile({ client, sealer: makeNamedSealer([{ version: 1, secret: randomBytes(32) }]), prefix: 't:' })
    onTestFinished(() => store.close())
    return { server, store }
  }

  test('that froze fails in time, and recovers', async () => {
    const { server, store } = await opened()
    await store.put('key', 'value', 60)
    server.freeze()
    expect(await Promise.all([
      outcome(() => store.get('key')),
      outcome(() => store.put('other', 'value', 60)),
      outcome(() => store.count('counter', 60)),
    ])).toEqual(Array(3).fill('service.unavailable'))
    expect(await outcome(() => store.get('key'))).toBe('service.unavailable')
    server.thaw()
    await eventually(async () => expect(await store.get('key')).toBe('value'))
  })

  test('that was killed fails at once, and the process lives', async () => {
    const { server, store } = await opened()
    await store.put('key', 'value', 60)
    server.kill()
    expect(await outcome(() => store.get('key'))).toBe('service.unavailable')
    expect(await outcome(() => store.take('key'))).toBe('service.unavailable')
  })
})
