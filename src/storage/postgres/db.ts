import type { Kysely, RawBuilder } from 'kysely'
import type { Numbering } from './numbering.ts'

/**
 * The one door to SQL. It takes only what Kysely's `sql` tag made, so a value is always a parameter and a plain string
 * does not compile. The same statements run on PostgreSQL 15 and on the embedded PGlite.
 *
 * Values are the same on both: bytea is a Uint8Array, timestamptz a Date, int8 a number, date a `YYYY-MM-DD`, numeric a
 * string, jsonb what was parsed. A jsonb parameter is given as text: `${JSON.stringify(value)}::jsonb`.
 *
 * A database that is down, frozen or refuses ends in `Problem('service.unavailable')` inside the deadline, a lost lock or
 * deadlock in `Problem('service.busy')`; any other error of the database is a bug and comes through as it is.
 */
export type Db = {
  rows: <Row>(statement: RawBuilder<Row>) => Promise<readonly Row[]>
  first: <Row>(statement: RawBuilder<Row>) => Promise<Row | undefined>
  /** How many rows the statement changed: what settles a race. */
  change: (statement: RawBuilder<unknown>) => Promise<number>
  transaction: <T>(work: (db: Db) => Promise<T>) => Promise<T>
  /** A statement as a library wrote it, `$1` and all: for pg-boss (`storage/jobs`) and nobody else. */
  foreign: (text: string, values?: readonly unknown[]) => Promise<{ rows: unknown[] }>
  close: () => Promise<void>
  /** For the log of record and nobody else. */
  numbering: Numbering
}

/** An open database, before its doors are handed out. */
export type Database = Db & {
  /** For the migrator and nobody else. */
  kysely: Kysely<unknown>
  /** Work that takes longer than a request may: migrations and imports. Its door has no deadlines and closes after the work. */
  patiently: <T>(work: (db: Database) => Promise<T>) => Promise<T>
}
