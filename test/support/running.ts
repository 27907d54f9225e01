import { randomBytes, randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { Best } from '#domain/assurance/verdict.ts'
import type { AuthenticatorRules } from '#domain/passkey/authenticators.ts'
import type { Person } from '#domain/registry/person.ts'
import { people } from '#domain/registry/synthetic.ts'
import type { KeyRules } from '#domain/signing-key/rules.ts'
import { testPeople } from '#domain/registry/test-people.ts'
import { applyGrants } from '#storage/postgres/grant.ts'
import { readConfig, type Config } from '#app/config.ts'
import { bringClients } from '#app/start/people.ts'
import type { OpenSandbox } from '#app/sandbox/sandbox.ts'
import { openHouse, type House } from '#app/house.ts'
import { endAll } from '#app/ending.ts'
import { serve, type Running } from '#app/serve.ts'
import type { Log } from '#kernel/log.ts'
import type { OnePlane } from '#kernel/plane.ts'
import type { Metrics } from '#observe/metrics.ts'
import { makeAuthenticator, type Settings } from './authenticator.ts'
import type { Citizen } from './citizen.ts'
import { addUser } from './database-users.ts'
import { mailsIn } from './mailbox.ts'
import { freePorts } from './ports.ts'
import { planeProxy } from './plane-proxy.ts'
import { asRedisUser, makeRedisUsers } from './redis-users.ts'
import { command } from './postgres-server.ts'
import { embeddedTemplate, templateName } from './template.ts'
import { silentLog } from './silent-log.ts'

/** A whole server of this product for the tests of one file, with a small population and the clients they ask for. */
export type TestServer = Running & {
  issuer: string
  /** Where it was asked for. */
  sandbox?: OpenSandbox
  /** Where it runs as two planes: each of them by itself. */
  planes?: Readonly<Record<OnePlane, PlaneProcess>>
  mailDir: string
  /** The file of its keys, which every node reads. */
  keyringFile: string
  /** Adults of the population who can register, each handed out once. */
  nextPerson: (fits?: (person: Person) => boolean) => Person
  citizen: (person: Person, settings?: Partial<Settings>) => Citizen
  /** What it was started with, for commands over the same stores; on the embedded engine the server holds them alone. */
  env: Readonly<Record<string, string>>
  /** One more node over the same stores, keys and issuer, or with others in their place; whoever starts it closes it. */
  another: (env?: Record<string, string>) => Promise<Running>
}

export type Engine = 'embedded' | 'servers'

const postgres = inject('postgres')
const redis = inject('redis')

/** The engines of this run: what is not installed is left out, and the test command says so. */
export const engines: readonly Engine[] = postgres !== undefined && redis !== undefined ? ['embedded', 'servers'] : ['embedded']

/** Tests ask for much at once; how many are let in has tests of its own. */
const crowdsWelcome = '99999'

const population = { people: 400, seed: 'tests' }

type Options = { engine?: Engine; /** What a sign-in can show at best, instead of what `config/assurance.json` says. */ best?: Best; /** Whose security keys count as hardware, and how many keys an account may have. */ authenticators?: Partial<AuthenticatorRules>; /** How signing keys follow each other. */ keys?: Partial<KeyRules>; clients?: (issuer: string) => readonly unknown[]; log?: Log; env?: Record<string, string>; /** What variables name as files. */ files?: Record<string, string>; people?: Iterable<Person>; /** With the developers' sandbox beside it. */ sandbox?: boolean; /** As two planes behind a proxy, each with its own user of the database and of Redis; the house is then the owner's. Needs servers. */ apart?: boolean; /** Where its figures go. */ metrics?: Metrics | undefined }

/** Starts on ports and stores of its own. Call `close` when the file is done. */
export async function startServer({ engine = 'embedded', clients = () => [], log = silentLog, env = {}, files = {}, people: extra = [], best, authenticators, keys, sandbox = false, apart = false, metrics }: Options = {}): Promise<TestServer> {
  const [port = 0] = await freePorts(1)
  const folder = mkdtempSync(join(tmpdir(), 'dinh-danh-server-'))
  const issuer = `${env['TLS_CERT_FILE'] === undefined ? 'http' : 'https'}://localhost:${port}`
  const variables = { PORT: String(port), DATA_DIR: folder, LOG_LEVEL: 'silent', MAX_IN_FLIGHT: crowdsWelcome, ...(await storesOf(engine, folder)), ...(sandbox && (await sandboxOf(engine, folder))), ...env }
  const { config, faults } = readConfig(variables, (path) => files[path] ?? '')
  if (config === undefined) throw new Error(JSON.stringify(faults))
  const everybody = [...people(population), ...extra]
  const adapt = (house: House) => {
    if (best) house.rules.assurance = { ...house.rules.assurance, best: { level: best.level === 1 ? 1 : 2, resistances: [...best.resistances] } }
    if (authenticators) house.rules.authenticators = { ...house.rules.authenticators, ...authenticators }
    if (keys) house.rules.keys = { ...house.rules.keys, ...keys }
  }
  const prepare = async (house: House) => {
    adapt(house)
    await house.registry.importAll(inOneBatch(everybody))
    await bringClients(house, clients(issuer))
  }
  const running = await (apart ? serveApart(config, { log, adapt, prepare }) : serve(config, { log, prepare, ...given({ metrics }) }))
  const waiting = everybody.filter(canRegister)
  const mailDir = config.mailDir
  return {
    ...running,
    ...(await openBeside(running)),
    issuer,
    mailDir,
    keyringFile: config.keyringFile,
    env: { ...variables, ISSUER: config.issuer },
    nextPerson: (fits = () => true) => {
      const at = waiting.findIndex(fits)
      const [person] = at < 0 ? [] : waiting.splice(at, 1)
      if (person === undefined) throw new Error('nobody of the population is like that')
      return person
    },
    another: (more = {}) => startAnother({ ...variables, ISSUER: config.issuer, ...more }, log),
    citizen: (person, settings = {}) => makeCitizen(person, { issuer, mailDir, settings }),
    close: async () => {
      await running.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function given({ metrics }: Pick<Options, 'metrics'>): { metrics?: Metrics } {
  return metrics === undefined ? {} : { metrics }
}

type PlaneProcess = Running & { /** Ends it before the whole ends. */ stop: () => Promise<void> }
type Apart = Running & { planes: Readonly<Record<OnePlane, PlaneProcess>> }

type Furnishing = { log: Log; adapt: (house: House) => void; prepare: (house: House) => Promise<void> }

/** As operators do it: the owner of the tables makes them ready and gives what is to be given; then a process of each plane, and a proxy before both. */
async function serveApart(config: Config, { log, adapt, prepare }: Furnishing): Promise<Apart> {
  const house = await openHouse(config)
  await prepare(house)
  await applyGrants(house.database)
  if (config.redisUrl !== undefined) await makeRedisUsers(config.redisUrl)
  const start = async (plane: OnePlane) => {
    const [[port = 0], [user, drop]] = [await freePorts(1), await addUser(plane)]
    const url = new URL(config.databaseUrl ?? '')
    url.username = user
    const { sandbox, ...own } = config
    const running = await serve({ ...own, plane, port, databaseUrl: url.href, ...(own.redisUrl !== undefined && { redisUrl: asRedisUser(own.redisUrl, plane) }), ...(plane === 'citizen' && sandbox && { sandbox }) }, { log, prepare: async (opened) => adapt(opened) })
    let ended: Promise<void> | undefined
    const stop = () => {
      ended ??= running.close().then(drop)
      return ended
    }
    return { ...running, port, stop, close: stop }
  }
  const [console, citizen] = [await start('console'), await start('citizen')]
  const proxy = await planeProxy(config.port, { citizen: citizen.port, console: console.port })
  return {
    ...citizen, house, port: config.port, planes: { citizen, console },
    close: () => endAll([[proxy.close], [citizen.stop], [console.stop], [house.close]]),
  }
}

async function openBeside({ beside }: Running): Promise<{ sandbox?: OpenSandbox }> {
  await beside?.tried
  const open = beside?.current()
  return open === undefined ? {} : { sandbox: open }
}

async function startAnother(variables: Record<string, string>, log: Log): Promise<Running> {
  const [port = 0] = await freePorts(1)
  const { config, faults } = readConfig({ ...variables, PORT: String(port) }, () => '')
  if (config === undefined) throw new Error(JSON.stringify(faults))
  return serve(config, { log })
}

async function sandboxOf(engine: Engine, folder: string): Promise<Record<string, string>> {
  const [port = 0] = await freePorts(1)
  const { DATABASE_URL: url } = await storesOf(engine, join(folder, 'sandbox'))
  return { SANDBOX_PORT: String(port), ...(url !== undefined && { SANDBOX_DATABASE_URL: url }) }
}

async function storesOf(engine: Engine, folder: string): Promise<Record<string, string>> {
  if (engine === 'embedded') {
    cpSync(await embeddedTemplate('migrated'), folder, { recursive: true })
    return {}
  }
  if (postgres === undefined || redis === undefined) throw new Error('no servers in this run')
  const name = `flow_${randomBytes(8).toString('hex')}`
  await command(postgres, `create database ${name} template ${templateName}`)
  const url = new URL(postgres)
  url.pathname = name
  return { DATABASE_URL: url.href, REDIS_URL: redis }
}

async function* inOneBatch(everybody: readonly Person[]) {
  yield everybody
}

const ready = new Set(testPeople(people(population)).map(({ person }) => person.number))

function canRegister(person: Person): boolean {
  const grown = person.birthDate.length === 10 && person.birthDate < '2008-01-01'
  // Whose nationality is undetermined has no level 2, so no test that needs somebody gets them unasked.
  return grown && person.kind !== 'undetermined-nationality' && person.life.status === 'alive' && person.card !== undefined && (person.card.expiresOn ?? '9999') > '2027' && (person.passport?.expiresOn ?? '9999') > '2027' && !ready.has(person.number)
}

function makeCitizen(person: Person, { issuer, mailDir, settings }: { issuer: string; mailDir: string; settings: Partial<Settings> }): Citizen {
  const email = `p-${randomUUID()}@example.com`
  return {
    number: person.number,
    name: person.name,
    birthDate: person.birthDate,
    email,
    authenticator: makeAuthenticator({ rpId: new URL(issuer).hostname, origin: issuer, ...settings }),
    readCode: async () => {
      const mail = mailsIn(mailDir).findLast(({ to }) => to === email)
      const code = /\b(\d{6})\b/.exec(mail?.text ?? '')?.[1]
      if (code === undefined) throw new Error(`no code has come for this person`)
      return code
    },
  }
}
