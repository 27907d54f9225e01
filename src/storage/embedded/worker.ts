import { PGlite } from '@electric-sql/pglite'
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { parsers } from '#storage/postgres/values.ts'
import type { Answer, Ask, Fault } from './message.ts'

/**
 * PGlite in a thread of its own, because a long statement would stop every request (docs/decisions/0003). Statements are answered in
 * the order they came; transactions are `begin` and `commit` among them, and the other side sees to it that nobody speaks in
 * between.
 */
const { folder } = z.object({ folder: z.string() }).parse(workerData)
const port = parentPort
if (port === null) throw new Error('this file runs in a worker thread')

const say = (answer: Answer) => port.postMessage(answer)

try {
  const database = await PGlite.create(folder, { parsers })
  port.on('message', (ask: Ask) => void hear(database, ask))
  say({ ready: true })
} catch (error) {
  say({ failed: faultOf(error) })
  port.close()
}

async function hear(database: PGlite, ask: Ask): Promise<void> {
  try {
    if ('end' in ask) {
      await database.close()
      say({ id: ask.id, rows: [], changed: undefined, command: undefined })
      port?.close()
      return
    }
    say({ id: ask.id, ...(await run(database, ask)) })
  } catch (error) {
    say({ id: ask.id, fault: faultOf(error) })
  }
}

/** Without parameters a text may hold several statements, as a migration does: all rows count, and the last command. */
async function run(database: PGlite, { sql, parameters }: Extract<Ask, { sql: string }>) {
  const results = parameters.length > 0 ? [await database.query(sql, [...parameters])] : await database.exec(sql)
  const last = results.at(-1)
  return { rows: results.flatMap(({ rows }) => rows), changed: last?.affectedRows, command: last?.command }
}

function faultOf(error: unknown): Fault {
  const message = error instanceof Error ? error.message : String(error)
  const of = (name: string) => z.object({ [name]: z.string() }).safeParse(error).data?.[name]
  return { message, code: of('code') ?? 'XX000', constraint: of('constraint') }
}
