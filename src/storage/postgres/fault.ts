import { Problem, type ProblemCode } from '#kernel/problem.ts'

/** SQLSTATE classes and codes (PostgreSQL 15 Appendix A) that say "not now", as opposed to "your statement is wrong". */
const faults: readonly [start: string, code: ProblemCode][] = [
  ['08', 'service.unavailable'],    // connection exception
  ['53', 'service.unavailable'],    // too many connections, disk full, out of memory
  ['57014', 'service.unavailable'], // query_canceled: statement_timeout
  ['57P', 'service.unavailable'],   // shutdown, crash, cannot connect now
  ['58', 'service.unavailable'],    // system error: I/O
  ['XX', 'service.unavailable'],    // internal error: a file that cannot be written, a page that cannot be read
  ['25006', 'service.unavailable'], // read-only: we talk to a primary that is none any more
  ['25P03', 'service.unavailable'], // idle_in_transaction_session_timeout
  ['40', 'service.busy'],           // serialization failure, deadlock
  ['55P03', 'service.busy'],        // lock_timeout
]

/** Node's names for a connection that is not there. */
const broken = /^(E(CONN|PIPE|HOST|NET|TIMEDOUT|ADDR|AI)|ENOTFOUND)/

/** pg has no codes for what it decides itself; these are its messages (8.23: client.js, query.js, pg-pool). */
const said = [
  'Query read timeout',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Connection terminated',
  'Client has encountered a connection error',
  'Client was closed',
  // What came is not what PostgreSQL says (pg-protocol: parser.js; client.js).
  'received invalid response',
  'Received unexpected',
  'not the protocol of PostgreSQL',
]

/** What a failure of the database means to the one who asked. What is nobody's fault but ours comes back as it is. */
export function faultOf(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Problem) return error
  const code = codeOf(error)
  const fault = faults.find(([start]) => code.startsWith(start))?.[1]
  if (fault !== undefined) return new Problem(fault, { cause: error, detail: { sqlstate: code } })
  if (broken.test(code) || said.some((start) => error.message.startsWith(start))) {
    return new Problem('service.unavailable', { cause: error })
  }
  return error
}

/** Nobody knows what became of the statement: the database did not say, or the connection or the server ended meanwhile. */
export function isUnanswered(error: unknown): boolean {
  if (!(error instanceof Problem) || error.code !== 'service.unavailable') return false
  const { sqlstate } = error.detail
  return sqlstate === undefined || /^(08|57P)/.test(String(sqlstate))
}

/** The SQLSTATE or Node's name of a failure, or nothing. */
export function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}
