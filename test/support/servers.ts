import type { TestProject } from 'vitest/node'
import { openDatabase } from '#storage/postgres/open.ts'
import { startPostgres, command } from './postgres-server.ts'
import { startRedisCluster } from './redis-cluster.ts'
import { startRedis } from './redis-server.ts'
import { prepare, templateName } from './template.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Addresses of the servers of this run; undefined where the program is not installed. */
    postgres: string | undefined
    redis: string | undefined
    redisCluster: string | undefined
  }
}

/** No test pulls its plug: what a machine keeps that fails is the subject of files that start a PostgreSQL of their own. */
const forgetful = ['fsync=off', 'full_page_writes=off']

/**
 * Starts a PostgreSQL, a Redis and a Redis Cluster of three once for a test run, on ports of their own. What is not installed
 * is left out with a line that says so; with CI=true that is a failure. Called by vitest (globalSetup).
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = await Promise.allSettled([startPostgres(forgetful), startRedis(), startRedisCluster()])
  const stop = async () => {
    for (const result of started) if (result.status === 'fulfilled') await result.value?.stop()
  }
  try {
    const [postgres, redis, redisCluster] = started.map(urlOf)
    report({ PostgreSQL: postgres, Redis: redis, 'Redis Cluster': redisCluster })
    if (postgres !== undefined) await makeTemplate(postgres)
    project.provide('postgres', postgres)
    project.provide('redis', redis)
    project.provide('redisCluster', redisCluster)
  } catch (error) {
    await stop()
    throw error
  }
  return stop
}

function urlOf(result: PromiseSettledResult<{ url: string } | undefined>): string | undefined {
  if (result.status === 'rejected') throw result.reason
  return result.value?.url
}

function report(found: Readonly<Record<string, string | undefined>>): void {
  const missing = Object.entries(found).filter(([, url]) => url === undefined).map(([name]) => name)
  if (missing.length === 0) return
  const line = `LEFT OUT: suites on ${missing.join(', ')} (not installed)`
  if (process.env['CI'] === 'true') throw new Error(`${line}; with CI=true nothing may be left out`)
  console.log(line)
}

/** Every migration is applied once; each test then copies the result. */
async function makeTemplate(server: string): Promise<void> {
  await command(server, `create database ${templateName}`)
  const url = new URL(server)
  url.pathname = templateName
  const database = await openDatabase({ url: url.href, dataDir: '' })
  try {
    await prepare(database)
  } finally {
    await database.close()
  }
}
