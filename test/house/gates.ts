import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { z } from 'zod'

/** What a gate saw and whether it is content. A gate that read nothing has not passed: it has not looked. */
export type Gate = { name: string; files: number; faults: readonly string[]; passed: boolean }

const root = join(import.meta.dirname, '..', '..')
const bin = (name: string) => join(root, 'node_modules', '.bin', name)

const report = z.object({
  number_of_files: z.int(),
  diagnostics: z.array(z.object({
    filename: z.string(),
    message: z.string(),
    code: z.string().optional(),
    help: z.string().nullish(),
    labels: z.array(z.object({ span: z.object({ line: z.int(), column: z.int() }) })).default([]),
  })),
})

/** oxlint over the whole repository, with the walls of `.oxlintrc.json` and the rules that know types. */
export async function lint(): Promise<Gate> {
  const { output, code } = await run(bin('oxlint'), ['--format', 'json', '.'])
  const parsed = report.safeParse(readJson(output))
  if (!parsed.success) return { name: 'lint', files: 0, faults: [`oxlint did not answer: ${output.slice(0, 2000)}`], passed: false }
  const { number_of_files: files, diagnostics } = parsed.data
  const faults = diagnostics.map(({ filename, message, code: rule = '', help, labels: [label] }) =>
    `${filename}:${label?.span.line ?? 0}:${label?.span.column ?? 0} ${message} ${rule}${help ? `\n    ${help}` : ''}`)
  return gate('lint', files, faults, code)
}

/** The TypeScript compiler over everything `tsconfig.json` includes. */
export async function types(): Promise<Gate> {
  const { output, code } = await run(process.execPath, [compiler(), '--noEmit', '--listFiles', '--pretty', 'false'])
  const lines = output.split('\n').filter((line) => line !== '')
  const listed = lines.filter((line) => line.startsWith('/'))
  const own = listed.filter((line) => !relative(root, line).includes('node_modules') && !relative(root, line).startsWith('..'))
  return gate('types', own.length, lines.filter((line) => !listed.includes(line)), code)
}

/** The verdict: faults, a bad exit code and an empty reading each fail. */
export function gate(name: string, files: number, faults: readonly string[], code: number | null): Gate {
  return { name, files, faults, passed: files > 0 && faults.length === 0 && code === 0 }
}

/** Prints what a gate found, ending with how many files it read. */
export function print({ name, files, faults, passed }: Gate): void {
  for (const fault of faults) console.log(fault)
  const verdict = passed ? 'passed' : 'FAILED'
  console.log(`${name}: ${files} files read, ${faults.length} faults: ${verdict}${files === 0 ? ' (nothing was read)' : ''}`)
}

function compiler(): string {
  return join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function run(command: string, args: readonly string[]): Promise<{ output: string; code: number | null }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ output: string; code: number | null }>()
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.on('error', reject)
  child.on('close', (code) => resolve({ output: Buffer.concat(chunks).toString('utf8'), code }))
  return promise
}
