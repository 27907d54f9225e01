import { Worker } from 'node:worker_threads'
import type { PGlite as PGliteLike, PGliteQueryResults } from 'kysely'
import type { Answer, Fault } from './message.ts'

/** An error of the embedded database with its SQLSTATE, as the `pg` package would have it. */
export class EmbeddedError extends Error {
  readonly code: string
  readonly constraint: string | undefined

  constructor({ message, code, constraint }: Fault) {
    super(message)
    this.name = 'EmbeddedError'
    this.code = code
    this.constraint = constraint
  }
}

type Reply = Extract<Answer, { rows: unknown[] }>
type Waiting = { resolve: (reply: Reply) => void; reject: (error: Error) => void }

/** 57P01 admin_shutdown: the thread is gone, and whoever waits is told. */
const gone = { message: 'the embedded database has ended', code: '57P01', constraint: undefined }

/** Opens PGlite in a worker thread, in the shape that Kysely's dialect takes. The folder must be locked by the caller. */
export async function openPglite(folder: string): Promise<PGliteLike> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { folder } })
  const { ask, end } = await conversation(worker)
  const query = async <Row>(sql: string, parameters: readonly unknown[] = []): Promise<PGliteQueryResults<Row>> => {
    const { rows, changed } = await ask({ sql, parameters })
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the writer of the statement named the type of its rows
    return { rows: rows as Row[], fields: [], ...(changed === undefined ? {} : { affectedRows: changed }) }
  }
  return {
    ready: true,
    waitReady: Promise.resolve(),
    get closed() {
      return end.done
    },
    close: end.now,
    query,
    // Kysely gives its one connection to one user at a time, so nobody speaks between `begin` and `commit`.
    async transaction(work) {
      await ask({ sql: 'begin', parameters: [] })
      const rollback = async () => void (await ask({ sql: 'rollback', parameters: [] }))
      try {
        const result = await work({ query, rollback })
        await commit(ask)
        return result
      } catch (error) {
        await rollback()
        throw error
      }
    },
  }
}

type Ask = (statement: { sql: string; parameters: readonly unknown[] }) => Promise<Reply>

/** PostgreSQL answers the commit of a transaction that had an error with ROLLBACK and no error of its own. */
async function commit(ask: Ask): Promise<void> {
  const { command } = await ask({ sql: 'commit', parameters: [] })
  if (command === 'ROLLBACK') {
    throw new EmbeddedError({ message: 'the transaction was rolled back', code: '25P02', constraint: undefined })
  }
}

/** Questions and answers by number, from the moment the database is open. */
async function conversation(worker: Worker): Promise<{ ask: Ask; end: { done: boolean; now: () => Promise<void> } }> {
  const waiting = new Map<number, Waiting>()
  const end = { done: false, now: async () => undefined as void }
  let last = 0

  const post = (question: object) =>
    new Promise<Reply>((resolve, reject) => {
      if (end.done) return reject(new EmbeddedError(gone))
      last += 1
      waiting.set(last, { resolve, reject })
      worker.postMessage({ id: last, ...question })
    })

  const { promise: opened, resolve, reject } = Promise.withResolvers<void>()
  const over = (fault: Fault) => {
    end.done = true
    reject(new EmbeddedError(fault))
    for (const { reject: tell } of waiting.values()) tell(new EmbeddedError(fault))
    waiting.clear()
  }
  worker.on('message', (answer: Answer) => {
    if ('ready' in answer) return resolve()
    if ('failed' in answer) return over(answer.failed)
    const asked = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('fault' in answer) asked?.reject(new EmbeddedError(answer.fault))
    else asked?.resolve(answer)
  })
  worker.on('error', (error) => over({ ...gone, message: String(error) }))
  worker.on('exit', () => over(gone))

  const exited = new Promise<void>((done) => worker.once('exit', () => done()))
  end.now = async () => {
    if (!end.done) await post({ end: true })
    await exited
  }
  await opened
  return { ask: post, end }
}
