import { Redis } from 'ioredis'
import { Client } from 'pg'
import { startPostgres } from '#test/support/postgres-server.ts'
import { startRedis } from '#test/support/redis-server.ts'
import { parentOf } from './cpu.ts'
import { pin } from './child.ts'

export type Stores = { env: { DATABASE_URL: string; REDIS_URL: string }; pids: readonly number[]; stop: () => Promise<void> }

/** A PostgreSQL that commits to disk and a Redis without persistence, for this run alone, on the server's core. */
export async function startStores(): Promise<Stores> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
  const stop = async () => {
    await postgres?.stop()
    await redis?.stop()
  }
  if (!postgres || !redis) {
    await stop()
    throw new Error('--engine servers needs PostgreSQL and Redis; on Debian: apt install postgresql redis-server')
  }
  const pids = [await postmasterOf(postgres.url), await redisOf(redis.url)]
  for (const pid of pids) pin(pid, 0)
  return { env: { DATABASE_URL: postgres.url, REDIS_URL: redis.url }, pids, stop }
}

/** The parent of any backend is the postmaster, from which all of PostgreSQL's processes descend. */
export async function postmasterOf(url: string): Promise<number> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    return parentOf(rows[0]?.pid ?? 0) ?? 0
  } finally {
    await client.end()
  }
}

export async function redisOf(url: string): Promise<number> {
  const redis = new Redis(url)
  try {
    return Number((await redis.info('server')).match(/process_id:(\d+)/)?.[1] ?? 0)
  } finally {
    redis.disconnect()
  }
}
