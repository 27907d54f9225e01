import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts processor time in ticks of a hundredth of a second (USER_HZ, the same on every architecture we run on). */
const tickMilliseconds = 10

type Stat = { pid: number; parent: number; ticks: number }

/** `/proc/PID/stat`: fields 4 and 14–17 (proc_pid_stat(5)): parent, then user and system time, own and of waited-for children. */
function statOf(pid: number): Stat | undefined {
  const text = readIfThere(`/proc/${pid}/stat`)
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ').map(Number)
  if (fields === undefined) return undefined
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15)
  return { pid, parent: fields[1] ?? 0, ticks: user + system + childUser + childSystem }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // It ended between being listed and being read.
    return undefined
  }
}

function everyProcess(): readonly Stat[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)
  return pids.map(statOf).filter((stat) => stat !== undefined)
}

/** These processes and all that descend from them. */
function treeOf(roots: readonly number[]): readonly Stat[] {
  const all = everyProcess()
  const found = new Set(roots)
  for (let before = 0; before !== found.size;) {
    before = found.size
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid)
  }
  return all.filter(({ pid }) => found.has(pid))
}

/** Processor milliseconds, user and system, that these process trees have used so far. */
export function cpuOf(roots: readonly number[]): number {
  return treeOf(roots).reduce((sum, { ticks }) => sum + ticks * tickMilliseconds, 0)
}

/** The most memory the trees have held, in MB: peak resident set of each process. Shared pages count once each. */
export function peakMemoryOf(roots: readonly number[]): number {
  const kilobytes = treeOf(roots).map(({ pid }) => Number(readIfThere(`/proc/${pid}/status`)?.match(/VmHWM:\s+(\d+)/)?.[1] ?? 0))
  return kilobytes.reduce((sum, one) => sum + one, 0) / 1024
}

/** What they hold now, shared pages divided among those who share them (PSS): the fair figure for PostgreSQL. */
export function sharedMemoryOf(roots: readonly number[]): number {
  const kilobytes = treeOf(roots).map(({ pid }) => Number(readIfThere(`/proc/${pid}/smaps_rollup`)?.match(/^Pss:\s+(\d+)/m)?.[1] ?? 0))
  return kilobytes.reduce((sum, one) => sum + one, 0) / 1024
}

export function parentOf(pid: number): number | undefined {
  return statOf(pid)?.parent
}
