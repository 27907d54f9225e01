import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chownSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** A server of our own for the time of a test run. */
export type Server = {
  url: string
  /** Stops every process of it where it stands, as a machine that hangs does. */
  freeze: () => void
  thaw: () => void
  /** Ends it without a word. */
  kill: () => void
  /** Ends it and removes its folder; safe to call again. */
  stop: () => Promise<void>
}

/** One that is a process, and those that it began. */
export type Alone = Server & { processes: () => readonly number[] }

/** One that can be started again where it stood, after `kill`; `stop` ends whatever runs. */
export type Lasting = Alone & { revive: () => Promise<void> }

/** `again` starts the same program in the same folder, whose file `pid` then names the new process. */
export function lasting(first: Alone, again: () => Promise<Server>): Lasting {
  const started: Server[] = [first]
  return {
    ...first,
    revive: async () => void started.push(await again()),
    stop: async () => void (await Promise.all(started.map((server) => server.stop()))),
  }
}

/** The program in PATH or where Debian keeps those of PostgreSQL; undefined when it is not installed. */
export function program(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).concat(globSync('/usr/lib/postgresql/*/bin').toSorted().reverse())
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file))
}

/** PostgreSQL refuses to run as root, so root hands it to the user that Debian made for it. */
export const owner = process.getuid?.() === 0 ? accountOf('postgres') : undefined

export function folderFor(what: string): string {
  const folder = mkdtempSync(join(tmpdir(), `dinh-danh-${what}-`))
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid)
  return folder
}

const keeper = `
  (
    "$@" </dev/null >log 2>&1 & server=$!
    echo $server >pid.$$
    cp pid.$$ pid
    wait $server
  ) & waiting=$!
  until [ -s pid.$$ ] || [ ! -d "$0" ]; do sleep 0.1; done
  server=$(cat pid.$$)
  read -r _
  kill -KILL "$server" 2>/dev/null
  wait $waiting
  cd /
  rm -rf "$0" || { sleep 1; rm -rf "$0"; }`

/**
 * Runs a server under a shell that waits for the end of its input: when this process ends, however it ends, the pipe closes
 * and the server is killed and its folder removed. So nothing outlives a test run. Somebody waits for the server all the time: one
 * that was killed and that nobody waited for still counts as running, and PostgreSQL does not start beside it. It knows whom to kill before
 * it is told to: of two that share a folder, one after the other, the first to end removes it with what stands in it.
 */
export function run(command: readonly string[], options: { folder: string }): ChildProcess {
  const child = spawn('/bin/sh', ['-c', keeper, options.folder, ...command], { cwd: options.folder, stdio: ['pipe', 'ignore', 'ignore'], ...owner })
  // The tests' own process must be able to end while the servers run.
  child.unref()
  return child
}

/** The handle on a running server; `url` is where it listens. */
export function serverOf(child: ChildProcess, options: { url: string; folder: string }): Alone {
  const { url, folder } = options
  const processes = () => {
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'))
    return [pid, ...childrenOf(pid)]
  }
  const signal = (name: NodeJS.Signals) => {
    for (const each of processes()) sent(each, name)
  }
  return {
    url, processes,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    kill: () => signal('SIGKILL'),
    async stop() {
      const ended = child.exitCode !== null || child.signalCode !== null
      if (!ended) {
        child.ref()
        const exit = new Promise((done) => child.once('exit', done))
        child.stdin?.end()
        await exit
      }
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
    },
  }
}

/** Tries until it works; a server needs a moment to listen. The log is what to read when it never does. */
export async function ready(attempt: () => Promise<unknown>, folder: string, seconds = 20): Promise<void> {
  const until = Date.now() + seconds * 1000
  for (;;) {
    try {
      await attempt()
      return
    } catch (cause) {
      if (Date.now() > until) throw new Error(`the server did not come up: ${logOf(folder)}`, { cause })
      await pause(30)
    }
  }
}

function logOf(folder: string): string {
  const file = join(folder, 'log')
  return existsSync(file) ? readFileSync(file, 'utf8').slice(-2_000) : 'no log'
}

function childrenOf(pid: number): readonly number[] {
  return spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean).map(Number)
}

function sent(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It ended between being listed and being told.
  }
}

function accountOf(user: string): { uid: number; gid: number } | undefined {
  const number = (flag: string) => Number(spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout)
  return spawnSync('id', [user]).status === 0 ? { uid: number('-u'), gid: number('-g') } : undefined
}
