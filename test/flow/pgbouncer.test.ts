import { sql } from 'kysely'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { Problem } from '#kernel/problem.ts'
import { openDatabase } from '#storage/postgres/open.ts'
import { enrol, signIn } from '#test/support/journey.ts'
import { startEid } from '#test/support/node-process.ts'
import { startPgbouncer } from '#test/support/pgbouncer.ts'
import { startPostgres } from '#test/support/postgres-server.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { startServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'
import { temporaryFolder } from '#test/support/tmp.ts'

const [postgres, redis] = [inject('postgres'), inject('redis')]

async function behindPooler(size: number) {
  const server = await startPostgres()
  const pooler = server && (await startPgbouncer(server.url, size))
  if (server === undefined || pooler === undefined) throw new Error('no PostgreSQL or no PgBouncer on this machine')
  onTestFinished(async () => {
    await pooler.stop()
    await server.stop()
  })
  return { direct: server.url, pooled: pooler.url }
}

describe.skipIf(postgres === undefined || redis === undefined)('behind PgBouncer in transaction mode', () => {
  test('two servers with twenty connections each share two of PostgreSQL: people register and sign in at both, and jobs run', async () => {
    const { direct, pooled } = await behindPooler(2)
    const portal = testClient({ name: 'portal' })
    const stores = { DATABASE_URL: pooled, DATABASE_DIRECT_URL: direct, DATABASE_CONNECTIONS: '20', REDIS_URL: redis ?? '', DATA_DIR: temporaryFolder() }
    const server = await startServer({ env: stores, clients: () => [portal.metadata] })
    onTestFinished(() => server.close())
    const other = await server.another()
    onTestFinished(() => other.close())
    const atPortal = await makeRelyingParty(portal.party(server.issuer))
    const people = await Promise.all([1, 2, 3].map(() => enrol(server, atPortal)))
    const signedIn = await Promise.all(people.map((one) => signIn(atPortal, one)))
    expect(new Set(signedIn.map(({ claims }) => claims.sub)).size).toBe(3)
    // A connection of the pool is another process each time: many statements at once, each in a transaction of its own.
    const seen = await Promise.all(Array.from({ length: 60 }, () => server.house.database.transaction(async (tx) => {
      const before = await tx.first(sql<{ id: string }>`select pg_current_xact_id()::text as id`)
      const after = await tx.first(sql<{ id: string }>`select pg_current_xact_id()::text as id`)
      return before?.id === after?.id
    })))
    expect(seen).toEqual(Array(60).fill(true))
    const backends = await server.house.database.rows(sql<{ pid: number }>`select pid from pg_stat_activity where backend_type = 'client backend' and application_name = 'dinh-danh'`)
    expect(backends.length).toBeLessThanOrEqual(2)
  }, 120_000)

  test('R11: the deadlines of requests hold there too, and long work goes past it', async () => {
    const { direct, pooled } = await behindPooler(2)
    const database = await openDatabase({ url: pooled, directUrl: direct, dataDir: '' })
    onTestFinished(() => database.close())
    const shown = await database.first(sql<Record<string, string>>`select current_setting('statement_timeout') as s, current_setting('lock_timeout') as l, current_setting('idle_in_transaction_session_timeout') as i`)
    expect(shown).toEqual({ s: '700ms', l: '300ms', i: '2s' })
    await expect(database.first(sql`select pg_sleep(3)`)).rejects.toBeInstanceOf(Problem)
    expect(await database.patiently((db) => db.rows(sql<{ t: string }>`select current_setting('statement_timeout') as t, pg_sleep(1)::text as slept`))).toEqual([{ t: '0', slept: '' }])
  }, 60_000)
})

describe.skipIf(postgres === undefined || redis === undefined)('R09: limits are computed at the start', () => {
  test('a server that could want more connections than PostgreSQL has room for does not start; with PgBouncer between it may', async () => {
    const server = await startPostgres(['max_connections=20', 'superuser_reserved_connections=3'])
    onTestFinished(() => server?.stop())
    const stores = { DATABASE_URL: server?.url ?? '', REDIS_URL: redis ?? '', DATA_DIR: temporaryFolder(), PORT: '1' }
    const refused = startEid(['serve', '--workers', '2'], { ...stores })
    expect([await refused.exit, refused.said()]).toEqual([1, expect.stringContaining('PostgreSQL gives 17 connections, and this server could want 22')])
    const few = startEid(['serve'], { ...stores, DATABASE_CONNECTIONS: '12' })
    expect([await few.exit, few.said()]).toEqual([1, expect.stringContaining('could want 14')])
    // Of 17 four fifths are 13. What ends this one is its port, which is not free for it.
    const fits = startEid(['serve'], { ...stores, DATABASE_CONNECTIONS: '11' })
    await expect.poll(() => fits.said(), { timeout: 30_000 }).toContain('listening')
  }, 90_000)
})
