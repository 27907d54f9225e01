import '#app/node-version.ts'
import { fork, type ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { pino } from 'pino'
import { clientIds, demoClients } from '#demo/clients.ts'
import { clientId } from '#kernel/id.ts'
import { Refusal } from '#kernel/refusal.ts'
import { makeLog } from '#observe/log.ts'
import { configOrExit } from '#app/cli/config-or-exit.ts'
import { tellAndExit } from '#app/cli/tell.ts'
import { closeOnSignal, serve } from '#app/serve.ts'
import { greeting } from './greeting.ts'
import { bringOrganisation, organisationLines } from './organisation.ts'
import { bringClients, bringPeople, holdersAmong, personLines } from './people.ts'

/**
 * `npm start`: the whole product to try, in one terminal. The provider with a synthetic population, and beside it, as a
 * program of its own, the demo relying party.
 */
const portalFile = join(import.meta.dirname, '..', '..', 'demo', 'portal.ts')
const portal = 'http://localhost:3001'
const library = 'http://localhost:3002'
/** Who plays the authority that compares faces; its answers count on no server in production. */
const facePort = '3004'
const simulatedFaces = { FACE_MATCHER_URL: `http://localhost:${facePort}`, FACE_MATCHER_JWKS_FILE: join(import.meta.dirname, '..', '..', 'demo', 'face-keys.development-only.json') }
const say = (line: string) => process.stdout.write(`${line}\n`)

new Command('npm start')
  .description('Starts the provider with a synthetic population, its sandbox for developers and two demo services, to try it all in one terminal. Ctrl+C stops it.')
  .addHelpText('after', '\nIt takes its settings from the environment (README, Configuration), PORT and DATA_DIR among them; a server alone is started by npm run eid -- serve.')
  .parse()

let demo: ReturnType<typeof startDemo> | undefined

try {
  const inEarnest = process.env['NODE_ENV'] === 'production'
  const playsFaces = !inEarnest && process.env['FACE_MATCHER_URL'] === undefined
  const config = configOrExit(inEarnest ? {} : { SANDBOX_PORT: '3003', ...(playsFaces && simulatedFaces) })
  if (config.plane !== 'all') throw new Refusal(`npm start is the whole product in one process; with PLANE=${config.plane} start it by eid serve.`)
  // The terminal is for the person who tries; what a reference on a page means stands in the file.
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const log = makeLog({ level: config.logLevel, to: pino.destination(join(config.dataDir, 'server.log')) })
  let people: readonly string[] = []
  // It needs no provider to listen, and both take a second to load.
  demo = startDemo(config.issuer, playsFaces ? { DEMO_FACE_PORT: facePort } : {})
  const running = await serve(config, {
    log,
    demoPortal: portal,
    prepare: async (house) => {
      const five = await bringPeople(house, config.dataDir, showProgress)
      people = personLines(five, await holdersAmong(house, five))
      await bringClients(house, demoClients())
      if (inEarnest) return
      await bringOrganisation(house, five, Object.values(clientIds).map((id) => clientId.parse(id)))
      people = [...people, ...organisationLines(five)]
    },
  })
  const stop = async () => void (await Promise.all([stopDemo(demo?.process), running.close()]))
  closeOnSignal({ close: stop }, log)
  await Promise.all([demo.ready, running.beside?.tried])
  say(greeting(config, { portal, library, people }))
  if (running.beside && running.beside.current() === undefined) say(`  The sandbox does not start: the log says why. It is tried again by itself.\n`)
} catch (error) {
  await stopDemo(demo?.process)
  tellAndExit(error)
}

function showProgress(done: number, of: number): void {
  if (process.stdout.isTTY) process.stdout.write(`\rBringing in a synthetic population: ${done} of ${of}${done === of ? '\n' : ''}`)
  else if (done % 2500 === 0) say(`Bringing in a synthetic population: ${done} of ${of}`)
}

/** The demo tells once both of its sites listen; it may have before anybody asked. */
function startDemo(issuer: string, more: Record<string, string>): { process: ChildProcess; ready: Promise<void> } {
  const child = fork(portalFile, { env: { ...process.env, ISSUER: issuer, ...more }, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  const ready = new Promise<void>((listening, failed) => {
    child.stdout?.once('data', () => listening())
    child.once('exit', (code) => failed(new Refusal(`The demo relying party ended with ${code}: are the ports 3001, 3002 and 3004 free?`)))
  })
  // Waited for later; until then its failure is not nobody's.
  ready.catch(() => undefined)
  return { process: child, ready }
}

function stopDemo(running: ChildProcess | undefined): Promise<void> {
  if (running === undefined || running.exitCode !== null) return Promise.resolve()
  return new Promise((stopped) => {
    running.once('exit', () => stopped())
    running.kill('SIGTERM')
  })
}
