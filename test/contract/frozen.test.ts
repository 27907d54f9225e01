import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { makeNamedSealer } from '#keys/sealer.ts'
import { openDatabase } from '#storage/postgres/open.ts'
import { openRedis } from '#storage/redis/open.ts'
import { redisVolatile } from '#storage/redis/volatile.ts'
import { startPostgres } from '#test/support/postgres-server.ts'
import { startRedis, startRedisCluster } from '#test/support/redis-server.ts'
import type { Server } from '#test/support/server-process.ts'

const unavailable = { code: 'service.unavailable' }
/** What a request may wait for one answer (design §8), with room for a busy test machine. */
const deadline = 2_000

async function own(start: () => Promise<Server | undefined>): Promise<Server> {
  const server = await start()
  if (server === undefined) throw new Error('the suite runs only where the server is installed')
  onTestFinished(() => server.stop())
  return server
}

/** Ends inside the deadline, with the failure that the callers know. */
async function expectUnavailable(act: () => Promise<unknown>): Promise<void> {
  const late = new Promise((resolve) => setTimeout(resolve, deadline, 'nothing before the deadline').unref())
  await expect(Promise.race([act(), late])).rejects.toMatchObject(unavailable)
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
      await inside.change(sql`insert into thing values (2)`)
    })
    await frozen.promise
    await Promise.all([expectUnavailable(() => open), expectUnavailable(one), expectUnavailable(one), expectUnavailable(one)])
    await expectUnavailable(one)

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
    await expectUnavailable(() => work)
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
    await expectUnavailable(() => work)
    await expectUnavailable(() => db.rows(sql`select 1`))
  })

  test('that answers too slowly is given up, and a lock that is not given is busy', async () => {
    const server = await own(startPostgres)
    const db = await openDatabase({ url: server.url, dataDir: '' })
    onTestFinished(() => db.close())
    await expectUnavailable(() => db.rows(sql`select pg_sleep(5)`))
    await db.patiently((slow) => slow.rows(sql`select pg_sleep(1.2)`))

    await db.change(sql`create table thing (id int primary key)`)
    await db.transaction(async (inside) => {
      await inside.change(sql`lock table thing`)
      await expect(db.rows(sql`select id from thing`)).rejects.toMatchObject({ code: 'service.busy' })
    })
  })
})

const redisKinds = { Redis: startRedis, 'Redis Cluster': startRedisCluster }

describe.skipIf(inject('redis') === undefined).each(Object.entries(redisKinds))('a %s', (_name, start) => {
  async function opened() {
    const server = await own(start)
    const client = await openRedis({ url: server.url, mayEvict: false })
    const store = redisVolatile({ client, sealer: makeNamedSealer([{ version: 1, secret: randomBytes(32) }]), prefix: 't:' })
    onTestFinished(() => store.close())
    return { server, store }
  }

  test('that froze fails in time, and recovers', async () => {
    const { server, store } = await opened()
    await store.put('key', 'value', 60)
    server.freeze()
    await Promise.all([
      expectUnavailable(() => store.get('key')),
      expectUnavailable(() => store.put('other', 'value', 60)),
      expectUnavailable(() => store.count('counter', 60)),
    ])
    await expectUnavailable(() => store.get('key'))
    server.thaw()
    await eventually(async () => expect(await store.get('key')).toBe('value'))
  })

  test('that was killed fails at once, and the process lives', async () => {
    const { server, store } = await opened()
    await store.put('key', 'value', 60)
    server.kill()
    await expectUnavailable(() => store.get('key'))
    await expectUnavailable(() => store.take('key'))
  })
})
