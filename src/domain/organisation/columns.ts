import { newId } from '#kernel/id.ts'
import { organisation, type Organisation } from './organisation.ts'

/** The columns of an import file. `json` cells hold what has parts; an empty cell is an item without a value. */
export const organisationColumns = ['code', 'name', 'foreign_name', 'tax_code', 'address', 'state', 'representatives', 'version', 'confirmed_at'] as const
export type OrganisationColumn = (typeof organisationColumns)[number]

type Cells = Readonly<Partial<Record<OrganisationColumn, string>>>

/** Why a row is not taken. Nothing in a report repeats what is in a cell. */
export type OrganisationRowFault = { column: OrganisationColumn; code: 'missing' | 'malformed' | 'not-json' | 'number-repeated' | 'code-repeated' | 'cells' }

const columnOf: Readonly<Record<string, OrganisationColumn>> = {
  code: 'code', name: 'name', foreignName: 'foreign_name', taxCode: 'tax_code', address: 'address', state: 'state', representatives: 'representatives', source: 'version',
}

/** One row as an organisation with a new id, or everything that is wrong with it. */
export function readOrganisation(cells: Cells): { organisation: Organisation } | { faults: readonly OrganisationRowFault[] } {
  const cell = (name: OrganisationColumn) => (cells[name]?.trim() === '' ? undefined : cells[name]?.trim())
  const representatives = jsonIn(cell('representatives'))
  if (representatives === broken) return { faults: [{ column: 'representatives', code: 'not-json' }] }
  const read = organisation.safeParse({
    id: newId(), code: cell('code'), name: cell('name'), foreignName: cell('foreign_name'), taxCode: cell('tax_code'), address: cell('address'),
    state: cell('state'), representatives, source: { version: Number(cell('version') ?? Number.NaN), confirmedAt: cell('confirmed_at') },
  })
  if (!read.success) return { faults: read.error.issues.map(({ path }) => faultAt(path, cell)) }
  const numbers = read.data.representatives.map(({ number }) => number)
  return new Set(numbers).size < numbers.length ? { faults: [{ column: 'representatives', code: 'number-repeated' }] } : { organisation: read.data }
}

/** As a row that `readOrganisation` reads back to the same, but for the id. */
export function writeOrganisation({ code, name, foreignName, taxCode, address, state, representatives, source }: Organisation): readonly string[] {
  return [code, name, foreignName ?? '', taxCode ?? '', address ?? '', state, JSON.stringify(representatives), `${source.version}`, source.confirmedAt]
}

const broken = Symbol('not JSON')

function jsonIn(text: string | undefined): unknown {
  try {
    return text === undefined ? [] : JSON.parse(text)
  } catch {
    return broken
  }
}

function faultAt([field, part]: readonly PropertyKey[], cell: (name: OrganisationColumn) => string | undefined): OrganisationRowFault {
  const column = field === 'source' && part === 'confirmedAt' ? 'confirmed_at' : (columnOf[String(field)] ?? 'code')
  return { column, code: cell(column) === undefined ? 'missing' : 'malformed' }
}
