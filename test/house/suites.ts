import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { root } from './source.ts'

/** What vitest did. A file that could not even be loaded counts as one failure, and so does a run that broke off. */
export type Outcome = { passed: number; failed: number; leftOut: readonly { file: string; tests: number }[] }

const report = z.object({
  testResults: z.array(z.object({
    name: z.string(),
    status: z.string(),
    startTime: z.number(),
    endTime: z.number(),
    assertionResults: z.array(z.object({ status: z.string() })),
  })),
})

/** Runs vitest as its own process, showing what it shows, and counts from its report. */
export async function runSuites(args: readonly string[]): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'eid-tests-'))
  const file = join(folder, 'report.json')
  try {
    const code = await vitest(['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...args])
    const told = report.parse(JSON.parse(readFileSync(file, 'utf8')))
    for (const line of slowest(told)) console.log(line)
    return count(told, code)
  } catch (error) {
    console.log(`vitest left no report: ${String(error)}`)
    return { passed: 0, failed: 1, leftOut: [] }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Where the time of a run goes: its slowest files, and what all of them took together. One file's beginning and end are its tests', without its loading. */
export function slowest({ testResults }: z.output<typeof report>, most = 20): readonly string[] {
  const files = testResults.map(({ name, startTime, endTime }) => ({ file: fileOf(name), seconds: (endTime - startTime) / 1000 }))
  const sum = files.reduce((all, { seconds }) => all + seconds, 0)
  const first = files.toSorted((one, other) => other.seconds - one.seconds).slice(0, most)
  return first.length === 0 ? [] : [`${files.length} files took ${sum.toFixed(0)} s, these the most:`, ...first.map(({ file, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${file}`)]
}

const fileOf = (name: string) => name.replace(`${root}/`, '')

/** Totals of a report, given vitest's exit code. */
export function count({ testResults }: z.output<typeof report>, code: number | null): Outcome {
  const many = (status: RegExp) => (results: readonly { status: string }[]) => results.filter((result) => status.test(result.status)).length
  const all = testResults.flatMap(({ assertionResults }) => assertionResults)
  const unloaded = testResults.filter(({ status, assertionResults }) => status === 'failed' && many(/failed/)(assertionResults) === 0).length
  const failed = many(/failed/)(all) + unloaded
  return {
    passed: many(/passed/)(all),
    failed: failed === 0 && code !== 0 ? 1 : failed,
    leftOut: testResults
      .map(({ name, assertionResults }) => ({ file: fileOf(name), tests: many(/skipped|pending|todo|disabled/)(assertionResults) }))
      .filter(({ tests }) => tests > 0),
  }
}

function vitest(args: readonly string[]): Promise<number | null> {
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  const child = spawn(process.execPath, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), ...args], { cwd: root, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal))
  child.on('error', reject)
  child.on('close', resolve)
  return promise
}
