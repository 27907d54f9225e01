import { Readable, pipeline } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { columns, optionalColumns } from './columns.ts'
import type { ColumnName } from './columns.ts'

/** What makes a whole file unusable, so that nothing of it is imported. `position` counts the columns from 1. */
export type FileFault =
  | { code: 'not-utf8' }
  | { code: 'no-header' }
  | { code: 'column-missing'; column: ColumnName }
  /** The heading itself is not told: in a file without a header it would be somebody's name. */
  | { code: 'column-unknown' | 'column-repeated'; position: number }
  | { code: 'quote-broken' | 'row-too-large'; line: number }
  | { code: 'row-refused'; line: number }

/** Ends an import from within its stream, so that the transaction around it is undone. Caught in `import.ts`. */
export class BrokenFile extends Error {
  readonly fault: FileFault

  constructor(fault: FileFault) {
    super(fault.code)
    this.name = 'BrokenFile'
    this.fault = fault
  }
}

/** One row with the line it begins on (the header is line 1); `cells` is undefined where their count is not the header's. */
export type Row = { line: number; cells: Readonly<Partial<Record<ColumnName, string>>> | undefined }

/** The most characters one row may have: a person with a large family takes about 4,000. */
const longestRow = 64 * 1024

async function* decoded(file: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const bytes of file) yield decoder.decode(bytes, { stream: true })
    yield decoder.decode()
  } catch (error) {
    throw error instanceof TypeError ? new BrokenFile({ code: 'not-utf8' }) : error
  }
}

function readHeader(cells: readonly string[]): readonly ColumnName[] {
  const header: ColumnName[] = []
  for (const [at, cell] of cells.entries()) {
    const column = columns.find(({ name }) => name === cell.trim())
    if (column === undefined) throw new BrokenFile({ code: 'column-unknown', position: at + 1 })
    if (header.includes(column.name)) throw new BrokenFile({ code: 'column-repeated', position: at + 1 })
    header.push(column.name)
  }
  const missing = columns.find(({ name }) => !header.includes(name) && !optionalColumns.includes(name))
  if (missing !== undefined) throw new BrokenFile({ code: 'column-missing', column: missing.name })
  return header
}

/** The parser's faults by our names; its own messages repeat what is in the file and are dropped. */
function asFault(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error
  const line = Number(error['lines'])
  return new BrokenFile({ code: error.code === 'CSV_MAX_RECORD_SIZE' ? 'row-too-large' : 'quote-broken', line })
}

/**
 * Reads a file as RFC 4180 rows, one at a time: UTF-8 with or without a byte order mark, a header with every column of
 * `columns` in any order and no other. A missing column (but for `optionalColumns`) is refused rather than read as empty, for it would erase what the
 * register knows. Throws `BrokenFile`.
 */
export async function* readCsv(file: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  const parser = parse({
    info: true, relax_column_count: true, skip_empty_lines: true, max_record_size: longestRow, record_delimiter: ['\r\n', '\n'],
  })
  const rows: AsyncIterable<{ info: { lines: number }; record: readonly string[] }> =
    pipeline(Readable.from(decoded(file)), parser, () => {})
  let header: readonly ColumnName[] | undefined
  let line = 1
  try {
    for await (const { info, record } of rows) {
      if (header === undefined) header = readHeader(record)
      else yield { line, cells: record.length === header.length ? named(header, record) : undefined }
      line = info.lines + 1
    }
  } catch (error) {
    throw asFault(error)
  }
  if (header === undefined) throw new BrokenFile({ code: 'no-header' })
}

const named = (header: readonly ColumnName[], record: readonly string[]): Partial<Record<ColumnName, string>> =>
  Object.fromEntries(header.map((name, at) => [name, record[at] ?? '']))

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** One line of a file, ended by a line feed. */
export const csvLine = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\n`
