import { Readable, pipeline } from 'node:stream'
import { CsvError, parse } from 'csv-parse'

/** What makes a whole file unusable, so that nothing of it is imported. `position` counts the columns from 1. */
export type FileFault =
  | { code: 'not-utf8' }
  | { code: 'no-header' }
  | { code: 'column-missing'; column: string }
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
export type Row<Name extends string> = { line: number; cells: Readonly<Partial<Record<Name, string>>> | undefined }

/** What the first line of a file has to name, in any order. */
export type Header<Name extends string> = { columns: readonly Name[]; optional?: readonly Name[] }

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

function readHeader<Name extends string>(cells: readonly string[], { columns, optional = [] }: Header<Name>): readonly Name[] {
  const header: Name[] = []
  for (const [at, cell] of cells.entries()) {
    const column = columns.find((name) => name === cell.trim())
    if (column === undefined) throw new BrokenFile({ code: 'column-unknown', position: at + 1 })
    if (header.includes(column)) throw new BrokenFile({ code: 'column-repeated', position: at + 1 })
    header.push(column)
  }
  const missing = columns.find((name) => !header.includes(name) && !optional.includes(name))
  if (missing !== undefined) throw new BrokenFile({ code: 'column-missing', column: missing })
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
 * `columns` in any order and no other. A missing column (but for the optional ones) is refused rather than read as empty, for it would erase what the
 * register knows. Throws `BrokenFile`.
 */
export async function* readCsv<Name extends string>(file: AsyncIterable<Uint8Array>, known: Header<Name>): AsyncGenerator<Row<Name>> {
  const parser = parse({
    info: true, relax_column_count: true, skip_empty_lines: true, max_record_size: longestRow, record_delimiter: ['\r\n', '\n'],
  })
  const rows: AsyncIterable<{ info: { lines: number }; record: readonly string[] }> =
    pipeline(Readable.from(decoded(file)), parser, () => {})
  let header: readonly Name[] | undefined
  let line = 1
  try {
    for await (const { info, record } of rows) {
      if (header === undefined) header = readHeader(record, known)
      else yield { line, cells: record.length === header.length ? named(header, record) : undefined }
      line = info.lines + 1
    }
  } catch (error) {
    throw asFault(error)
  }
  if (header === undefined) throw new BrokenFile({ code: 'no-header' })
}

function named<Name extends string>(header: readonly Name[], record: readonly string[]): Partial<Record<Name, string>> {
  const cells: Partial<Record<Name, string>> = {}
  for (const [at, name] of header.entries()) cells[name] = record[at] ?? ''
  return cells
}

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** One line of a file, ended by a line feed. */
export const csvLine = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\n`
