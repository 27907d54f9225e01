import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { personId } from '#kernel/id.ts'
import { hoursOf, type SystemStatus } from '#domain/statistic/system-status.ts'
import type { House } from './house.ts'

/** An id that no person has. */
const nobody = '00000000-0000-7000-8000-000000000000'

/** However many ask, the stores are asked once in a while, so that whoever wants to know is no burden to what is in need. */
const lookMilliseconds = 5000
/** No longer than the next look. */
const keptSeconds = 60
/** What has not answered by then does not work. */
const longestMilliseconds = 1000

/** Load balancers ask every second or so, and strangers as often as they like. */
const readyMilliseconds = 1000

type Tools = {
  volatile: Pick<House['volatile'], 'put'>
  database: Pick<House['database'], 'rows'>
  registry: Pick<House['registry'], 'find'>
  statistics: Pick<House['statistics'], 'hours'>
  clock: House['clock']
}

/** What load balancers ask, and what everybody may ask. */
export const readiness = (tools: Tools, { leaving = () => false, clockIsOff = () => false }: { leaving?: () => boolean; clockIsOff?: () => boolean } = {}) => {
  const storesAnswer = atMostEach(readyMilliseconds, async () => (await inTime(isReady(tools))) ?? false)
  return {
    ready: async () => !leaving() && !clockIsOff() && (await storesAnswer()),
    systemStatus: atMostEach(lookMilliseconds, () => look(tools, tools.clock.now())),
  }
}

/**
 * Whether a sign-in could be finished now (R10): it writes to both stores. A Redis that is full still reads, and so does a PostgreSQL that may not be
 * written to, as one that ran out of disk or has become a copy; it refuses to lock rows for a change, and here there are none to be locked.
 */
async function isReady({ volatile, database }: Pick<Tools, 'volatile' | 'database'>): Promise<boolean> {
  const both = [volatile.put('ready', 'yes', keptSeconds), database.rows(sql`select name from node where false for update`)]
  return Promise.all(both).then(() => true, () => false)
}

/** All who ask while one is looking hear what it finds, and so does whoever asks within so long afterwards, whatever the time of day jumps to. */
function atMostEach<Answer>(milliseconds: number, ask: () => Promise<Answer>): () => Promise<Answer> {
  let last: { until: number; answer: Promise<Answer> } | undefined
  return () => {
    if (last !== undefined && performance.now() < last.until) return last.answer
    const asked = { until: Infinity, answer: ask().finally(() => void (asked.until = performance.now() + milliseconds)) }
    last = asked
    return asked.answer
  }
}

/** What of the system works. It answers whatever is down, and soon. */
async function look(tools: Tools, at: Date): Promise<SystemStatus> {
  const { registry, statistics } = tools
  const [signIn, known, hours] = await Promise.all([
    inTime(isReady(tools)),
    inTime(registry.find(personId.parse(nobody)).then(() => true)),
    inTime(statistics.hours(new Date(at.getTime() - 26 * 3_600_000)).then((counts) => hoursOf(counts, at))),
  ])
  return { at, signIn: signIn ?? false, registry: known ?? false, hours }
}

/** What came in time, or nothing, for a store that is down too. */
async function inTime<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  const over = new AbortController()
  const late = pause(longestMilliseconds, undefined, { signal: over.signal }).catch(() => undefined)
  return Promise.race([asked.catch(() => undefined), late]).finally(() => over.abort())
}
