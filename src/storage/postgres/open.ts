import { hostname } from 'node:os'
import { join } from 'node:path'
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely'
import { lockFolder } from '#storage/embedded/lock.ts'
import { openPglite } from '#storage/embedded/pglite.ts'
import type { Database } from './db.ts'
import { door } from './door.ts'
import { makeNumbering, type Numbering } from './numbering.ts'
import { makePool, type PoolOptions } from './pool.ts'

type Options = {
  url?: string | undefined
  /** Where long work goes when `url` is a pooler's, whose rules are for requests. */
  directUrl?: string | undefined
  dataDir: string
  /** What operators call this process, as events name it; the name of the machine where nothing is said. */
  node?: string | undefined
  /** Of this process; the sum over all processes must stay below what the server takes. Ten where nothing is said. */
  maxConnections?: number
  /** Multiplies the deadlines, for tests on a busy machine. */
  patience?: number
}

/**
 * Opens PostgreSQL when there is a `url`, the embedded PGlite under `dataDir` otherwise. Throws `Refusal` when another process
 * has the folder. PostgreSQL is not spoken to before the first statement, so that a start does not need it to be up.
 */
export async function openDatabase(options: Options): Promise<Database> {
  const { url, directUrl = url, dataDir, maxConnections, patience, node = hostname() } = options
  const numbering = makeNumbering(node)
  if (url === undefined || directUrl === undefined) return openEmbedded(dataDir, numbering)
  return openPostgres({ url, directUrl, numbering }, { for: 'requests', max: maxConnections, patience })
}

type Where = { url: string; directUrl: string; numbering: Numbering }

function openPostgres({ url, directUrl, numbering }: Where, options: PoolOptions): Database {
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: makePool(url, options) }) })
  return {
    ...door(kysely, numbering),
    kysely,
    patiently: async (work) => {
      const slow = openPostgres({ url: directUrl, directUrl, numbering }, { for: 'long work' })
      try {
        return await work(slow)
      } finally {
        await slow.close()
      }
    },
  }
}

async function openEmbedded(dataDir: string, numbering: Numbering): Promise<Database> {
  const release = lockFolder(dataDir)
  try {
    const pglite = await openPglite(join(dataDir, 'pg'))
    const kysely = new Kysely<unknown>({ dialect: new PGliteDialect({ pglite }) })
    // A Kysely that was never used does not end what it was given.
    const close = () => kysely.destroy().then(() => pglite.close()).finally(release)
    const database: Database = { ...door(kysely, numbering), close, kysely, patiently: (work) => work(database) }
    return database
  } catch (error) {
    release()
    throw error
  }
}
