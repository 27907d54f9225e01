import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'

export type Child = { pid: number; log: () => string; stop: () => Promise<void> }

const running = new Set<ChildProcess>()
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))

const canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0

/** The server on the first core, whoever drives it on the second: figures of one core, undisturbed by the driver. */
export function pin(pid: number, core: 0 | 1): boolean {
  return canPin && spawnSync('taskset', ['-apc', String(core), String(pid)]).status === 0
}

type Program = { args: readonly string[]; env: Readonly<Record<string, string>> }

/** Starts a Node.js program of this repository and waits until `ready` answers. Its log is what to read when it does not. */
export async function startProgram({ args, env }: Program, ready: string): Promise<Child> {
  const child = spawn(process.execPath, [...args], { env: { ...basicEnv(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-4000)))
  const { pid } = child
  if (pid === undefined) throw new Error(`could not start ${args.join(' ')}`)
  pin(pid, 0)
  const stop = () => end(child)
  await answers(ready, child).catch(async (cause: unknown) => {
    await stop()
    throw new Error(`${args.join(' ')} did not come up:\n${log}`, { cause })
  })
  return { pid, log: () => log, stop }
}

/** Runs a program to its end; its output is the message of the error when it fails. */
export async function runProgram({ args, env }: Program): Promise<void> {
  const child = spawn(process.execPath, [...args], { env: { ...basicEnv(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-4000)))
  const [code] = await once(child, 'close')
  running.delete(child)
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${String(code)}:\n${log}`)
}

/** Only what a program needs to run: nothing of ours may leak in from the caller's environment and change the figures. */
function basicEnv(): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env
  return { PATH, HOME }
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + 60_000
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('it ended')
    const response = await fetch(url).catch(() => undefined)
    await response?.arrayBuffer()
    if (response?.ok) return
    if (Date.now() > until) throw new Error(`no answer at ${url} within a minute`)
    await pause(50)
  }
}

async function end(child: ChildProcess): Promise<void> {
  running.delete(child)
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 8000)
  await closed
  clearTimeout(late)
}
