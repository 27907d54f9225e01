import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { columns, header, readRow } from '#domain/registry/columns.ts'
import { readCsv } from '#domain/registry/csv.ts'
import type { Person } from '#domain/registry/person.ts'
import { makeAuthenticator } from '#test/support/authenticator.ts'
import type { Authenticator } from '#test/support/authenticator.ts'
import { agree, register, tap } from '#test/support/citizen.ts'
import { mailedCode } from '#test/support/mail.ts'
import { freePorts } from '#test/support/ports.ts'
import { makeVisitor, titleOf } from '#test/support/visitor.ts'
import { runProgram, startProgram } from './child.ts'
import { redirectUri, scope } from './client.ts'
import type { BenchClient } from './client.ts'
import { startStores } from './stores.ts'
import type { Target } from './target.ts'

export type Engine = 'embedded' | 'servers'

const command = new URL('../src/cli/main.ts', import.meta.url).pathname
const population = 1000

type OurTarget = Target & {
  /** By how many milliseconds the server's event loop was late at worst, in 99 of a hundred looks since this was last asked. */
  loopDelay: () => Promise<number>
}

/** A timer of `monitorEventLoopDelay` fires once in so many milliseconds, and what is measured is from one to the next. */
const timerMilliseconds = 10

/** As an operator reads it; the figures begin anew each time they are read. */
async function loopDelayOf(metrics: string): Promise<number> {
  const seconds = Number(/^eid_nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(await (await fetch(metrics)).text())?.[1])
  if (!Number.isFinite(seconds)) throw new Error(`${metrics} does not tell the delay of the event loop`)
  return Math.max(0, seconds * 1000 - timerMilliseconds)
}

/** `profile` is a folder for a CPU profile of the server, which V8 writes there when it ends. */
type Wanted = { engine: Engine; users: number; profile: string | undefined }

/**
 * The server as an operator starts it, with a small registry, the bench's client, and one registered citizen a user. All of
 * it goes through the public interface: the command line, then the same pages that people use.
 */
export async function startOurs({ engine, users, profile }: Wanted, client: BenchClient): Promise<OurTarget> {
  const stores = engine === 'servers' ? await startStores() : undefined
  const folder = mkdtempSync(join(tmpdir(), 'dinh-danh-bench-'))
  const cleanUp = async () => {
    await stores?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const [port = 0, health = 0] = await freePorts(2)
    const origin = `http://localhost:${port}`
    const mails = join(folder, 'mail')
    const env = { PORT: String(port), HEALTH_PORT: String(health), ISSUER: origin, DATA_DIR: folder, TRUSTED_PROXIES: '127.0.0.1,::1', MAIL_DIR: mails, LOG_LEVEL: 'info', ...stores?.env }
    await fill(folder, env, client)
    const child = await startProgram({ args: [...profiling(profile), command, 'serve'], env }, `${origin}/.well-known/openid-configuration`)
    const stop = () => child.stop().then(cleanUp)
    try {
      const phones = await registerAll({ origin, mails, client, people: await adults(join(folder, 'people.csv'), users) })
      const name = engine === 'embedded' ? 'Định Danh, embedded' : 'Định Danh, PostgreSQL + Redis'
      return {
        name, origin, stop, server: [child.pid], stores: stores?.pids ?? [],
        loopDelay: () => loopDelayOf(`http://localhost:${health}/metrics`),
        pass: async (visitor, page, user) => agree(visitor, await tap(visitor, page, phoneOf(phones, user))),
      }
    } catch (cause) {
      await child.stop()
      throw new Error(`registration failed; the server said:\n${child.log()}`, { cause })
    }
  } catch (error) {
    await cleanUp()
    throw error
  }
}

function profiling(folder: string | undefined): readonly string[] {
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`]
}

async function fill(folder: string, env: Readonly<Record<string, string>>, client: BenchClient): Promise<void> {
  const clients = join(folder, 'clients.json')
  const people = join(folder, 'people.csv')
  writeFileSync(clients, JSON.stringify([{ ...client.registered, ...client.own }]))
  const steps = [
    ['migrate'],
    ['registry', 'generate', '--people', String(population), '--seed', 'bench', '--out', people],
    ['registry', 'import', people],
    ['client', 'import', clients],
  ]
  for (const step of steps) await runProgram({ args: [command, ...step], env })
}

/** Citizens who may register on their own: of age, alive, with a day of birth. */
async function adults(file: string, count: number): Promise<readonly Person[]> {
  const found: Person[] = []
  const today = new Date().toISOString().slice(0, 10)
  for await (const { cells } of readCsv(createReadStream(file), header)) {
    const read = cells && readRow(cells)
    if (!read || !('person' in read)) throw new Error(`the generated registry has a row that cannot be read (of ${columns.length} columns)`)
    const { person } = read
    const valid = person.card !== undefined && (person.card.expiresOn ?? '9999') > today
    const ordinary = person.kind === 'citizen' && person.life.status === 'alive' && valid
    if (ordinary && person.birthDate.length === 10 && person.birthDate < '2000') found.push(person)
    if (found.length === count) return found
  }
  throw new Error(`only ${found.length} of ${count} people who could register`)
}

type Place = { origin: string; mails: string; client: BenchClient; people: readonly Person[] }

async function registerAll({ origin, mails, client, people }: Place): Promise<readonly Authenticator[]> {
  const party = await client.party(origin)
  const phones: Authenticator[] = []
  for (const [index, person] of people.entries()) {
    const visitor = makeVisitor({ leaveAt: (url) => url.href.startsWith(redirectUri) })
    const email = `citizen-${index}@example.com`
    const authenticator = makeAuthenticator({ rpId: 'localhost', origin })
    const { url, checks } = await party.begin({ scope })
    const citizen = { ...person, email, authenticator, readCode: () => mailedCode(mails, email) }
    const end = await agree(visitor, await register(visitor, await visitor.open(url), citizen))
    if (end.status !== 0) throw new Error(`registration ended with ${end.status} at: ${titleOf(end.text)}`)
    await party.finish(end.url, checks)
    phones.push(authenticator)
  }
  return phones
}

function phoneOf(phones: readonly Authenticator[], user: number): Authenticator {
  const phone = phones[user % phones.length]
  if (!phone) throw new Error('nobody is registered')
  return phone
}
