import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { statusOf } from './status.ts'

const root = join(import.meta.dirname, '..', '..')

export type NodeProcess = {
  child: ChildProcess
  /** What it wrote to its standard output and errors until now. */
  said: () => string
  exit: Promise<number | null>
}

/** `eid` with these words as a process of its own, which ends with the test. */
export function startEid(words: readonly string[], env: Record<string, string>): NodeProcess {
  const child = spawn(process.execPath, [join(root, 'src/cli/main.ts'), ...words], { env: { ...process.env, ...env }, cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)))
  const exit = new Promise<number | null>((ended) => child.once('exit', (code) => ended(code)))
  onTestFinished(async () => {
    for (const pid of childrenOf(child)) killed(pid)
    child.kill('SIGKILL')
    await exit
  })
  return { child, said: () => text, exit }
}

/** The processes that it started. */
export function childrenOf({ pid }: ChildProcess): readonly number[] {
  return spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean).map(Number)
}

export function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

export async function comesToBe(url: string, status: number, timeout = 60_000): Promise<void> {
  await expect.poll(() => statusOf(url), { timeout, interval: 100 }).toBe(status)
}
