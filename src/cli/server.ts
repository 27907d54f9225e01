import { InvalidArgumentError, type Command } from 'commander'
import cluster from 'node:cluster'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { faultLines } from '#app/environment/fault.ts'
import { describeConfig, readConfig, type Config } from '#app/config.ts'
import { openProbes } from '#app/probes.ts'
import { closeOnSignal, serve, type Running } from '#app/serve.ts'
import { obey, workerNumber, workersHere } from '#app/worker.ts'
import { startWorkers } from '#app/workers.ts'
import { Refusal } from '#kernel/refusal.ts'
import { openHouse } from '#app/house.ts'
import { readAllRules } from '#app/rules.ts'
import { makeLog } from '#observe/log.ts'
import { makeMetrics } from '#observe/metrics.ts'
import { refuseTooMany as refuseTooManyConnections } from '#storage/postgres/connection-budget.ts'
import { configOrExit } from './config-or-exit.ts'
import { textOf } from './tell.ts'
import type { Print } from './print.ts'


/** `serve`, `migrate` and `config check`. */
export function addServerCommands(program: Command, print: Print): void {
  program.command('serve')
    .description('Run the server until it is told to stop (SIGTERM): no more traffic is wanted, what was begun is finished; a second signal ends it at once')
    .option('--workers <number>', 'so many processes on one port, each replaced when it ends; "cores" for one a core', readWorkers, 1)
    .action(({ workers }: { workers: number }) => (workers === 1 ? runServe() : runWorkers(workers)))

  program.command('migrate')
    .description('Bring the database up to date; does nothing when it is')
    .option('--json', 'tell the result as JSON')
    .action((flags: { json?: boolean }) => runMigrate(print, flags))

  program.command('config').description('The configuration of this machine').command('check')
    .description('Read everything the server would read, and name every fault at once')
    .option('--json', 'tell the result as JSON')
    .action((flags: { json?: boolean }) => runCheck(print, flags))
}

async function runServe(): Promise<void> {
  const config = configOrExit()
  const worker = workerNumber()
  if (worker === undefined) await refuseTooMany(config, 1)
  const log = makeLog({ level: config.logLevel })
  const metrics = makeMetrics()
  const own: { running?: Running } = {}
  const ready = async () => (await own.running?.ready()) ?? false
  const probes = { started: () => own.running !== undefined, ready, metrics: async () => ({ type: metrics.registry.contentType, text: await metrics.registry.metrics() }) }
  if (worker === undefined && config.healthPort !== undefined) await openProbes(config.healthPort, probes)
  const running = await serve(config, { log, metrics, worker, workers: workersHere(), onMigrated: (name) => log.info({ migration: name }, 'migrated') })
  own.running = running
  if (worker === undefined) closeOnSignal(running, log)
  else obey({ ready, metrics, close: closeOnSignal(running, log, 'parent') })
  const about = { issuer: config.issuer, plane: config.plane, port: running.port, database: config.databaseUrl === undefined ? 'embedded' : 'postgresql' }
  log.info(worker === undefined ? about : { ...about, worker }, 'listening')
  if (config.databaseUrl === undefined) log.warn({}, 'the embedded database is for one process and for trials, not for production')
}

async function runWorkers(count: number): Promise<void> {
  const config = configOrExit()
  if (cluster.isWorker) return runServe()
  if (config.databaseUrl === undefined || config.redisUrl === undefined) {
    throw new Refusal('Several processes need DATABASE_URL and REDIS_URL: the embedded stores serve one. Leave --workers out, or set both.')
  }
  await refuseTooMany(config, count)
  const log = makeLog({ level: config.logLevel })
  const workers = startWorkers(count, log)
  if (config.healthPort !== undefined) await openProbes(config.healthPort, workers)
  closeOnSignal({ close: async () => {
    if (!(await workers.close())) throw new Error('not all processes ended well')
  } }, log)
  const code = await workers.begun
  // It has said itself why.
  if (code !== undefined) process.exit(code || 1)
  log.info({ workers: count, issuer: config.issuer, port: config.port }, 'all processes listen')
}

/** Behind a pooler its own limit counts, which it keeps by letting others wait. */
async function refuseTooMany({ databaseUrl, databaseDirectUrl, databaseConnections, plane }: Config, processes: number): Promise<void> {
  if (databaseUrl !== undefined && databaseDirectUrl === undefined) await refuseTooManyConnections(databaseUrl, { processes, each: databaseConnections, plane })
}

/** At most: more than that is a slip of the finger. */
const mostWorkers = 256

function readWorkers(text: string): number {
  const count = text === 'cores' ? availableParallelism() : Number(text)
  if (!/^([1-9]\d*|cores)$/.test(text) || count > mostWorkers) throw new InvalidArgumentError(`It takes a whole number from 1 to ${mostWorkers}, or "cores".`)
  return count
}

async function runMigrate(print: Print, flags: { json?: boolean }): Promise<void> {
  const applied: string[] = []
  const house = await openHouse(configOrExit(), { onMigrated: (name) => applied.push(name) })
  await house.close()
  if (flags.json) print(JSON.stringify({ applied }))
  else print(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`)
}

function runCheck(print: Print, flags: { json?: boolean }): void {
  const { config, faults = [] } = readConfig(process.env, (path) => readFileSync(path, 'utf8'))
  const rules = faultOfRules()
  if (faults.length > 0 || rules !== undefined) process.exitCode = 1
  if (flags.json) {
    print(JSON.stringify({ faults, rules: rules ?? null, ...(config && { config: describeConfig(config) }) }))
    return
  }
  for (const line of [...faultLines(faults), ...(rules === undefined ? [] : [rules])]) process.stderr.write(`${line}\n`)
  for (const [name, value] of Object.entries(config === undefined ? {} : describeConfig(config))) print(`${name.padEnd(18)} ${value}`)
  if (process.exitCode !== 1) print('No faults.')
}

function faultOfRules(): string | undefined {
  try {
    readAllRules()
    return undefined
  } catch (error) {
    return textOf(error)
  }
}

