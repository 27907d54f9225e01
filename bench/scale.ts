import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { passkeys } from '#storage/postgres/passkeys.ts'
import { registry } from '#storage/postgres/registry.ts'
import { explaining, readWhole, type Explained } from '#test/support/plans.ts'
import { pin } from './child.ts'
import { makeClient, type BenchClient } from './client.ts'
import { runAndTell, wholeNumber } from './command.ts'
import type { Round } from './measure.ts'
import { openDoor, plansOfSignIns, type Door } from './scale-server.ts'
import { someNumbers, somePasskeys, sizes, spread, timesOf } from './scale-people.ts'
import { openSite, settings, type Site } from './scale-site.ts'

type Flags = { people: number; imported?: number; against: number; folder?: string; signIns: number }

const command = new Command('npm run bench:scale --')
  .description('Fills a PostgreSQL of its own with a country and prints what finding a person and signing in cost there, and with how few people they cost as much.')
  .option('--people <n>', 'how many', wholeNumber(20_000_000), 1_000_000)
  .option('--imported <n>', 'how many of them come in by "eid registry import"; the others are copies of those that cannot be opened (default: all)', wholeNumber(20_000_000))
  .option('--against <n>', 'how many there are where it is compared', wholeNumber(20_000_000), 10_000)
  .option('--folder <path>', 'where both are kept, to go on with or to measure again; without it all of it is removed at the end')
  .option('--sign-ins <n>', 'in each round', wholeNumber(2_000), 300)

const rounds = 3
const warmUp = 300
const lookUps = 2_000
/** Larger than that, and no statement of a sign-in may read a table from one end to the other. */
const largeTable = 1_000

const say = (line: string) => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`)

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dinh-danh-scale-'))
  // PostgreSQL, which is another user where we are root, has to come through.
  chmodSync(folder, 0o755)
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))
  return folder
}

const big = (number: number) => Math.round(number).toLocaleString('en')

function tellFilling({ imported: people, done }: Site): void {
  const filled = done.steps['people']
  if (filled === undefined) return
  const { seconds, clientMilliseconds, storesMilliseconds } = filled
  console.log(`- import of ${big(people)} people: ${big(seconds)} s, ${big(people / seconds)} a second; ${((clientMilliseconds * 1000) / people).toFixed(0)} µs of processor time each in the command, ${((storesMilliseconds * 1000) / people).toFixed(0)} µs in PostgreSQL`)
}

async function tellSizes({ database, people }: Site): Promise<void> {
  const rows = await database.rows(sizes)
  const bytes = rows.reduce((sum, { table, indexes }) => sum + table + indexes, 0)
  console.log(`- ${big(people)} people: ${(bytes / 1e9).toFixed(2)} GB with indexes, ${big(bytes / people)} bytes for each\n\n| table | rows | bytes a row | of indexes |\n|---|---:|---:|---:|`)
  for (const { name, rows: count, table, indexes } of rows) console.log(`| ${name} | ${big(count)} | ${big(table / count)} | ${big(indexes / count)} |`)
  console.log()
}

/** Each thing is looked for once, as nobody has before; once more with the server's own clock, others with those. */
async function tellLookUps(site: Site): Promise<void> {
  const known = registry(site.database, site.keyring.sealer)
  const served: Explained[] = []
  const explained = explaining(site.database, (one) => void served.push(one), { measured: true })
  const measuredRegistry = registry(explained, site.keyring.sealer)
  const numbers = await someNumbers(site, lookUps * 2)
  const keys = await somePasskeys(site, lookUps * 2)
  const server = async <T>(things: readonly T[], act: (thing: T) => Promise<unknown>) => {
    served.length = 0
    await timesOf(things, act)
    return spread(served.map(({ planning, execution }) => planning + execution))
  }
  const half = Math.floor(Math.min(numbers.length, keys.length) / 2)
  const row = (name: string, times: string) => console.log(`| ${big(site.people)} | ${name} | ${times} |`)
  row('personal number, client', spread(await timesOf(numbers.slice(0, half), known.findByNumber)))
  row('personal number, server', await server(numbers.slice(half), measuredRegistry.findByNumber))
  row('credential id, client', spread(await timesOf(keys.slice(0, half), passkeys(site.database).find)))
  row('credential id, server', await server(keys.slice(half), passkeys(explained).find))
  const whole = served.flatMap(({ plan }) => readWhole(plan))
  if (whole.length > 0) throw new Error(`a look-up reads all of ${whole[0]}`)
}

async function mustUseIndexes(site: Site, client: BenchClient): Promise<void> {
  const large = new Set((await site.database.rows(sizes)).filter(({ rows }) => rows > largeTable).map(({ name }) => name))
  const seen = await plansOfSignIns(site, client, 20)
  const whole = [...new Set(seen.flatMap((one) => one.whole))]
  const indexes = [...new Set(seen.flatMap((one) => one.indexes))].toSorted()
  if (seen.length === 0) throw new Error('PostgreSQL wrote no plan into its log')
  const bad = whole.filter((table) => large.has(table))
  console.log(`- ${big(site.people)} people: ${seen.length} plans of 20 sign-ins, ${indexes.length} indexes; read whole: ${whole.join(', ') || 'nothing'} (none larger than ${largeTable} rows)`)
  console.log(`  indexes: ${indexes.join(', ')}`)
  if (bad.length > 0) throw new Error(`a sign-in reads all of ${bad.join(', ')}`)
}

/** Sites take turns, for the machine is never the same twice; the smaller first, then the other way round. */
async function tellSignIns(doors: readonly Door[], signIns: number): Promise<void> {
  const all = new Map<Door, Round[]>(doors.map((door) => [door, []]))
  for (const door of doors) await door.signIn({ users: 8, seconds: 120, most: warmUp })
  for (let round = 0; round < rounds; round += 1) {
    for (const door of round % 2 === 0 ? doors : doors.toReversed()) {
      say(`sign-ins, ${door.target.name}, round ${round + 1}`)
      all.get(door)?.push(await door.signIn({ users: 8, seconds: 120, most: signIns }))
    }
  }
  for (const [{ target }, done] of all) {
    const of = (pick: (round: Round) => number) => done.map((round) => pick(round) / round.operations).toSorted((one, other) => one - other)[Math.floor(done.length / 2)] ?? Number.NaN
    const [server, stores] = [of(({ serverMilliseconds }) => serverMilliseconds), of(({ storesMilliseconds }) => storesMilliseconds)]
    const cells = [target.name, (server + stores).toFixed(2), server.toFixed(2), stores.toFixed(2), of(({ operations, seconds }) => (operations * operations) / seconds).toFixed(0), spread(done.flatMap(({ latencies }) => latencies)), done.reduce((sum, { failures }) => sum + failures, 0)]
    console.log(`| ${cells.join(' | ')} |`)
  }
}

async function tell(sites: readonly Site[], client: BenchClient, signIns: number): Promise<void> {
  console.log(`Node.js ${process.version}; PostgreSQL with ${settings.join(', ')}\n`)
  for (const site of sites) tellFilling(site)
  for (const site of sites) await tellSizes(site)
  console.log('| people | look-up, ms | p50 | p99 | worst |\n|---|---|---:|---:|---:|')
  for (const site of sites) await tellLookUps(site)
  console.log()
  for (const site of sites) await mustUseIndexes(site, client)
  console.log('\n| sign-ins | CPU ms | server | stores | a second | p50 ms | p99 | worst | refused |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|')
  for (const kinds of [sites.map((site) => ({ site, processes: 1 })), sites.slice(-1).map((site) => ({ site, processes: 2 }))]) {
    const doors: Door[] = []
    try {
      for (const { site, processes } of kinds) doors.push(await openDoor(site, { client, processes, people: warmUp + rounds * signIns }))
      await tellSignIns(doors, signIns)
    } finally {
      for (const door of doors) await door.stop()
    }
  }
}

async function main(): Promise<void> {
  const { people, imported = people, against, folder = temporary(), signIns } = command.parse().opts<Flags>()
  if (people % imported !== 0) throw new Error('--people has to be a multiple of --imported')
  const client = makeClient()
  pin(process.pid, 1)
  const sites: Site[] = []
  try {
    for (const [count, real] of [[against, against], [people, imported]] as const) sites.push(await openSite({ people: count, imported: real, folder: join(folder, String(count)), client, say }))
    await tell(sites, client, signIns)
  } finally {
    for (const site of sites) await site.stop()
  }
}

await runAndTell(main)
