import type { Day } from '#kernel/clock.ts'
import { columnOf, columns, header, readRow, writeRow } from './columns.ts'
import type { ColumnName } from './columns.ts'
import { BrokenFile, csvLine, readCsv } from './csv.ts'
import type { FileFault, Row } from './csv.ts'
import { numberSet } from './number-set.ts'
import type { NumberSet } from './number-set.ts'
import type { Person } from './person.ts'
import { faultsOf } from './quality.ts'
import type { RegistryStore } from './store.ts'

/** One fault of one row: where, and by which rule; never what is written there. `stops` refused the row. */
export type RowFault = { line: number; column: ColumnName; code: string; stops: boolean }

/** What became of a file. `read` = `accepted` + `refused`; `accepted` = `inserted` + `replaced` + `unchanged`. */
export type Report = {
  read: number
  accepted: number
  refused: number
  inserted: number
  replaced: number
  unchanged: number
  /** How often each code occurred, refusals and warnings alike. */
  faults: Readonly<Record<string, number>>
}

/** `nothing` leaves the registry as it was, and says why. */
export type Outcome = { is: 'imported'; report: Report } | { is: 'nothing'; fault: FileFault; report: Report }

export type ImportOptions = {
  /** The day on which "in the future" is judged. */
  today: Day
  /** Refuse the whole file at the first row that is refused. */
  strict?: boolean
  /** Hears every fault as it is found. */
  tell?: (fault: RowFault) => void
  /** Hears how many rows have been read, about every 500. */
  progress?: (read: number) => void
}

const batchSize = 500

type Judged = { person?: Person; faults: readonly RowFault[] }

function judge({ line, cells }: Row<ColumnName>, seen: NumberSet, today: Day): Judged {
  if (cells === undefined) return { faults: [{ line, column: 'kind', code: 'cells', stops: true }] }
  const read = readRow(cells)
  if ('faults' in read) return { faults: read.faults.map((fault) => ({ line, ...fault, stops: true })) }

  const { person } = read
  const faults: RowFault[] = faultsOf(person, today).map(({ code, field, stops }) => ({ line, column: columnOf(field), code, stops }))
  if (seen.has(person.number)) faults.push({ line, column: 'number', code: 'number-repeated', stops: true })
  if (person.formerNumbers.some(({ number }) => seen.has(number))) {
    faults.push({ line, column: 'former_numbers', code: 'number-repeated', stops: true })
  }
  return faults.some(({ stops }) => stops) ? { faults } : { person, faults }
}

type Tally = { read: number; accepted: number; faults: Record<string, number> }

/** The persons of a file in batches, counting as it goes. */
async function* accepted(file: AsyncIterable<Uint8Array>, options: ImportOptions, tally: Tally): AsyncGenerator<readonly Person[]> {
  const seen = numberSet()
  let batch: Person[] = []
  for await (const row of readCsv(file, header)) {
    const { person, faults } = judge(row, seen, options.today)
    tally.read += 1
    for (const fault of faults) {
      tally.faults[fault.code] = (tally.faults[fault.code] ?? 0) + 1
      options.tell?.(fault)
    }
    if (person === undefined && options.strict) throw new BrokenFile({ code: 'row-refused', line: row.line })
    if (person !== undefined) {
      for (const { number } of [person, ...person.formerNumbers]) seen.add(number)
      tally.accepted += 1
      batch.push(person)
    }
    if (tally.read % batchSize === 0) options.progress?.(tally.read)
    if (batch.length < batchSize) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

const reportOf = ({ read, accepted: good, faults }: Tally, done: { inserted: number; replaced: number }, kept: number): Report =>
  ({ read, accepted: good, refused: read - good, ...done, unchanged: kept, faults })

/**
 * Imports a file as it streams by, in one transaction: faulty rows are refused and told, all others are in together, or, when
 * the file itself is broken (or a row is refused under `strict`), none is. The same file a second time changes nothing.
 * Numbers seen are remembered to refuse repeats: about 50 bytes a row.
 */
export async function importFile(
  tools: { registry: Pick<RegistryStore, 'importAll'> },
  file: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): Promise<Outcome> {
  const tally: Tally = { read: 0, accepted: 0, faults: {} }
  try {
    const done = await tools.registry.importAll(accepted(file, options, tally))
    return { is: 'imported', report: reportOf(tally, done, tally.accepted - done.inserted - done.replaced) }
  } catch (error) {
    if (!(error instanceof BrokenFile)) throw error
    return { is: 'nothing', fault: error.fault, report: reportOf(tally, { inserted: 0, replaced: 0 }, 0) }
  }
}

/** People as an import file, line by line: what `importFile` reads back to equal people, but for the id. */
export function* toCsv(people: Iterable<Person>): Generator<string> {
  yield csvLine(columns.map(({ name }) => name))
  for (const known of people) yield csvLine(writeRow(known))
}
