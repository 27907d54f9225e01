import { sql } from 'kysely'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { openDatabase } from '#storage/postgres/open.ts'
import type { Database } from '#storage/postgres/db.ts'
import { startCopiedPostgres } from '#test/support/postgres-server.ts'

describe.skipIf(inject('postgres') === undefined)('PostgreSQL with a copy', () => {
  async function opened(order: 'primary first' | 'copy first') {
    const servers = await startCopiedPostgres()
    if (servers === undefined) throw new Error('no PostgreSQL on this machine')
    const { primary, copy } = servers
    onTestFinished(() => Promise.all([primary.stop(), copy.stop()]).then(() => undefined))
    const hosts = (order === 'primary first' ? [primary, copy] : [copy, primary]).map(({ url }) => new URL(url).host)
    const database = await openDatabase({ url: `postgres://postgres@${hosts.join(',')}/postgres`, dataDir: '', patience: 3 })
    onTestFinished(() => database.close())
    await database.change(sql`create table thing (id int primary key)`)
    return { ...servers, database }
  }

  const put = (database: Database, id: number) => database.change(sql`insert into thing (id) values (${id})`)

  test('R06: of what was acknowledged nothing is missing after the primary was killed, and writing goes on', async () => {
    const { primary, database, promote } = await opened('primary first')
    const acknowledged: number[] = []
    let next = 0
    let writing = true
    const writers = Array.from({ length: 8 }, async () => {
      while (writing) {
        next += 1
        const id = next
        await put(database, id).then(() => acknowledged.push(id), () => new Promise((later) => setTimeout(later, 20)))
      }
    })
    await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(300)
    primary.kill()
    const before = acknowledged.length
    await promote()
    await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(before + 100)
    writing = false
    await Promise.all(writers)
    const kept = new Set((await database.rows(sql<{ id: number }>`select id from thing`)).map(({ id }) => id))
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([])
  }, 120_000)

  test('what is asked is the one that may be written to, wherever it stands in the list, also after it has become a copy', async () => {
    const { primary, database, promote } = await opened('copy first')
    await put(database, 1)
    // As after a switch that was planned: both run, and the old one takes no writes.
    await promote()
    await database.change(sql`alter system set default_transaction_read_only = on`)
    await database.rows(sql`select pg_reload_conf()`)
    await expect.poll(async () => put(database, 2).then(() => 'written', () => 'not now'), { timeout: 20_000 }).toBe('written')
    primary.kill()
    expect(await database.rows(sql`select id from thing order by id`)).toContainEqual({ id: 2 })
  }, 120_000)
})
