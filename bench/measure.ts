import { setTimeout as pause } from 'node:timers/promises'
import { cpuOf } from './cpu.ts'
import type { Scenario } from './scenarios.ts'
import type { Target } from './target.ts'

export type Round = {
  operations: number
  failures: number
  /** The first thing that went wrong. */
  failure: string | undefined
  seconds: number
  serverMilliseconds: number
  storesMilliseconds: number
  latencies: readonly number[]
}

/** As long as `seconds`, and longer while fewer than `atLeast` operations have ended, but never longer than `longest`; or until `most` have begun. */
export type Load = { users: number; seconds: number; atLeast?: number; most?: number }

const longest = 20

/** What a scenario with a stock gets per round: codes live 30 seconds, so there may not be more than are made in a few. */
const stocked = 240
const mostOperations = 50_000

/**
 * A closed loop: each user starts the next operation when the last has ended. Processor time is read before the first and
 * after the last, when nothing is in flight.
 */
export async function measure(target: Target, scenario: Scenario, { users, seconds, atLeast = 0, most = mostOperations }: Load): Promise<Round> {
  await scenario.stock?.(stocked)
  await pause(50)
  const before = { server: cpuOf(target.server), stores: cpuOf(target.stores), at: performance.now() }
  const sinceStart = () => (performance.now() - before.at) / 1000
  const limit = scenario.name === 'token' ? stocked : most
  const tally = { started: 0, failures: 0, failure: undefined as string | undefined, latencies: [] as number[] }

  const work = async (user: number) => {
    const goesOn = () => sinceStart() < seconds || (tally.started < atLeast && sinceStart() < longest)
    while (goesOn() && tally.started < limit) {
      tally.started += 1
      const start = performance.now()
      try {
        await scenario.act(user)
        tally.latencies.push(performance.now() - start)
      } catch (error) {
        tally.failures += 1
        tally.failure ??= reasonOf(error)
      }
    }
  }
  await Promise.all(Array.from({ length: users }, (_, user) => work(user)))

  const elapsed = sinceStart()
  await pause(50)
  return {
    operations: tally.latencies.length,
    failures: tally.failures,
    failure: tally.failure,
    seconds: elapsed,
    serverMilliseconds: cpuOf(target.server) - before.server,
    storesMilliseconds: cpuOf(target.stores) - before.stores,
    latencies: tally.latencies,
  }
}

/** What an OAuth error says beside its name (RFC 6749 §5.2), else the message. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'error_description' in error && typeof error.error_description === 'string' ? error.error_description : error.message
}
