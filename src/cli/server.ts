import type { Command } from 'commander'
import { readFileSync } from 'node:fs'
import { faultLines } from '#app/config-fault.ts'
import { describeConfig, readConfig } from '#app/config.ts'
import { closeOnSignal, serve } from '#app/serve.ts'
import { openHouse, readAllRules } from '#app/house.ts'
import { makeLog } from '#observe/log.ts'
import { configOrExit } from './config-or-exit.ts'
import { textOf } from './tell.ts'
import type { Print } from './print.ts'


/** `serve`, `migrate` and `config check`. */
export function addServerCommands(program: Command, print: Print): void {
  program.command('serve').description('Run the server until it is told to stop (SIGTERM)').action(runServe)

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
  const log = makeLog({ level: config.logLevel })
  const running = await serve(config, { log, onMigrated: (name) => log.info({ migration: name }, 'migrated') })
  closeOnSignal(running, log)
  log.info({ issuer: config.issuer, port: running.port, database: config.databaseUrl === undefined ? 'embedded' : 'postgresql' }, 'listening')
  if (config.databaseUrl === undefined) log.warn({}, 'the embedded database is for one process and for trials, not for production')
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

