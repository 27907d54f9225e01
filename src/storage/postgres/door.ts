import { CompiledQuery, type Kysely, type RawBuilder } from 'kysely'
import type { Db } from './db.ts'
import { faultOf } from './fault.ts'
import { numberingWithin, type Numbering } from './numbering.ts'

/** The door over one Kysely instance, which is the pool or one open transaction. */
export function door(kysely: Kysely<unknown>, numbering: Numbering): Db {
  const run = async <Row>(statement: RawBuilder<Row>) => {
    try {
      return await statement.execute(kysely)
    } catch (error) {
      throw faultOf(error)
    }
  }
  return {
    rows: async (statement) => (await run(statement)).rows,
    first: async (statement) => (await run(statement)).rows[0],
    change: async (statement) => Number((await run(statement)).numAffectedRows ?? 0),
    transaction: (work) => within(kysely, numbering, work),
    async foreign(text, values = []) {
      try {
        return await foreign(kysely, text, values)
      } catch (error) {
        throw faultOf(error)
      }
    },
    close: () => kysely.destroy(),
    numbering,
  }
}

/** A transaction inside a transaction is a savepoint's work; nobody needs one yet, so it is refused by Kysely. */
async function within<T>(kysely: Kysely<unknown>, outer: Numbering, work: (db: Db) => Promise<T>): Promise<T> {
  const { undo, ...numbering } = numberingWithin(outer)
  try {
    return await kysely.transaction().execute((open) => work(door(open, numbering)).catch((error: unknown) => {
      // It is not committed whatever comes now. Of a commit that failed nobody knows.
      undo()
      throw error
    }))
  } catch (error) {
    throw faultOf(error)
  }
}

/**
 * Without values a text may hold `begin … commit` of its own; when it fails in between, its connection must not go back with
 * that transaction open.
 */
async function foreign(kysely: Kysely<unknown>, text: string, values: readonly unknown[]): Promise<{ rows: unknown[] }> {
  const query = CompiledQuery.raw(text, [...values])
  if (values.length > 0 || kysely.isTransaction) return kysely.executeQuery(query)
  return kysely.connection().execute(async (one) => {
    try {
      return await one.executeQuery(query)
    } catch (error) {
      await one.executeQuery(CompiledQuery.raw('rollback')).catch(() => undefined)
      throw error
    }
  })
}
