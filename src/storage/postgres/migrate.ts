import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql, type Kysely, type RawBuilder } from 'kysely'
import { Migrator } from 'kysely/migration'
import { Refusal } from '#kernel/refusal.ts'
import type { Database } from './db.ts'

type File = { name: string; text: string; sum: string }

/**
 * Brings the database to the newest of the numbered `.sql` files in `folder`: forward only, in order, one transaction each.
 * What was applied is remembered with its SHA-256, and a file that changed afterwards ends in `Refusal`, as does a
 * database that does not answer or does not let us in. Two processes at once are safe: they take turns. A database that is up
 * to date costs one statement, and so does one that a later release has brought further: files only add, so that servers of the release before
 * go on, and whoever must can go back to it. A file that takes something away is named `…_contract.sql`, and ends in `Refusal` for a program that
 * does not know it. A `series` of files is counted by itself, under names that begin so.
 */
export async function migrate(database: Database, folder: string, onApplied?: (name: string) => void, series = ''): Promise<void> {
  const files = await read(folder)
  const sums = sql.table(`${series}migration_sum`)
  await database.patiently(async (db) => {
    if (pending(files, await applied(db.kysely, sums)).length === 0) return
    await prepare(db.kysely, sums)
    const migrator = new Migrator({
      db: db.kysely,
      provider: { getMigrations: async () => Object.fromEntries(files.map((file) => [file.name, { up: (at) => apply(at, file, sums) }])) },
      migrationTableName: `${series}migration`,
      migrationLockTableName: `${series}migration_lock`,
    })
    for (;;) {
      const name = await advance(migrator)
      if (name === undefined) break
      onApplied?.(name)
    }
    pending(files, await applied(db.kysely, sums))
  })
}

/** For who may not change tables: throws `Refusal` where a file waits. */
export async function mustBeMigrated(database: Database, folder: string): Promise<void> {
  const waiting = pending(await read(folder), await applied(database.kysely, sql.table('migration_sum')))
  if (waiting.length > 0) throw new Refusal(`${waiting.length} migrations wait for this database: run eid migrate as the owner of its tables first.`)
}

/** Applies the next file, if there is one. Kysely's `migrateToLatest` would put all of them into one transaction. */
async function advance(migrator: Migrator): Promise<string | undefined> {
  const { error, results = [] } = await migrator.migrateUp()
  const [result] = results
  if (error !== undefined) {
    const reason = error instanceof Error ? error.message : 'no reason was given'
    throw new Refusal(`The migration ${result?.migrationName ?? ''} failed and changed nothing: ${reason}`, { cause: error })
  }
  return result?.migrationName
}

type Sums = RawBuilder<unknown>

async function apply(at: Kysely<unknown>, file: File, sums: Sums): Promise<void> {
  // A text without parameters may hold many statements; both engines take it whole.
  await sql.raw(file.text).execute(at)
  await sql`insert into ${sums} (name, sum) values (${file.name}, ${file.sum})`.execute(at)
}

async function read(folder: string): Promise<readonly File[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_[a-z0-9_-]+\.sql$/.test(name)).toSorted()
  return Promise.all(names.map(async (name) => {
    const text = await readFile(join(folder, name), 'utf8')
    return { name, text, sum: createHash('sha256').update(text).digest('hex') }
  }))
}

async function prepare(at: Kysely<unknown>, sums: Sums): Promise<void> {
  try {
    await sql`create table if not exists ${sums} (name text primary key, sum text not null)`.execute(at)
  } catch (error) {
    // `if not exists` does not settle the race of two makers; the slower one hears of a duplicate and finds the table there.
    if ((await applied(at, sums)) === undefined) throw error
  }
}

/** Names and sums of what was applied; undefined while the database is empty. */
async function applied(at: Kysely<unknown>, sums: Sums): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    const { rows } = await sql<{ name: string; sum: string }>`select name, sum from ${sums}`.execute(at)
    return new Map(rows.map(({ name, sum }) => [name, sum]))
  } catch (error) {
    // 42P01 undefined_table
    if (error instanceof Error && 'code' in error && error.code === '42P01') return undefined
    const reason = error instanceof Error && error.message !== '' ? error.message : 'it does not answer'
    throw new Refusal(`The database cannot be used (${reason}): start it, or correct DATABASE_URL.`, { cause: error })
  }
}

const takesAway = (name: string): boolean => name.endsWith('_contract.sql')

/** The files still to be applied. Throws `Refusal` where what was applied is not what we have, or more than we can run on. */
function pending(files: readonly File[], known: ReadonlyMap<string, string> = new Map()): readonly File[] {
  for (const [name, sum] of known) {
    const file = files.find((candidate) => candidate.name === name)
    if (file === undefined) {
      if (takesAway(name)) throw new Refusal(`The migration ${name} took something from this database that this program still uses: start the release that brought it, or a later one.`)
      continue
    }
    if (file.sum !== sum) throw new Refusal(`The migration ${name} was changed after it was applied: restore the file and put the change into a new one.`)
  }
  return files.filter(({ name }) => !known.has(name))
}
