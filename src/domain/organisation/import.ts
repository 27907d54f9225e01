import { BrokenFile, csvLine, readCsv, type FileFault, type Row } from '#domain/registry/csv.ts'
import { organisationColumns, readOrganisation, writeOrganisation, type OrganisationColumn, type OrganisationRowFault } from './columns.ts'
import type { Organisation, OrganisationCode } from './organisation.ts'
import type { OrganisationStore } from './store.ts'

/** One fault of one row: where, and by which rule; never what is written there. */
export type OrganisationFault = OrganisationRowFault & { line: number }

/** What became of a file. `read` = `inserted` + `replaced` + `unchanged` + `refused`. */
export type OrganisationReport = { read: number; refused: number; inserted: number; replaced: number; unchanged: number }
export type OrganisationOutcome = { is: 'imported'; report: OrganisationReport } | { is: 'nothing'; fault: FileFault; report: OrganisationReport }

const batchSize = 500

type Tally = { read: number; refused: number }

/**
 * Imports a file as it streams by, in one transaction: faulty rows are refused and told, all others are in together, or, when the file itself is
 * broken, none is. The same file a second time changes nothing, so what broke off is simply begun again.
 */
export async function importOrganisations(
  { organisations }: { organisations: Pick<OrganisationStore, 'importAll'> }, file: AsyncIterable<Uint8Array>, tell: (fault: OrganisationFault) => void = () => undefined,
): Promise<OrganisationOutcome> {
  const tally: Tally = { read: 0, refused: 0 }
  const report = ({ inserted, replaced }: { inserted: number; replaced: number }) => ({ ...tally, inserted, replaced, unchanged: tally.read - tally.refused - inserted - replaced })
  try {
    return { is: 'imported', report: report(await organisations.importAll(accepted(file, tell, tally))) }
  } catch (error) {
    if (!(error instanceof BrokenFile)) throw error
    return { is: 'nothing', fault: error.fault, report: { ...tally, inserted: 0, replaced: 0, unchanged: 0 } }
  }
}

async function* accepted(file: AsyncIterable<Uint8Array>, tell: (fault: OrganisationFault) => void, tally: Tally): AsyncGenerator<readonly Organisation[]> {
  const seen = new Set<OrganisationCode>()
  let batch: Organisation[] = []
  for await (const row of readCsv(file, { columns: organisationColumns })) {
    tally.read += 1
    const judged = judge(row, seen)
    if ('faults' in judged) {
      tally.refused += 1
      for (const fault of judged.faults) tell({ line: row.line, ...fault })
      continue
    }
    seen.add(judged.organisation.code)
    batch.push(judged.organisation)
    if (batch.length < batchSize) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

function judge({ cells }: Row<OrganisationColumn>, seen: ReadonlySet<OrganisationCode>): ReturnType<typeof readOrganisation> {
  if (cells === undefined) return { faults: [{ column: 'code', code: 'cells' }] }
  const read = readOrganisation(cells)
  return 'organisation' in read && seen.has(read.organisation.code) ? { faults: [{ column: 'code', code: 'code-repeated' }] } : read
}

/** Organisations as an import file, line by line. */
export function* organisationsAsCsv(all: Iterable<Organisation>): Generator<string> {
  yield csvLine(organisationColumns)
  for (const one of all) yield csvLine(writeOrganisation(one))
}
