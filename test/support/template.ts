import { createHash, randomUUID } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { prepareJobs } from '#storage/jobs/prepare.ts'
import { migrate } from '#storage/postgres/migrate.ts'
import type { Database } from '#storage/postgres/db.ts'
import { openDatabase } from '#storage/postgres/open.ts'

export const migrations = join(import.meta.dirname, '../../migrations')
/** The database on the test run's PostgreSQL that has every migration and nothing else. */
export const templateName = 'migrated'

const cache = join(import.meta.dirname, '../../node_modules/.cache/dinh-danh')

/**
 * A data folder of the embedded database, empty or with every migration applied, made once for a set of migrations and then
 * only copied: making one takes seconds. Of two makers at once the second throws its own away.
 */
export async function embeddedTemplate(kind: 'migrated' | 'empty'): Promise<string> {
  const folder = join(cache, `${kind}-${fingerprint(kind === 'empty' ? [] : globSync('*.sql', { cwd: migrations }))}`)
  if (existsSync(folder)) return folder
  const draft = join(cache, `draft-${randomUUID()}`)
  mkdirSync(draft, { recursive: true })
  const database = await openDatabase({ dataDir: draft })
  try {
    if (kind === 'migrated') await prepare(database)
    else await database.rows(sql`select 1`)
  } finally {
    await database.close()
  }
  try {
    renameSync(draft, folder)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
  return folder
}

/** What `openHouse` does to a database. */
export async function prepare(database: Database): Promise<void> {
  await migrate(database, migrations)
  await prepareJobs(database)
}

function fingerprint(names: readonly string[]): string {
  const [pglite, boss] = ['@electric-sql/pglite', 'pg-boss'].map((name) => readFileSync(join(import.meta.dirname, '../../node_modules', name, 'package.json'), 'utf8'))
  const files = names.toSorted().map((name) => [name, readFileSync(join(migrations, name), 'utf8')])
  return createHash('sha256').update(JSON.stringify([pglite, boss, files])).digest('hex').slice(0, 16)
}
