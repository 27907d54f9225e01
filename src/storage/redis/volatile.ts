import { hash } from 'node:crypto'
import { Cluster } from 'ioredis'
import { Problem } from '#kernel/problem.ts'
import { systemClock, type Clock } from '#kernel/clock.ts'
import type { NamedSealer } from '#keys/sealer.ts'
import { clocksApart, type Only, type Volatile } from '#storage/volatile.ts'
import { makeEras } from './eras.ts'
import { markAll, markPlaces, newMark, ofOld } from './marks.ts'
import { eraIn, inside, onceActs } from './once.ts'
import { primaries, type RedisClient } from './open.ts'

type Tools = {
  client: RedisClient
  sealer: NamedSealer
  prefix: string
  clock?: Clock
  /** Whether a store is opened for the first time ever, by a word that outlives it: one that is empty and not the first was emptied. Told once. */
  isFirst?: () => Promise<boolean>
}

/**
 * The volatile store in Redis: one command an act. Names are hashed, for they hold codes and session ids, and values are
 * sealed under their name: who reads or rearranges the memory of Redis learns nothing and can pass nothing off as another
 * (CVE-2023-28858). Any failure is `Problem('service.unavailable')`.
 */
export async function redisVolatile(tools: Tools): Promise<Volatile> {
  const { client, sealer, prefix, clock = systemClock, isFirst = async () => true } = tools
  const nameOf = (key: string) => `${prefix}${hash('sha256', key, 'base64url')}`
  const sealed = (name: string, value: string) => Buffer.from(sealer.seal(value, name))
  const opened = (name: string, value: Buffer | null) => (value === null ? undefined : sealer.open(value, name))
  const marks = markPlaces(client, prefix)
  const once = onceActs({ client, markOf: marks.of, newMark: () => newMark(clock) })
  const eras = erasIn(client, { prefix, clock, isFirst, marks })
  await eras.begin()

  /** Whether the marks of everything that `only` speaks of are still there. */
  async function remembers(era: string, { era: madeIn, madeAt = new Date(clock.now().getTime() - longestGood * 1000) }: Only): Promise<boolean> {
    if (madeIn !== undefined) return madeIn === era
    return madeAt.getTime() > (await eras.began(era)).getTime() + clocksApart * 1000
  }

  return {
    async get(key) {
      const name = nameOf(key)
      return opened(name, inside(await answer(client.getBuffer(name))))
    },
    async put(key, value, ttl) {
      const name = nameOf(key)
      await answer(client.set(name, sealed(name, value), 'EX', ttl))
    },
    async offer(key, value, ttl) {
      const name = nameOf(key)
      await answer(once.offer(name, sealed(name, value), ttl))
    },
    async take(key) {
      const name = nameOf(key)
      return opened(name, await answer(once.take(name)))
    },
    async claim(key, value, ttl, only) {
      const name = nameOf(key)
      if (only !== undefined) {
        const { first, era } = await answer(once.claim(name, sealed(name, value), ttl))
        return first && answer(remembers(era, only))
      }
      return (await answer(client.set(name, sealed(name, value), 'EX', ttl, 'NX'))) === 'OK'
    },
    era: async (key) => answer(once.era(nameOf(key))),
    async count(key, ttl, by = 1) {
      const name = nameOf(key)
      // Together or not at all: a counter without an end would lock somebody out for ever.
      const replies = await answer(client.multi().incrby(name, by).expire(name, ttl, 'NX').exec())
      const [failure, count] = replies?.[0] ?? []
      if (typeof count !== 'number') throw new Problem('service.unavailable', { cause: failure })
      return count
    },
    async drop(key) {
      await answer(client.del(nameOf(key)))
    },
    close: async () => client.disconnect(),
  }
}

type Where = Required<Pick<Tools, 'prefix' | 'clock' | 'isFirst'>> & { marks: ReturnType<typeof markPlaces> }

/** What eras are told by: the servers themselves, dates that all processes agree upon, and marks that go when a server is emptied. */
function erasIn(client: RedisClient, { prefix, clock, isFirst, marks }: Where): ReturnType<typeof makeEras> {
  return makeEras({
    clock,
    now: () => Promise.all(primaries(client).map(async (server) => eraIn(await server.info('replication')))),
    // Dates alone, which are no secret: whoever has another key file must be able to read them.
    isNew: async () => {
      // Asked in any case: a store of an earlier release was never told of.
      const [first, known] = [await isFirst(), await client.exists(`${prefix}era`)]
      const unknown = known === 0
      const isNew = unknown && first
      // Of servers that start together one says how it is, and one that comes late finds it said.
      const said = unknown && (await client.set(`${prefix}era`, isNew ? ofOld : newMark(clock), 'NX')) === 'OK'
      if (!unknown) await client.persist(`${prefix}era`)
      if (client instanceof Cluster && (await client.get(`${prefix}era:marked`)) === null) {
        await markAll(client, marks.all(), isNew ? ofOld : newMark(clock))
        await client.set(`${prefix}era:marked`, '1')
      }
      return isNew && said
    },
    agree: async (id, at) => {
      await client.set(`${prefix}era:${id}`, at.getTime(), 'EX', eraSeconds, 'NX')
      return new Date(Number((await client.get(`${prefix}era:${id}`)) ?? at.getTime()))
    },
  })
}

/** Seconds in which a proof of somebody else's may be good, at most (P08: a client's assertion, five minutes). */
const longestGood = 300
/** For as long is remembered when an era began: longer than any server runs without another failover is not worth telling. */
const eraSeconds = 400 * 86_400

async function answer<Reply>(reply: Promise<Reply>): Promise<Reply> {
  try {
    return await reply
  } catch (cause) {
    if (cause instanceof TypeError) throw cause
    throw new Problem('service.unavailable', { cause })
  }
}
