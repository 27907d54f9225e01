import type { RawBuilder } from 'kysely'

/**
 * The one door to SQL. It takes only what Kysely's `sql` tag made, so a value is always a parameter and a plain string
 * does not compile. The same statements run on PostgreSQL 15 and on the embedded PGlite.
 */
export type Db = {
  rows: <Row>(statement: RawBuilder<Row>) => Promise<readonly Row[]>
  first: <Row>(statement: RawBuilder<Row>) => Promise<Row | undefined>
  /** How many rows the statement changed: what settles a race. */
  change: (statement: RawBuilder<unknown>) => Promise<number>
  transaction: <T>(work: (db: Db) => Promise<T>) => Promise<T>
  close: () => Promise<void>
}
