import { Pool, type PoolClient, type PoolConfig } from 'pg'
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import { types } from './values.ts'

/** Design §8: with the defaults of pg a frozen server hangs the caller for ever. */
const hurried = {
  connectionTimeoutMillis: 400,
  query_timeout: 800,
  statement_timeout: 700,
  lock_timeout: 300,
  idle_in_transaction_session_timeout: 2_000,
  max: 10,
  maxLifetimeSeconds: 600,
} satisfies PoolConfig

/** For migrations and imports: they may take hours, but a lock that is not given in five seconds stops nobody else. */
const patient = {
  connectionTimeoutMillis: 5_000,
  lock_timeout: 5_000,
  max: 2,
} satisfies PoolConfig

/** A pool of pg with deadlines everywhere, in the shape that Kysely's dialect takes. */
export function makePool(url: string, options: { patient: boolean; max?: number }): PostgresPool {
  const pool = new Pool({
    connectionString: url,
    application_name: 'dinh-danh',
    keepAlive: true,
    types,
    ...(options.patient ? patient : hurried),
    ...(options.max === undefined ? {} : { max: options.max }),
  })
  // A connection that breaks while nobody uses it, or in the hands of somebody, is an event without a listener otherwise,
  // and that ends the process. The pool drops it; whoever uses it gets the error with his statement.
  const ignore = () => undefined
  pool.on('error', ignore)
  pool.on('connect', (client) => client.on('error', ignore))
  return {
    options: pool.options,
    connect: async () => guarded(await pool.connect()),
    end: () => pool.end(),
  }
}

/**
 * A connection whose statement ran into the client's own deadline is not used again: the answer may still arrive, and whatever
 * is asked next would wait behind it. So `rollback` after a timeout fails at once and the pool opens a fresh connection.
 */
function guarded(client: PoolClient): PostgresPoolClient {
  let lost: Error | undefined
  const ask = async (text: string, values: readonly unknown[]) => {
    if (lost !== undefined) throw lost
    try {
      return await client.query(text, [...values])
    } catch (error) {
      if (error instanceof Error && error.message === 'Query read timeout') lost = error
      throw error
    }
  }
  function query<Row>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<Row>>
  function query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>
  function query(text: unknown, values: readonly unknown[] = []): unknown {
    if (typeof text !== 'string') throw new TypeError('cursors are not in use')
    return ask(text, values)
  }
  return { query, release: () => client.release(lost !== undefined) }
}
