import { openSync, readSync, closeSync, statSync } from 'node:fs'
import { sql } from 'kysely'
import { agree, tap } from '#test/support/citizen.ts'
import type { Authenticator } from '#test/support/authenticator.ts'
import { everyStep, indexesIn, planIn, readWhole } from '#test/support/plans.ts'
import { freePorts } from '#test/support/ports.ts'
import { startProgram } from './child.ts'
import type { BenchClient } from './client.ts'
import { measure, type Load, type Round } from './measure.ts'
import { scenariosOf, type Scenario } from './scenarios.ts'
import { somePhones } from './scale-people.ts'
import type { Site } from './scale-site.ts'
import type { Target } from './target.ts'

const command = new URL('../src/cli/main.ts', import.meta.url).pathname

/** A server over a site; each sign-in is of somebody who has not been at this service before. */
export type Door = { target: Target; signIn: (load: Load) => Promise<Round>; stop: () => Promise<void> }

type Wanted = { client: BenchClient; processes: number; people: number }

export async function openDoor(site: Site, { client, processes, people }: Wanted): Promise<Door> {
  const [port = 0] = await freePorts(1)
  const origin = `http://localhost:${port}`
  const phones = await somePhones(site, { count: people, origin })
  const env = { ...site.env, PORT: String(port), ISSUER: origin }
  const child = await startProgram({ args: [command, 'serve', ...(processes > 1 ? ['--workers', String(processes)] : [])], env }, `${origin}/.well-known/openid-configuration`)
  const next = takingTurns(phones)
  const name = `${site.people.toLocaleString('en')} people, ${processes === 1 ? 'one process' : `${processes} processes`}`
  const target: Target = { name, origin, server: [child.pid], stores: site.stores, stop: child.stop, pass: async (visitor, page) => agree(visitor, await tap(visitor, page, next())) }
  try {
    const [signIn] = scenariosOf(target, await client.party(origin), 1)
    return { target, signIn: (load) => measured(target, signIn, load).catch((cause: unknown) => Promise.reject(new Error(`${String(cause)}; the server said:\n${child.log()}`, { cause }))), stop: child.stop }
  } catch (error) {
    await child.stop()
    throw error
  }
}

function takingTurns(phones: readonly Authenticator[]): () => Authenticator {
  let at = 0
  return () => {
    const phone = phones[at]
    at += 1
    if (phone === undefined) throw new Error('everybody of the sample has signed in')
    return phone
  }
}

async function measured(target: Target, scenario: Scenario | undefined, load: Load): Promise<Round> {
  if (scenario === undefined) throw new Error('there is no such scenario')
  const round = await measure(target, scenario, load)
  // On a machine that does other work, one in a hundred may be told to wait; more than that is another measure.
  if (round.failures > load.users && round.failures > round.operations / 100) throw new Error(`${round.failures} sign-ins failed on ${target.name}: ${round.failure}`)
  return round
}

/** What PostgreSQL did for a statement of a sign-in. */
export type Seen = { tables: readonly string[]; whole: readonly string[]; indexes: readonly string[] }

/**
 * Every plan of some sign-ins, as PostgreSQL itself writes them down when it carries them out (`auto_explain`): no list of statements that
 * somebody keeps, so none is forgotten.
 */
export async function plansOfSignIns(site: Site, client: BenchClient, signIns: number): Promise<readonly Seen[]> {
  const set = (name: string, value: string) => site.database.change(sql.raw(`alter database postgres set ${name} = ${value}`))
  await set('session_preload_libraries', `'auto_explain'`)
  await set('auto_explain.log_min_duration', '0')
  await set('auto_explain.log_format', `'json'`)
  try {
    const door = await openDoor(site, { client, processes: 1, people: signIns * 2 })
    try {
      // Whatever a process asks once, at its start, is no part of a sign-in.
      await door.signIn({ users: 2, seconds: 30, most: signIns })
      const from = statSync(site.log).size
      await door.signIn({ users: 2, seconds: 30, most: signIns })
      return seenIn(textFrom(site.log, from))
    } finally {
      await door.stop()
    }
  } finally {
    await site.database.change(sql.raw('alter database postgres reset all'))
  }
}

function textFrom(file: string, from: number): string {
  const buffer = Buffer.alloc(statSync(file).size - from)
  const handle = openSync(file, 'r')
  readSync(handle, buffer, 0, buffer.length, from)
  closeSync(handle)
  return buffer.toString('utf8')
}

function seenIn(log: string): readonly Seen[] {
  const plans = [...log.matchAll(/ plan:\n((?:\t.*\n)+)/g)].map(([, json = '']) => planIn(json))
  return plans.map((plan) => ({ tables: everyStep(plan).flatMap(({ table }) => table ?? []), whole: readWhole(plan), indexes: indexesIn(plan) }))
}
