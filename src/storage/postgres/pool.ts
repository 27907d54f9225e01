import { Socket } from 'node:net'
import { Client, Pool, type ClientBase, type ClientConfig, type PoolClient, type PoolConfig, type QueryResult } from 'pg'
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import { codeOf } from './fault.ts'
import { addressesIn, inTurn } from './hosts.ts'
import { steady } from './socket.ts'
import { types } from './values.ts'

/** Of a process, where nothing else is said. */
export const usualConnections = 10

/** With the defaults of pg a frozen server hangs the caller for ever. */
const hurried = (patience: number) => ({
  connectionTimeoutMillis: 400 * patience,
  query_timeout: 800 * patience,
  statement_timeout: 700 * patience,
  lock_timeout: 300 * patience,
  idle_in_transaction_session_timeout: 2_000 * patience,
  max: usualConnections,
  maxLifetimeSeconds: 600,
}) satisfies PoolConfig

/** Of a process, while it migrates or imports. */
export const patientConnections = 2

/** For migrations and imports: they may take hours, but a lock that is not given in five seconds stops nobody else. */
const patient = {
  connectionTimeoutMillis: 5_000,
  lock_timeout: 5_000,
  max: patientConnections,
} satisfies PoolConfig

/** `patience` multiplies the deadlines of requests (tests on a busy machine); `for: 'long work'` has none but on locks. */
export type PoolOptions = { for: 'requests' | 'long work'; patience?: number | undefined; max?: number | undefined }

/**
 * A pool of pg with deadlines everywhere, in the shape that Kysely's dialect takes. Of several hosts it keeps to the one that may be written
 * to, and goes on to the next when that is gone or has become a copy. Throws `Refusal` for an address that cannot be read.
 */
export function makePool(url: string, options: PoolOptions): PostgresPool {
  const hosts = inTurn(addressesIn(url))
  /** pg knows one host a client, so each new client is told which. */
  class ClientInTurn extends Client {
    readonly address: string
    constructor(config: ClientConfig = {}) {
      const address = hosts.current()
      super({ ...config, connectionString: address })
      this.address = address
      // Inside of TLS it is another stream that is read.
      this.connection.once('sslconnect', () => steady(this.connection.stream))
    }
  }
  const pool = new Pool({
    Client: ClientInTurn,
    stream: () => steady(new Socket()),
    // oxlint-disable-next-line typescript/no-misused-promises -- pg-pool waits for what it answers (3.14.0, index.js), which its types do not say
    ...(hosts.count > 1 && { onConnect: refuseCopy }),
    application_name: 'dinh-danh',
    keepAlive: true,
    types,
    ...(options.for === 'long work' ? patient : hurried(options.patience ?? 1)),
    ...(options.max === undefined ? {} : { max: options.max }),
  })
  // A connection that breaks while nobody uses it, or in the hands of somebody, is an event without a listener otherwise,
  // and that ends the process. The pool drops it; whoever uses it gets the error with his statement.
  const ignore = () => undefined
  const guards = new WeakMap<PoolClient, PostgresPoolClient>()
  async function connected(): Promise<PoolClient> {
    for (let left = hosts.count; ; left -= 1) {
      const asked = hosts.current()
      try {
        return await pool.connect()
      } catch (error) {
        // A pool that is used up says nothing of the server.
        if (left <= 1 || isUsedUp(error)) throw error
        hosts.next(asked)
      }
    }
  }
  pool.on('error', ignore)
  pool.on('connect', (client) => client.on('error', ignore))
  return {
    options: pool.options,
    async connect() {
      const client = await connected()
      // One guard a connection, not one a loan: Kysely remembers each it meets, and meeting new ones all the time is dear.
      const guard = guards.get(client) ?? guarded(client, () => hosts.next(client instanceof ClientInTurn ? client.address : ''))
      guards.set(client, guard)
      return guard
    },
    end: () => pool.end(),
  }
}

/**
 * A connection whose statement ran into the client's own deadline is not used again: the answer may still arrive, and whatever
 * is asked next would wait behind it. So `rollback` after a timeout fails at once and the pool opens a fresh connection. Nor is one used again
 * to a server that has become a copy (`read_only_sql_transaction`).
 */
function guarded(client: PoolClient, leave: () => void): PostgresPoolClient {
  let lost: Error | undefined
  const ask = async (text: string, values: readonly unknown[]) => {
    if (lost !== undefined) throw lost
    try {
      return joined(await client.query(text, [...values]))
    } catch (error) {
      if (error instanceof Error && (error.message === 'Query read timeout' || codeOf(error) === '25006')) lost = error
      if (lost !== undefined && codeOf(lost) === '25006') leave()
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

/** pg-pool's words where no connection came free in time (3.14.0, index.js). */
function isUsedUp(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('timeout exceeded when trying to connect')
}

async function refuseCopy(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ transaction_read_only: string }>('show transaction_read_only')
  if (rows[0]?.transaction_read_only === 'on') throw Object.assign(new Error('this server is a copy'), { code: '25006' })
}

type Rows = QueryResult<Record<string, unknown>>

/**
 * A text of several statements is answered with several results, which pg's types do not say: all their rows count, and no one
 * command does (of a `commit` Kysely would give the name instead of the rows).
 */
function joined(result: Rows | Rows[]): Rows {
  if (!Array.isArray(result)) return result
  return { command: '', rowCount: null, oid: 0, fields: [], rows: result.flatMap(({ rows }) => rows) }
}
