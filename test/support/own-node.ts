import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { statusOf } from './status.ts'

const root = join(import.meta.dirname, '..', '..')

/** One node of a server as a process of its own, that can be killed, stopped where it stands, told to end, and started again at the same ports. */
export type OwnNode = {
  origin: string
  health: string
  /** Starts it, and waits until it is ready. */
  start: () => Promise<void>
  kill: () => Promise<void>
  freeze: () => void
  thaw: () => void
  /** Asks it to end (SIGTERM). */
  ask: () => void
  /** When it has ended: its exit code, or nothing where a signal ended it. */
  ended: () => Promise<number | null>
  /** What it wrote last. */
  said: () => string
}

const running = new Set<ChildProcess>()
// However whoever started them ends, they end with it.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))

/** Of what it writes; a whole run under faults is to be read afterwards. */
const mostKept = 2_000_000

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null

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
    started.once('exit', () => running.delete(started))
    for (const stream of [started.stdout, started.stderr]) stream?.on('data', (text) => (said = (said + String(text)).slice(-mostKept)))
    const until = Date.now() + 60_000
    while ((await statusOf(`${health}/readyz`)) !== 200) {
      if (hasEnded(started) || Date.now() > until) throw new Error(`a node did not come up:\n${said.slice(-8000)}`)
      await pause(50)
    }
  }

  async function ended(): Promise<number | null> {
    if (child === undefined) return null
    if (!hasEnded(child)) await once(child, 'exit')
    return child.exitCode
  }

  return {
    origin: `http://localhost:${port}`,
    health,
    start,
    async kill() {
      child?.kill('SIGKILL')
      await ended()
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    ask: () => void child?.kill('SIGTERM'),
    ended,
    said: () => said,
  }
}
