import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { z } from 'zod'
import { openKeyring } from '#keys/keyring.ts'
import type { Keyring } from '#keys/keyring.ts'
import type { Database } from '#storage/postgres/db.ts'
import { openDatabase } from '#storage/postgres/open.ts'
import { makePostgresData, startPostgresOn } from '#test/support/postgres-server.ts'
import { startRedis } from '#test/support/redis-server.ts'
import { folderFor, owner, program } from '#test/support/server-process.ts'
import { runProgram } from './child.ts'
import type { BenchClient } from './client.ts'
import { cpuOf } from './cpu.ts'
import { copiesOf, fillings } from './scale-filling.ts'
import { postmasterOf, redisOf } from './stores.ts'

/** A database with so many people, on servers of its own. */
export type Site = {
  people: number
  imported: number
  folder: string
  env: Readonly<Record<string, string>>
  url: string
  database: Database
  keyring: Keyring
  /** Roots of the processes of PostgreSQL and Redis. */
  stores: readonly number[]
  done: Done
  /** What PostgreSQL says. */
  log: string
  stop: () => Promise<void>
}

const command = new URL('../src/cli/main.ts', import.meta.url).pathname

/** A small server of a ministry, not one that is tuned for filling: what is not said here is PostgreSQL's own default. */
export const settings = ['shared_buffers=1GB', 'max_wal_size=4GB', 'checkpoint_timeout=15min', 'maintenance_work_mem=256MB', 'random_page_cost=1.1']

/** A run that was broken off leaves what has to be read again from the write-ahead log. */
const recovery = 600

/** Measured, with the import's file and the write-ahead log at its largest. */
const bytesForEach = 4_000
const bytesForWal = 5e9

const doneSchema = z.object({
  people: z.number(),
  steps: z.record(z.string(), z.object({ seconds: z.number(), clientMilliseconds: z.number(), storesMilliseconds: z.number() })),
})
export type Done = z.output<typeof doneSchema>

type Plan = { people: number; /** How many of them come in by the command; the others are copies of those. */ imported: number; folder: string; client: BenchClient; say: (line: string) => void }

/**
 * Opens a site in this folder and fills it as far as it is not filled yet: a run that was broken off is gone on with, and what a
 * finished step cost stays known.
 */
export async function openSite({ people, imported, folder, client, say }: Plan): Promise<Site> {
  const done = readDone(folder, people)
  if (done.steps['people'] === undefined) mustHaveRoom(folder, people)
  const own = folderFor('postgres')
  const postgres = await startPostgresOn(own, dataIn(folder), { more: settings, seconds: recovery })
  const redis = await startRedis()
  const stop = async () => {
    await postgres.stop()
    await redis?.stop()
  }
  try {
    if (redis === undefined) throw new Error('Redis is not installed; on Debian: apt install redis-server')
    const env = { DATABASE_URL: postgres.url, REDIS_URL: redis.url, DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'info' }
    const stores = [await postmasterOf(postgres.url), await redisOf(redis.url)]
    const step = stepsOf({ folder, done, stores, say })
    await fillPeople({ people, imported, folder, env, client, step, say })
    const database = await openDatabase({ url: postgres.url, dataDir: '' })
    await database.patiently((db) => fillTables(db, { step, copies: people / imported - 1 }))
    const keyring = await openKeyring({ file: join(folder, 'data', 'keys', 'keyring.json'), create: false })
    return { people, imported, folder, env, url: postgres.url, database, keyring, stores, done, log: join(own, 'log'), stop: () => settled(database).then(() => database.close()).then(stop) }
  } catch (error) {
    await stop()
    throw error
  }
}

type Step = (name: string, work: () => Promise<void>) => Promise<void>

function stepsOf({ folder, done, stores, say }: { folder: string; done: Done; stores: readonly number[]; say: (line: string) => void }): Step {
  return async (name, work) => {
    if (done.steps[name] !== undefined) return
    const before = { at: performance.now(), client: cpuOf([process.pid]), stores: cpuOf(stores) }
    await work()
    const [seconds, storesMilliseconds] = [(performance.now() - before.at) / 1000, cpuOf(stores) - before.stores]
    // The stores are children of this process too.
    done.steps[name] = { seconds, clientMilliseconds: cpuOf([process.pid]) - before.client - storesMilliseconds, storesMilliseconds }
    writeFileSync(doneIn(folder), JSON.stringify(done))
    say(`${name}: ${seconds.toFixed(0)} s`)
  }
}

/** Up to the registry in the database, each by the command that operators have for it. */
async function fillPeople({ imported, folder, env, client, step, say }: Plan & { env: Readonly<Record<string, string>>; step: Step }): Promise<void> {
  const [file, clients] = [join(folder, 'people.csv'), join(folder, 'clients.json')]
  const run = (...args: readonly string[]) => runProgram({ args: [command, ...args], env })
  await step('migrate', () => run('migrate'))
  await step('generate', () => run('registry', 'generate', '--people', String(imported), '--seed', 'scale', '--out', file))
  await step('people', () => watched({ url: env['DATABASE_URL'] ?? '', people: imported, say }, () => run('registry', 'import', file)))
  rmSync(file, { force: true })
  // The client's key is made for each run.
  writeFileSync(clients, JSON.stringify([{ ...client.registered, ...client.own }]))
  await run('client', 'import', clients)
}

/** An import is one transaction: how far it is shows in the size of the table alone. */
async function watched({ url, people, say }: { url: string; people: number; say: (line: string) => void }, work: () => Promise<void>): Promise<void> {
  const database = await openDatabase({ url, dataDir: '' })
  const began = Date.now()
  const timer = setInterval(() => {
    const tell = async () => {
      const size = await database.first(sizeOfPeople)
      say(`importing ${people.toLocaleString('en')}: ${((size?.bytes ?? 0) / 1e6).toFixed(0)} MB of people after ${((Date.now() - began) / 1000).toFixed(0)} s`)
    }
    // What is not told now is told the next time.
    tell().catch(() => undefined)
  }, 20_000)
  try {
    await work()
  } finally {
    clearInterval(timer)
    await database.close()
  }
}

async function fillTables(db: Database, { step, copies }: { step: Step; copies: number }): Promise<void> {
  for (const [name, statements] of Object.entries({ ...(copies > 0 && { copies: copiesOf(copies) }), ...fillings })) {
    await step(name, () => db.transaction(async (tx) => {
      for (const statement of statements) await tx.change(statement)
    }))
  }
  await step('vacuum', async () => void (await db.change(vacuum)))
}

/** What stops it is a kill: so the next start has little to do. */
async function settled(database: Database): Promise<void> {
  await database.patiently((db) => db.change(sql`checkpoint`))
}

const sizeOfPeople = sql<{ bytes: number }>`select pg_total_relation_size('person') as bytes`
const vacuum = sql`vacuum analyze`

const dataIn = (folder: string) => join(folder, 'pg', 'data')
const doneIn = (folder: string) => join(folder, 'done.json')

/** What is in this folder; an empty database where there is nothing. */
function readDone(folder: string, people: number): Done {
  if (existsSync(doneIn(folder))) {
    const done = doneSchema.parse(JSON.parse(readFileSync(doneIn(folder), 'utf8')))
    if (done.people !== people) throw new Error(`${folder} has ${done.people} people: name another folder, or remove it`)
    return done
  }
  if (program('postgres') === undefined || (process.getuid?.() === 0 && owner === undefined)) throw new Error('PostgreSQL is not installed; on Debian: apt install postgresql')
  mkdirSync(join(folder, 'pg'), { recursive: true })
  // PostgreSQL, which is another user where we are root, has to come to its own.
  chmodSync(folder, 0o755)
  if (owner !== undefined) chownSync(join(folder, 'pg'), owner.uid, owner.gid)
  makePostgresData(dataIn(folder), join(folder, 'pg'))
  const done = { people, steps: {} }
  writeFileSync(doneIn(folder), JSON.stringify(done))
  return done
}

function mustHaveRoom(folder: string, people: number): void {
  const { bavail, bsize } = statfsSync(folder)
  const [free, needed] = [bavail * bsize, people * bytesForEach + Math.min(bytesForWal, people * bytesForEach)]
  if (free < needed) throw new Error(`${people.toLocaleString('en')} people need ${(needed / 1e9).toFixed(0)} GB in ${folder}; ${(free / 1e9).toFixed(0)} GB are free`)
}
