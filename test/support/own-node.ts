import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { statusOf } from './status.ts'

const root = join(import.meta.dirname, '..', '..')

/** One node of a server as a process of its own, that can be killed, stopped where it stands, and started again at the same ports. */
export type OwnNode = {
  origin: string
  health: string
  /** Starts it, and waits until it is ready. */
  start: () => Promise<void>
  kill: () => Promise<void>
  freeze: () => void
  thaw: () => void
  /** What it wrote last. */
  said: () => string
}

const running = new Set<ChildProcess>()
// However whoever started them ends, they end with it.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))

export function ownNode({ port, healthPort, env }: { port: number; healthPort: number; env: Readonly<Record<string, string>> }): OwnNode {
  const { PATH = '', HOME = '' } = process.env
  const health = `http://127.0.0.1:${healthPort}`
  let child: ChildProcess | undefined
  let said = ''

  async function start(): Promise<void> {
    const started = spawn(process.execPath, [join(root, 'src/cli/main.ts'), 'serve'], {
      env: { PATH, HOME, ...env, PORT: String(port), HEALTH_PORT: String(healthPort) }, cwd: root, stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = started
    running.add(started)
    for (const stream of [started.stdout, started.stderr]) stream?.on('data', (text) => (said = (said + String(text)).slice(-8000)))
    const until = Date.now() + 60_000
    while ((await statusOf(`${health}/readyz`)) !== 200) {
      if (started.exitCode !== null || Date.now() > until) throw new Error(`a node did not come up:\n${said}`)
      await pause(50)
    }
  }

  async function kill(): Promise<void> {
    const ending = child
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return
    const exit = once(ending, 'exit')
    ending.kill('SIGKILL')
    await exit
    running.delete(ending)
  }

  return {
    origin: `http://localhost:${port}`,
    health,
    start,
    kill,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    said: () => said,
  }
}
