import { types as standard } from 'pg'

const bytea = 17
const int8 = 20
const date = 1082
const numeric = 1700

type Parser = (text: string) => unknown

/** The types on which the engines' own ideas differ (what `Db` promises); every other type is parsed alike by both. */
export const parsers: Readonly<Record<number, Parser>> = {
  [bytea]: (text) => new Uint8Array(Buffer.from(text.slice(2), 'hex')),
  // Counts and positions stay far below 2^53; a value that does not is a bug worth stopping for.
  [int8]: (text) => safe(Number(text)),
  [date]: (text) => text,
  [numeric]: (text) => text,
}

/** What pg asks for a parser. Results come as text; `format` is binary only when a query says so, and none does. */
export const types = {
  getTypeParser: (oid: number): Parser => parsers[oid] ?? standardParser(oid),
}

function standardParser(oid: number): Parser {
  // oxlint-disable-next-line typescript/no-unsafe-return -- pg-types declares its parsers as any
  return standard.getTypeParser(oid)
}

function safe(value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError('an int8 beyond 2^53 came from the database')
  return value
}
