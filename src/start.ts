import './node-version.ts'
import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { demoClients } from '#demo/clients.ts'
import { makeLog } from '#observe/log.ts'
import { configOrExit } from './cli/config-or-exit.ts'
import { bringClients, bringPeople, personLines } from './first-start.ts'
import { closeOnSignal, serve } from './serve.ts'
import { tellAndExit } from './cli/tell.ts'

/**
 * `npm start`: the whole product to try, in one terminal. The provider with a synthetic population, and beside it, as a
 * program of its own, the demo relying party.
 */
const portalFile = join(import.meta.dirname, '..', 'demo', 'portal.ts')
const portal = 'http://localhost:3001'
const say = (line: string) => process.stdout.write(`${line}\n`)

try {
  const config = configOrExit()
  const log = makeLog({ level: process.env['LOG_LEVEL'] === undefined ? 'warn' : config.logLevel, to: process.stderr })
  let five: readonly string[] = []
  const running = await serve(config, {
    log,
    demoPortal: portal,
    prepare: async (house) => {
      five = personLines(await bringPeople(house, config.dataDir, showProgress))
      await bringClients(house, demoClients())
    },
  })
  const demo = startDemo(config.issuer)
  closeOnSignal({ close: async () => void (await Promise.all([stopDemo(demo), running.close()])) }, log)
  await ready(demo)
  tell(config.issuer, config.smtpUrl === undefined ? config.mailDir : undefined, five)
} catch (error) {
  tellAndExit(error)
}

function showProgress(done: number, of: number): void {
  if (process.stdout.isTTY) process.stdout.write(`\rBringing in a synthetic population: ${done} of ${of}${done === of ? '\n' : ''}`)
  else if (done % 2500 === 0) say(`Bringing in a synthetic population: ${done} of ${of}`)
}

function startDemo(issuer: string): ChildProcess {
  return fork(portalFile, { env: { ...process.env, ISSUER: issuer }, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
}

/** The demo writes a line once both of its sites listen. */
function ready(demo: ChildProcess): Promise<void> {
  return new Promise((listening, failed) => {
    demo.stdout?.once('data', () => listening())
    demo.once('exit', (code) => failed(new Error(`the demo relying party ended with ${code}`)))
  })
}

function stopDemo(demo: ChildProcess): Promise<void> {
  if (demo.exitCode !== null) return Promise.resolve()
  return new Promise((stopped) => {
    demo.once('exit', () => stopped())
    demo.kill('SIGTERM')
  })
}

function tell(issuer: string, mails: string | undefined, five: readonly string[]): void {
  say(`
Định Danh is ready (embedded database: for trying and developing, one process only).

  Start here         ${portal}    a demo service; sign in and register there
  A second service   http://localhost:3002
  The provider       ${issuer}
  Mails              ${mails ?? 'sent through SMTP_URL'}

  Test people (number, name, birth date):
${five.map((line) => `    ${line}`).join('\n')}

  Stop with Ctrl+C. Everything is kept under ${process.env['DATA_DIR'] ?? '.data'}.`)
}
