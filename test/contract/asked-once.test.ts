import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { Problem } from '#kernel/problem.ts'
import { makeNamedSealer } from '#keys/sealer.ts'
import { openDatabase } from '#storage/postgres/open.ts'
import { openRedis } from '#storage/redis/open.ts'
import { redisVolatile } from '#storage/redis/volatile.ts'
import { openFaultProxy, type Fault } from '#test/support/fault-proxy.ts'

/*
 * What was asked and got no answer may have been done. Nothing here asks again by itself: to add one twice would lock somebody out, and to take a code
 * twice would call its rightful taker a thief. Whoever may ask again, asks again.
 */
const endings = ['cut', 'silence'] as const
/** The next answer and no other: whoever asked again would be heard. */
function lost(ending: (typeof endings)[number]): Fault {
  let left = 1
  return { is: 'lost replies', loses: () => (left -= 1) >= 0, ending }
}
const codeOf = (error: unknown) => (error instanceof Problem ? error.code : error)
const eventually = <Answer>(act: () => Promise<Answer>) => expect.poll(() => act().catch(codeOf), { timeout: 10_000, interval: 100 })

describe.skipIf(inject('redis') === undefined)('Redis, whose answer is lost', () => {
  test.each(endings)('R08, P06: by %s: was asked once, and is not asked again', async (ending) => {
    const proxy = await openFaultProxy(inject('redis') ?? '')
    const store = await redisVolatile({ client: await openRedis({ url: proxy.url, mayEvict: true }), sealer: makeNamedSealer([{ version: 1, secret: randomBytes(32) }]), prefix: `${randomBytes(4).toString('hex')}:` })
    onTestFinished(async () => {
      await store.close()
      await proxy.close()
    })
    await store.offer('challenge', 'once', 600)
    proxy.fail(lost(ending))
    expect(await store.count('tries', 600).catch(codeOf)).toBe('service.unavailable')
    proxy.heal()
    await eventually(() => store.get('nothing')).toBeUndefined()
    proxy.fail(lost(ending))
    expect(await store.take('challenge').catch(codeOf)).toBe('service.unavailable')
    proxy.heal()
    await eventually(() => store.get('nothing')).toBeUndefined()
    // Each was done, and once.
    expect([await store.count('tries', 600), await store.take('challenge')]).toEqual([2, undefined])
  })
})

describe.skipIf(inject('postgres') === undefined)('PostgreSQL, whose answer is lost', () => {
  test.each(endings)('R06: by %s: was asked once, and is not asked again', async (ending) => {
    const proxy = await openFaultProxy(inject('postgres') ?? '')
    const db = await openDatabase({ url: proxy.url, dataDir: '', maxConnections: 2 })
    const table = sql.table(`asked_once_${ending}`)
    onTestFinished(async () => {
      await db.change(sql`drop table ${table}`)
      await db.close()
      await proxy.close()
    })
    await db.change(sql`create table ${table} (at timestamptz not null default now())`)
    const add = sql`insert into ${table} default values`
    const count = async () => (await db.first(sql<{ count: number }>`select count(*) as count from ${table}`))?.count
    proxy.fail(lost(ending))
    expect(await db.change(add).catch(codeOf)).toBe('service.unavailable')
    proxy.heal()
    await eventually(count).toBe(1)
    // The connection that was lost in the middle of a transaction took it along.
    expect(await db.transaction(async (tx) => {
      await tx.change(add)
      proxy.fail(lost(ending))
      await tx.change(add)
    }).catch(codeOf)).toBe('service.unavailable')
    proxy.heal()
    await eventually(count).toBe(1)
  })
})
