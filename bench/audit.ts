import { join } from 'node:path'
import { Command } from 'commander'
import { sql, type RawBuilder } from 'kysely'
import type { Database } from '#storage/postgres/db.ts'
import { looksStatement, searchStatement } from '#storage/postgres/audit-trail.ts'
import { migrate } from '#storage/postgres/migrate.ts'
import { openDatabase } from '#storage/postgres/open.ts'
import { addEvents, busyClient, citizenAt, endOfEvents, officerAt, personAt, rareClient } from '#test/support/audit-events.ts'
import { startPostgres } from '#test/support/postgres-server.ts'
import { runAndTell, wholeNumber } from './command.ts'
import { percentile } from './figures.ts'

const rounds = 20
const rows = 51
const everything = { from: new Date(0), to: endOfEvents }
const searches: Readonly<Record<string, RawBuilder<unknown>>> = {
  'last 24 hours': searchStatement({ ...everything, from: new Date(endOfEvents.getTime() - 86_400_000) }, rows),
  'one citizen': searchStatement({ ...everything, account: citizenAt(5) }, rows),
  'one officer': searchStatement({ ...everything, by: officerAt(5) }, rows),
  'one officer and type': searchStatement({ ...everything, by: officerAt(5), type: 'audit.looked-up' }, rows),
  'a small service': searchStatement({ ...everything, client: rareClient }, rows),
  'the largest service': searchStatement({ ...everything, client: busyClient }, rows),
  'a rare type': searchStatement({ ...everything, type: 'audit.looked-up' }, rows),
  'a type that never was': searchStatement({ ...everything, type: 'alarm.raised' }, rows),
  'the largest service and a rare type': searchStatement({ ...everything, client: busyClient, type: 'login.refused' }, rows),
  'the largest service and a type it never had': searchStatement({ ...everything, client: busyClient, type: 'alarm.raised' }, rows),
  'a thousand rows of the download': searchStatement({ ...everything, type: 'login.finished' }, 1000),
  'who looked at a citizen': looksStatement({ account: citizenAt(5), person: personAt(5) }, 21),
}

type Flags = { events: number; plans: boolean }

const command = new Command('npm run bench:audit --')
  .description('Fills a PostgreSQL of its own with events and prints how long each search of the log of record takes, at a page of 50 rows.')
  .option('--events <n>', 'how many', wholeNumber(100_000_000), 10_000_000)
  .option('--plans', 'print what PostgreSQL does for each', false)

/** Indexes are made after the filling, as a restore does. */
async function fill(db: Database, events: number): Promise<void> {
  const indexes = await db.rows(sql<{ name: string; made: string }>`
    select indexname as name, indexdef as made from pg_indexes where tablename = 'audit_event' and indexname <> 'audit_event_pkey'`)
  for (const { name } of indexes) await db.change(sql.raw(`drop index ${name}`))
  const part = 250_000
  for (let from = 0; from < events; from += part) {
    await addEvents(db, { from, to: Math.min(events, from + part) }, events)
    process.stderr.write(`\r${Math.min(events, from + part)} events`)
  }
  for (const { made } of indexes) await db.change(sql.raw(made))
  await db.change(sql`analyze audit_event`)
  process.stderr.write('\n')
}

async function measure(db: Database, statement: RawBuilder<unknown>): Promise<readonly number[]> {
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now()
    await db.rows(statement)
    times.push(performance.now() - started)
  }
  return times
}

async function report(db: Database, plans: boolean): Promise<void> {
  for (const [name, statement] of Object.entries(searches)) {
    const [first = Number.NaN, ...rest] = await measure(db, statement)
    const sorted = rest.toSorted((one, other) => one - other)
    console.log(`| ${name} | ${first.toFixed(1)} | ${percentile(sorted, 50).toFixed(1)} | ${Math.max(first, ...rest).toFixed(1)} |`)
    const plan = plans ? await db.rows(sql<Record<'QUERY PLAN', string>>`explain analyze ${statement}`) : []
    for (const line of plan) console.log(`    ${line['QUERY PLAN']}`)
  }
}

async function main(): Promise<void> {
  const { events, plans } = command.parse().opts<Flags>()
  const server = await startPostgres()
  if (server === undefined) throw new Error('PostgreSQL is not installed; on Debian: apt install postgresql')
  const database = await openDatabase({ url: server.url, dataDir: '' })
  try {
    await migrate(database, join(import.meta.dirname, '..', 'migrations'))
    await database.patiently((db) => fill(db, events))
    const size = await database.first(sql<{ size: string }>`select pg_size_pretty(pg_total_relation_size('audit_event')) as size`)
    console.log(`${events.toLocaleString('en')} events, ${size?.size} with indexes; ${rounds} rounds, milliseconds\n\n| search | first | p50 | worst |\n|---|---:|---:|---:|`)
    await report(database, plans)
  } finally {
    await database.close()
    await server.stop()
  }
}

await runAndTell(main)
