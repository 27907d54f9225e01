import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { migrate } from '#storage/postgres/migrate.ts'
import type { Database } from '#storage/postgres/db.ts'
import { goesThrough, shapeOf, tripsOver } from '#test/house/expand.ts'
import { makeDice } from '#test/support/dice.ts'
import { emptyDatabases } from '#test/support/engines.ts'
import { migrations } from '#test/support/template.ts'
import { temporaryFolder } from '#test/support/tmp.ts'

const files = readdirSync(migrations).filter((name) => name.endsWith('.sql')).toSorted()

/** The last one of which no server ran an older program; it and those before may do what those after may not. */
const before = '0055_told_state.sql'

describe('R13: migrations only add', () => {
  test(`what servers of the release before do, they still may: each file after ${before}`, async () => {
    const database = await emptyDatabases['embedded']?.()
    if (database === undefined) throw new Error('the embedded database is always there')
    const folder = temporaryFolder()
    const [old, later] = [files.filter((name) => name <= before), files.filter((name) => name > before && !name.endsWith('_contract.sql'))]
    const apply = async (names: readonly string[]) => {
      for (const name of names) copyFileSync(join(migrations, name), join(folder, name))
      await migrate(database.database, folder)
      return shapeOf(database.database)
    }
    let shape = await apply(old)
    const found: Record<string, readonly string[]> = {}
    for (const name of later) {
      const next = await apply([name])
      const faults = [...tripsOver(shape, next), ...goesThrough(readFileSync(join(folder, name), 'utf8'))]
      if (faults.length > 0) found[name] = faults
      shape = next
    }
    expect(found).toEqual({})
    expect([old.length > 40, later.length > 5]).toEqual([true, true])
  }, 120_000)

  const base = `create table account (id int primary key, name text, state text not null default 'new', born date);
    create table banner (id int primary key)`

  test('what an older server would trip over, or wait for, is found', async () => {
    const { database } = (await emptyDatabases['embedded']?.()) ?? {}
    if (database === undefined) throw new Error('the embedded database is always there')
    const found = async (change: string) => {
      await sql.raw(`drop schema public cascade; create schema public; ${base}`).execute(database.kysely)
      const was = await shapeOf(database)
      await sql.raw(change).execute(database.kysely)
      return [...tripsOver(was, await shapeOf(database)), ...goesThrough(change)]
    }
    expect(await found('drop table banner')).toEqual(['the table banner is gone'])
    expect(await found('alter table account rename to holder')).toContain('the table account is gone')
    expect(await found('alter table account drop column born')).toEqual(['the column account.born is gone'])
    expect(await found('alter table account rename column born to birth')).toContain('the column account.born is gone')
    expect(await found('alter table account alter column name set not null')).toEqual(['the column account.name must have a value'])
    expect(await found('alter table account alter column state drop default')).toEqual(['the column account.state is no longer filled by itself'])
    expect(await found('alter table account add column level int not null')).toEqual(['the new column account.level must have a value'])
    expect(await found('alter table account alter column id type bigint')).toEqual(['the table account is written anew, and closed meanwhile', 'the column account.id is bigint and was integer'])
    expect(await found('alter table account add column at timestamptz default clock_timestamp()')).toEqual(['the table account is written anew, and closed meanwhile'])
    expect(await found(`alter table account add check (state <> 'old')`)).toEqual([expect.stringContaining('the table account asks for more')])
    expect(await found('create unique index one_name on account (name)')).toEqual(['the table account takes one of a kind only: one_name'])
    expect(await found('create unique index one_more_name on account (name, id)')).toEqual(['the table account takes one of a kind only: one_more_name'])
    // What takes more than before is as good as none, but for the time it is read.
    for (const looser of [`(id, (case when state = 'old' then 1 end))`, `(id) where state = 'new'`]) {
      expect(await found(`alter table account drop constraint account_pkey; create unique index looser on account ${looser}`)).toEqual(['the table account is closed while it is read for the index looser'])
    }
    expect(await found('create index by_name on account (name)')).toEqual(['the table account is closed while it is read for the index by_name'])
    expect(await found(`update account set state = 'old'`)).toEqual(['the table account is gone through in one statement'])
    // And this is how it is done.
    expect(await found(`alter table account add column level int not null default 1 check (level > 0); alter table account add column note text;
      alter table account alter column state drop not null; create table more (id int primary key, account int not null references account (id));
      create unique index one_more on more (account); create index banner_by_id on banner (id)`)).toEqual([])
  }, 60_000)
})

describe.skipIf(emptyDatabases['postgres'] === undefined)('R13: migrations on a PostgreSQL that is in use', () => {
  const open = async () => {
    const opened = await emptyDatabases['postgres']?.()
    if (opened === undefined) throw new Error('it was there')
    return opened
  }

  /** `migrate` in a process of its own, which says each file that it has applied. */
  async function migrating(database: Database, folder: string) {
    const [found] = await database.rows(sql<{ name: string; port: number }>`select current_database() as name, inet_server_port() as port`)
    const program = `
      import { migrate } from ${JSON.stringify(join(import.meta.dirname, '../../src/storage/postgres/migrate.ts'))}
      import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, '../../src/storage/postgres/open.ts'))}
      const database = await openDatabase({ url: process.env.URL, dataDir: '' })
      await migrate(database, process.env.FOLDER, (name) => console.log(name))
      await database.close()`
    const env = { ...process.env, FOLDER: folder, URL: `postgres://postgres@127.0.0.1:${found?.port}/${found?.name}` }
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const told: string[] = []
    child.stdout.on('data', (text) => told.push(...String(text).split('\n').filter(Boolean)))
    const ended = once(child, 'exit')
    onTestFinished(async () => {
      child.kill('SIGKILL')
      await ended
    })
    return { child, told, ended }
  }

  const whole = async (database: Database) => {
    const { columns, constraints, indexes } = await shapeOf(database)
    return [...columns, ...constraints, ...indexes].map((row) => JSON.stringify(row)).toSorted()
  }

  test('killed with -9 every few files, it goes on where it was, and comes to the same tables', async () => {
    const [{ database }, { database: other }] = [await open(), await open()]
    const dice = makeDice(13)
    let kills = 0
    for (let count = 0; count < files.length;) {
      const { child, told, ended } = await migrating(database, migrations)
      const enough = 4 + dice.below(8)
      while (told.length < enough && child.exitCode === null) await pause(2)
      // In the midst of the next file, wherever that is.
      await pause(dice.below(12))
      if (child.exitCode === null) kills += 1
      child.kill('SIGKILL')
      await ended
      const known = await database.rows(sql<{ name: string }>`select name from migration_sum order by name`)
      expect(known.map(({ name }) => name)).toEqual(files.slice(0, known.length))
      count = known.length
    }
    await migrate(database, migrations)
    await migrate(other, migrations)
    expect(await whole(database)).toEqual(await whole(other))
    expect(kills).toBeGreaterThan(3)
  }, 180_000)

  test('killed with -9 in the midst of a statement it has changed nothing, and the next one does it', async () => {
    const { database } = await open()
    const folder = temporaryFolder()
    writeFileSync(join(folder, '0001_one.sql'), 'create table one (id int primary key)')
    writeFileSync(join(folder, '0002_two.sql'), 'create table two (id int primary key); insert into two select 1; select pg_sleep(2); create table three (id int)')
    const { child, told, ended } = await migrating(database, folder)
    await expect.poll(() => told, { timeout: 20_000 }).toEqual(['0001_one.sql'])
    await pause(300)
    child.kill('SIGKILL')
    await ended
    await expect(database.rows(sql`select * from two`)).rejects.toMatchObject({ code: '42P01' })
    // The server learns of the death at the end of the statement; whoever comes meanwhile waits.
    const names: string[] = []
    await migrate(database, folder, (name) => names.push(name))
    expect(names).toEqual(['0002_two.sql'])
    expect(await database.rows(sql`select id from two`)).toEqual([{ id: 1 }])
  }, 60_000)

  test('a table that somebody does not let go of is waited for five seconds and no longer, and nothing is changed', async () => {
    const { database, another } = await open()
    const folder = temporaryFolder()
    writeFileSync(join(folder, '0001_one.sql'), 'create table one (id int primary key)')
    await migrate(database, folder)
    writeFileSync(join(folder, '0002_more.sql'), 'create table two (id int); alter table one add column more text')
    const holder = await another()
    const [held, free] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
    const holding = holder.transaction(async (db) => {
      await db.rows(sql`select id from one`)
      held.resolve(undefined)
      await free.promise
    })
    await held.promise
    const began = performance.now()
    await expect(migrate(database, folder)).rejects.toMatchObject({ name: 'Refusal', message: expect.stringContaining('0002_more.sql failed and changed nothing') })
    expect(performance.now() - began).toBeLessThan(20_000)
    await expect(database.rows(sql`select id from two`)).rejects.toMatchObject({ code: '42P01' })
    free.resolve(undefined)
    await holding
    await migrate(database, folder)
    expect(await database.rows(sql`select more from one`)).toEqual([])
  }, 60_000)
})
