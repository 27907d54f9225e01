import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { Refusal } from '#kernel/refusal.ts'
import { csvLine } from '#domain/registry/csv.ts'
import { importFile } from '#domain/registry/import.ts'
import type { Outcome, RowFault } from '#domain/registry/import.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import { nothingImported } from './file-fault.ts'
import { progressLine } from './progress.ts'

async function readable(file: string): Promise<void> {
  try {
    const handle = await open(file)
    const isFile = (await handle.stat()).isFile()
    await handle.close()
    if (!isFile) throw new Error('not a file')
  } catch (error) {
    throw new Refusal(`${file} cannot be read: check the path and the permissions. Nothing was imported.`, { cause: error })
  }
}

/** Where every fault of every row is written as it is found; without a file, nowhere. */
async function reportTo(file: string | undefined): Promise<{ tell: (fault: RowFault) => void; end: () => Promise<void> }> {
  if (file === undefined) return { tell: () => undefined, end: async () => undefined }
  const refuse = (cause: unknown) => new Refusal(`The report ${file} cannot be written: check that its folder exists.`, { cause })
  const handle = await open(file, 'w').catch((cause: unknown) => Promise.reject(refuse(cause)))
  const stream = createWriteStream(file, { fd: handle })
  const ended = finished(stream)
  stream.write(csvLine(['line', 'column', 'code', 'outcome']))
  return {
    tell: ({ line, column, code, stops }) => void stream.write(csvLine([`${line}`, column, code, stops ? 'refused' : 'warning'])),
    end: async () => {
      stream.end()
      await ended.catch((cause: unknown) => Promise.reject(refuse(cause)))
    },
  }
}

/** Imports one file from disk. Throws `Refusal` when it or the report cannot be opened, before anything is touched. */
export async function importFrom(
  tools: { registry: Pick<RegistryStore, 'importAll'> },
  file: string,
  { today, strict, report }: { today: string; strict: boolean; report?: string },
): Promise<Outcome> {
  await readable(file)
  const { tell, end } = await reportTo(report)
  const line = progressLine('rows read')
  try {
    return await importFile(tools, createReadStream(file, { highWaterMark: 256 * 1024 }), { today, strict, tell, progress: line.at })
  } finally {
    line.end()
    await end()
  }
}

/** What became of a file, in a few lines for whoever started the import. */
export function outcomeText(outcome: Outcome, reportFile: string | undefined): string {
  const { report } = outcome
  const faults = Object.entries(report.faults).map(([code, count]) => `  ${code}: ${count}`)
  const more = faults.length === 0 ? [] : ['Faults by code:', ...faults]
  const hint = faults.length === 0 ? [] : [reportFile === undefined ? 'Add --report FILE to see the lines.' : `The lines are in ${reportFile}.`]
  if (outcome.is === 'nothing') {
    return [nothingImported(outcome.fault, { columns: 'docs/registry.md' }), ...more, ...hint].join('\n')
  }
  const { read, inserted, replaced, unchanged, refused } = report
  const counts = `${read} rows read: ${inserted} new, ${replaced} replaced, ${unchanged} unchanged, ${refused} refused.`
  return [counts, ...more, ...hint].join('\n')
}
