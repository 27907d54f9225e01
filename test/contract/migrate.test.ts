import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { migrate, mustBeMigrated } from '#storage/postgres/migrate.ts'
import { openDatabase } from '#storage/postgres/open.ts'
import { emptyDatabases } from '#test/support/engines.ts'
import { temporaryFolder } from '#test/support/tmp.ts'

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

const two = {
  '0001_one.sql': `create table one (id int primary key);
    -- a comment; with a semicolon
    insert into one values (1);`,
  '0002_two.sql': 'create table two (id int primary key); create index on two (id);',
  'README.md': 'not a migration',
}

test('a database that is not there is refused in one sentence without the password', async () => {
  const database = await openDatabase({ url: 'postgres://eid:SECRET@127.0.0.1:1/eid', dataDir: '' })
  onTestFinished(() => database.close())
  const refusal = await migrate(database, folderWith(two)).then(() => undefined, (reason: unknown) => reason)
  expect(refusal).toMatchObject({ name: 'Refusal', message: expect.stringContaining('DATABASE_URL') })
  expect(String(refusal)).not.toContain('SECRET')
})

describe.each(Object.entries(emptyDatabases))('migrations on %s', (_name, open) => {
  test('are applied in order and once', async () => {
    const { database } = await open()
    const folder = folderWith(two)
    const names: string[] = []
    await migrate(database, folder, (name) => names.push(name))
    await migrate(database, folder, (name) => names.push(name))
    expect(names).toEqual(['0001_one.sql', '0002_two.sql'])
    expect(await database.rows(sql`select id from one`)).toEqual([{ id: 1 }])
  })

  test('a later file goes on where the earlier ones ended', async () => {
    const { database } = await open()
    const folder = folderWith(two)
    await migrate(database, folder)
    writeFileSync(join(folder, '0003_three.sql'), 'create table three (id int)')
    const names: string[] = []
    await migrate(database, folder, (name) => names.push(name))
    expect(names).toEqual(['0003_three.sql'])
  })

  test('a file that changed after it was applied is refused by name', async () => {
    const { database } = await open()
    const folder = folderWith(two)
    await migrate(database, folder)
    writeFileSync(join(folder, '0001_one.sql'), 'create table one (id bigint primary key)')
    await expect(migrate(database, folder)).rejects.toMatchObject({ name: 'Refusal', message: expect.stringContaining('0001_one.sql') })
  })

  test('R13: the release before runs on what a later one has added, and is refused by name where that took something away', async () => {
    const { database } = await open()
    const older = folderWith({ '0001_one.sql': two['0001_one.sql'] })
    const newer = folderWith(two)
    await migrate(database, newer)
    const names: string[] = []
    await migrate(database, older, (name) => names.push(name))
    await mustBeMigrated(database, older)
    expect(names).toEqual([])
    writeFileSync(join(newer, '0003_one_contract.sql'), 'drop table one')
    await migrate(database, newer)
    for (const start of [migrate, mustBeMigrated]) {
      await expect(start(database, older)).rejects.toMatchObject({ name: 'Refusal', message: expect.stringContaining('0003_one_contract.sql') })
    }
  })

  test('a file numbered before one that was applied is refused', async () => {
    const { database } = await open()
    await migrate(database, folderWith({ '0002_two.sql': two['0002_two.sql'] }))
    await expect(migrate(database, folderWith(two))).rejects.toMatchObject({ name: 'Refusal' })
  })

  test('a file that fails changes nothing, keeps those before it, and is named', async () => {
    const { database } = await open()
    const folder = folderWith({ ...two, '0002_two.sql': 'create table two (id int); select * from missing' })
    await expect(migrate(database, folder)).rejects.toMatchObject({ message: expect.stringContaining('0002_two.sql') })
    expect(await database.rows(sql`select id from one`)).toHaveLength(1)
    await expect(database.rows(sql`select id from two`)).rejects.toMatchObject({ code: '42P01' })
    writeFileSync(join(folder, '0002_two.sql'), two['0002_two.sql'])
    await migrate(database, folder)
    expect(await database.rows(sql`select id from two`)).toEqual([])
  })

  test('two processes that start at once take turns', async () => {
    const { database, another } = await open()
    const folder = folderWith(two)
    const names: string[] = []
    await Promise.all([database, await another()].map((each) => migrate(each, folder, (name) => names.push(name))))
    expect(names.toSorted()).toEqual(['0001_one.sql', '0002_two.sql'])
    expect(await database.rows(sql`select id from one`)).toEqual([{ id: 1 }])
  })
})
