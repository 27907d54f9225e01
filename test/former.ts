import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'

const root = join(import.meta.dirname, '..')

/** Of the former release, what is about the files themselves: there they are those of this one, by purpose. */
const aboutTheFiles = ['**/*migration*', '**/migrate*', '**/*grants*', '**/plans*']

function run(program: string, args: readonly string[], cwd: string): void {
  const { status } = spawnSync(program, args, { cwd, stdio: 'inherit' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}`)
}

/** The tree of that commit in a folder of its own, with its own packages, on the tables of this one. */
function prepare(commit: string, folder: string): void {
  run('git', ['clone', '-q', '--shared', '--no-checkout', root, folder], root)
  run('git', ['checkout', '-q', '--detach', commit], folder)
  const lock = (of: string) => readFileSync(join(of, 'package-lock.json'), 'utf8')
  if (lock(folder) === lock(root)) symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  else run('npm', ['ci'], folder)
  rmSync(join(folder, 'migrations'), { recursive: true })
  cpSync(join(root, 'migrations'), join(folder, 'migrations'), { recursive: true })
}

/** The tests of the release before, on the tables of this one: while nodes are exchanged one by one, both run on them. */
function test(commit: string, files: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'dinh-danh-former-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))
  prepare(commit, folder)
  const left = aboutTheFiles.flatMap((pattern) => ['--exclude', pattern])
  const vitest = join(folder, 'node_modules/vitest/vitest.mjs')
  const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'engines', ...left, ...files], { cwd: folder, stdio: 'inherit' })
  process.exitCode = status ?? 1
}

await new Command('npm run former --')
  .description('Runs the tests of a former release on the tables of this one (docs/reliability.md).')
  .argument('<commit>', 'the former release: a tag or a commit')
  .argument('[files...]', 'which of its tests', ['test/flow', 'test/contract'])
  .action(test)
  .parseAsync()
