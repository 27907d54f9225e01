import type { Round } from './measure.ts'

/** What one scenario cost on one target, over all its rounds. Times are milliseconds. */
export type Figures = {
  scenario: string
  target: string
  aim: number | undefined
  operations: number
  failures: number
  failure: string | undefined
  cpu: number
  server: number
  stores: number
  perSecond: number
  p50: number
  p95: number
  p99: number
}

export function figuresOf(name: { scenario: string; target: string; aim: number | undefined }, rounds: readonly Round[]): Figures {
  const sum = (pick: (round: Round) => number) => rounds.reduce((total, round) => total + pick(round), 0)
  const operations = sum((round) => round.operations)
  const server = sum((round) => round.serverMilliseconds) / operations
  const stores = sum((round) => round.storesMilliseconds) / operations
  const latencies = rounds.flatMap((round) => round.latencies).toSorted((one, other) => one - other)
  return {
    ...name,
    operations,
    failures: sum((round) => round.failures),
    failure: rounds.find((round) => round.failure !== undefined)?.failure,
    cpu: server + stores,
    server,
    stores,
    perSecond: operations / sum((round) => round.seconds),
    p50: percentile(latencies, 50),
    p95: percentile(latencies, 95),
    p99: percentile(latencies, 99),
  }
}

/** Nearest rank; `NaN` of nothing. */
export function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN
}

const columns: readonly { title: string; show: (one: Figures) => string }[] = [
  { title: 'scenario', show: ({ scenario }) => scenario },
  { title: 'target', show: ({ target }) => target },
  { title: 'CPU ms/op', show: ({ cpu }) => decimals(cpu) },
  { title: 'server', show: ({ server }) => decimals(server) },
  { title: 'stores', show: ({ stores }) => decimals(stores) },
  { title: 'first aim', show: ({ aim, cpu }) => (aim === undefined ? '' : `${aim} ${cpu <= aim ? 'met' : 'missed'}`) },
  { title: 'ops/s', show: ({ perSecond }) => perSecond.toFixed(0) },
  { title: 'p50 ms', show: ({ p50 }) => p50.toFixed(1) },
  { title: 'p95', show: ({ p95 }) => p95.toFixed(1) },
  { title: 'p99', show: ({ p99 }) => p99.toFixed(1) },
  { title: 'ops', show: ({ operations }) => String(operations) },
  { title: 'failed', show: ({ failures, failure }) => (failures === 0 ? '0' : `${failures} (${failure})`) },
]

/** A Markdown table, so that it can be pasted into `docs/bench.md` as it is. */
export function table(all: readonly Figures[]): string {
  const rows = [columns.map(({ title }) => title), ...all.map((one) => columns.map(({ show }) => show(one)))]
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  const lines = rows.map((row) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`)
  lines.splice(1, 0, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`)
  return lines.join('\n')
}

/** Ours as a multiple of the bare provider, where both did the same. */
export function ratios(ours: readonly Figures[], bare: readonly Figures[]): string[] {
  return ours.flatMap((one) => {
    const other = bare.find(({ scenario }) => scenario === one.scenario)
    return other ? [`${one.scenario}: ${(one.cpu / other.cpu).toFixed(2)} × the CPU of ${other.target}`] : []
  })
}

function decimals(milliseconds: number): string {
  return milliseconds.toFixed(milliseconds < 1 ? 3 : 2)
}
