import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, onTestFinished } from 'vitest'
import type { Database } from '#storage/postgres/db.ts'
import { openDatabase } from '#storage/postgres/open.ts'
import { embeddedTemplate } from './template.ts'

type Instance = { database: Database; folder: string; tables: readonly string[] }

const idle: Instance[] = []

/**
 * An embedded database as the migrations leave it. Opening one takes a second, bringing a used one back to that state takes
 * milliseconds, so the tests of one file hand theirs on.
 */
export async function borrowEmbedded(): Promise<Database> {
  const waiting = idle.pop()
  const instance = waiting ?? (await fresh())
  if (waiting !== undefined) await restore(waiting)
  onTestFinished(() => void idle.push(instance))
  return { ...instance.database, close: async () => undefined }
}

afterAll(async () => {
  for (const { database, folder } of idle.splice(0)) {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

async function fresh(): Promise<Instance> {
  const folder = mkdtempSync(join(tmpdir(), 'dinh-danh-'))
  cpSync(await embeddedTemplate('migrated'), folder, { recursive: true })
  const database = await openDatabase({ dataDir: folder })
  const tables = await tablesOf(database)
  await database.change(sql`create schema kept`)
  for (const table of tables) await database.change(sql`create table ${sql.id('kept', table)} as table ${sql.id('public', table)}`)
  return { database, folder, tables }
}

/** Drops what a test made, empties the rest, and puts back the rows that migrations had written. */
async function restore({ database, tables }: Instance): Promise<void> {
  for (const table of await tablesOf(database)) {
    if (!tables.includes(table)) await database.change(sql`drop table ${sql.id('public', table)} cascade`)
  }
  if (tables.length === 0) return
  await database.change(sql`delete from job.job`)
  await database.transaction(async (db) => {
    // Rows go back in any order: foreign keys and triggers rest meanwhile.
    await db.change(sql`set local session_replication_role = replica`)
    await db.change(sql`truncate ${sql.join(tables.map((table) => sql.id('public', table)))} restart identity cascade`)
    for (const table of tables) {
      await db.change(sql`insert into ${sql.id('public', table)} overriding system value select * from ${sql.id('kept', table)}`)
    }
  })
}

async function tablesOf(database: Database): Promise<readonly string[]> {
  const rows = await database.rows(sql<{ name: string }>`select tablename as name from pg_tables where schemaname = 'public' order by 1`)
  return rows.map(({ name }) => name)
}
