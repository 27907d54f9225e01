import { randomBytes } from 'node:crypto'
import { cpSync } from 'node:fs'
import { inject, onTestFinished } from 'vitest'
import { systemClock, type Clock } from '#kernel/clock.ts'
import { makeNamedSealer } from '#keys/sealer.ts'
import { embeddedVolatile } from '#storage/embedded/volatile.ts'
import type { Database } from '#storage/postgres/db.ts'
import { openDatabase } from '#storage/postgres/open.ts'
import { openRedis } from '#storage/redis/open.ts'
import { redisVolatile } from '#storage/redis/volatile.ts'
import type { Volatile } from '#storage/volatile.ts'
import { borrowEmbedded } from './embedded-pool.ts'
import { borrowPostgres } from './postgres-pool.ts'
import { command } from './postgres-server.ts'
import { embeddedTemplate } from './template.ts'
import { temporaryFolder } from './tmp.ts'

const postgres = inject('postgres')
const redis = inject('redis')
const redisCluster = inject('redisCluster')

/** Deadlines have tests of their own; elsewhere a busy machine must not look like a dead server. */
const patience = 10

/**
 * The databases of this run, for `describe.each(Object.entries(databases))`: each opens an empty one with every migration
 * applied, and closes it when the test ends. Call it inside a test or a `beforeEach`.
 */
export const databases: Readonly<Record<string, () => Promise<Database>>> = {
  embedded: borrowEmbedded,
  ...(postgres === undefined ? {} : { postgres: async () => openAt(await borrowPostgres(postgres)) }),
}

type Empty = { database: Database; another: () => Promise<Database> }

/** Databases without a table, and a second way in as another process would have it (the embedded one has but one). */
export const emptyDatabases: Readonly<Record<string, () => Promise<Empty>>> = {
  embedded: async () => {
    const database = await openEmpty()
    return { database, another: async () => database }
  },
  ...(postgres === undefined ? {} : {
    postgres: async () => {
      const url = await makeEmpty(postgres)
      return { database: await openAt(url), another: () => openAt(url) }
    },
  }),
}

/** The volatile stores of this run, likewise. The clock moves only the embedded one; servers have their own. */
export const volatiles: Readonly<Record<string, (clock?: Clock) => Promise<Volatile>>> = {
  embedded: async (clock = systemClock) => closing(embeddedVolatile({ clock })),
  ...(redis === undefined ? {} : { redis: () => openVolatile(redis) }),
  ...(redisCluster === undefined ? {} : { 'redis-cluster': () => openVolatile(redisCluster) }),
}

/** Two stores of the same names in one Redis, each with keys of its own, as after a key file was replaced. */
export const strangers: Readonly<Record<string, () => Promise<readonly [Volatile, Volatile]>>> = redis === undefined ? {} : {
  redis: async () => {
    const prefix = freshPrefix()
    return Promise.all([openVolatile(redis, prefix), openVolatile(redis, prefix)])
  },
}

async function openEmpty(): Promise<Database> {
  const dataDir = temporaryFolder()
  cpSync(await embeddedTemplate('empty'), dataDir, { recursive: true })
  return closing(await openDatabase({ dataDir }))
}

async function makeEmpty(server: string): Promise<string> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await command(server, `create database ${name} template template0`)
  onTestFinished(() => command(server, `drop database ${name} with (force)`))
  const url = new URL(server)
  url.pathname = name
  return url.href
}

async function openAt(url: string): Promise<Database> {
  return closing(await openDatabase({ url, dataDir: '', patience }))
}

const freshPrefix = () => `${randomBytes(4).toString('hex')}:`

async function openVolatile(url: string, prefix = freshPrefix()): Promise<Volatile> {
  const client = await openRedis({ url, mayEvict: false, patience })
  const sealer = makeNamedSealer([{ version: 1, secret: randomBytes(32) }])
  return closing(await redisVolatile({ client, sealer, prefix }))
}

function closing<Store extends { close: () => Promise<void> }>(store: Store): Store {
  onTestFinished(() => store.close())
  return store
}
