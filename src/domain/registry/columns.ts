import { newId } from '#kernel/id.ts'
import type { Field } from './quality.ts'
import { person } from './person.ts'
import type { Person } from './person.ts'

/**
 * The columns of an import file: the 26 items of Law 26/2023/QH15 Art 9 in its order, after the kind of person and before
 * the source. `text` cells are taken as they are, `json` cells hold what has parts. An empty cell is an item without a value.
 * Our own id is not among them: a file speaks of people by their numbers.
 */
export const columns = [
  { name: 'kind',                     field: 'kind',                   cell: 'text' },
  { name: 'name',                     field: 'name',                   cell: 'text' },
  { name: 'other_name',               field: 'otherName',              cell: 'text' },
  { name: 'number',                   field: 'number',                 cell: 'text' },
  { name: 'former_numbers',           field: 'formerNumbers',          cell: 'json' },
  { name: 'birth_date',               field: 'birthDate',              cell: 'text' },
  { name: 'sex',                      field: 'sex',                    cell: 'text' },
  { name: 'birth_place',              field: 'birthPlace',             cell: 'json' },
  { name: 'birth_registration_place', field: 'birthRegistrationPlace', cell: 'json' },
  { name: 'hometown',                 field: 'hometown',               cell: 'json' },
  { name: 'ethnicity',                field: 'ethnicity',              cell: 'text' },
  { name: 'religion',                 field: 'religion',               cell: 'text' },
  { name: 'nationality',              field: 'nationality',            cell: 'json' },
  { name: 'blood_type',               field: 'bloodType',              cell: 'text' },
  { name: 'old_number',               field: 'oldNumber',              cell: 'text' },
  { name: 'card',                     field: 'card',                   cell: 'json' },
  { name: 'relations',                field: 'relations',              cell: 'json' },
  { name: 'permanent_residence',      field: 'permanentResidence',     cell: 'json' },
  { name: 'temporary_residence',      field: 'temporaryResidence',     cell: 'json' },
  { name: 'current_residence',        field: 'currentResidence',       cell: 'json' },
  { name: 'temporary_absence',        field: 'temporaryAbsence',       cell: 'text' },
  { name: 'residence_file',           field: 'residenceFile',          cell: 'text' },
  { name: 'marital_status',           field: 'maritalStatus',          cell: 'text' },
  { name: 'household_relation',       field: 'householdRelation',      cell: 'text' },
  { name: 'household',                field: 'household',              cell: 'json' },
  { name: 'life',                     field: 'life',                   cell: 'json' },
  { name: 'phones',                   field: 'phones',                 cell: 'json' },
  { name: 'emails',                   field: 'emails',                 cell: 'json' },
  { name: 'other',                    field: 'other',                  cell: 'json' },
  { name: 'source',                   field: 'source',                 cell: 'json' },
  { name: 'guardianship',             field: 'guardianship',           cell: 'json' },
  { name: 'passport',                 field: 'passport',               cell: 'json' },
] as const satisfies readonly { name: string; field: Field; cell: 'text' | 'json' }[]

export type ColumnName = (typeof columns)[number]['name']

/** Columns that a file may be without, for it is from before they were: what the register knows of that stays as it is. */
export const optionalColumns: readonly ColumnName[] = ['guardianship', 'passport']

/** The first line of a file of people (`csv.ts`). */
export const header = { columns: columns.map(({ name }) => name), optional: optionalColumns }

const names = new Map<string, ColumnName>(columns.map(({ name, field }) => [field, name]))

/** The column that holds a field; `kind` for what has no column, which only an id could be. */
export const columnOf = (field: string): ColumnName => names.get(field) ?? 'kind'

/** Items that have no value when their cell is empty, and are then an empty list or map. */
const whenEmpty: Readonly<Record<string, () => unknown>> = {
  formerNumbers: () => [],
  nationality: () => [],
  relations: () => [],
  household: () => [],
  life: () => ({ status: 'alive' }),
  phones: () => [],
  emails: () => [],
  other: () => ({}),
  guardianship: () => null,
  passport: () => null,
}

/** Why a cell or a row cannot be read. Neither this nor anything else in a report repeats what is in the cell. */
export type CellFault = { column: ColumnName; code: 'missing' | 'malformed' | 'not-json' }

type Read = { person: Person } | { faults: readonly CellFault[] }

function readCell(cell: string, { field, cell: kind }: (typeof columns)[number]): unknown {
  if (cell === '') return whenEmpty[field]?.()
  return kind === 'json' ? JSON.parse(cell) : cell
}

/** One row as a person with a fresh id, or every column in which it is at fault. */
export function readRow(cells: Readonly<Partial<Record<ColumnName, string>>>): Read {
  const draft: Record<string, unknown> = { id: newId() }
  const faults: CellFault[] = []
  for (const column of columns) {
    if (cells[column.name] === undefined && optionalColumns.includes(column.name)) continue
    try {
      const value = readCell(cells[column.name] ?? '', column)
      if (value !== undefined) draft[column.field] = value
    } catch {
      faults.push({ column: column.name, code: 'not-json' })
    }
  }
  const parsed = person.safeParse(draft)
  if (parsed.success && faults.length === 0) return { person: parsed.data }
  const broken = new Set(faults.map(({ column }) => column))
  const fields = new Set(parsed.error?.issues.map(({ path }) => String(path[0])))
  for (const field of fields) {
    const column = columnOf(field)
    if (!broken.has(column)) faults.push({ column, code: field in draft ? 'malformed' : 'missing' })
  }
  return { faults }
}

const isEmpty = (value: unknown): boolean => {
  if (value === undefined || value === null) return true
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** A person as the cells of one row, in the order of `columns`: what `readRow` reads back, but for the id. */
export const writeRow = (known: Person): readonly string[] =>
  columns.map(({ field }) => {
    const value = known[field]
    if (isEmpty(value)) return ''
    return typeof value === 'string' ? value : JSON.stringify(value)
  })
