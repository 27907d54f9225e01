import { hash } from 'node:crypto'
import { Problem } from '#kernel/problem.ts'
import { systemClock, type Clock } from '#kernel/clock.ts'
import type { NamedSealer } from '#keys/sealer.ts'
import { clocksApart, type Only, type Volatile } from '#storage/volatile.ts'
import { makeEras } from './eras.ts'
import { leaveTheSilent } from './heartbeat.ts'
import { eraIn, inside, onceActs } from './once.ts'
import { primaries, type RedisClient } from './open.ts'
import { counted, isDone, isFirst, moment, removed, value } from './replies.ts'

/**
 * The volatile store in Redis: one command an act. Names are hashed, for they hold codes and session ids, and values are
 * sealed under their name: who reads or rearranges the memory of Redis learns nothing and can pass nothing off as another
 * (CVE-2023-28858). Any failure is `Problem('service.unavailable')`.
 */
export async function redisVolatile(tools: { client: RedisClient; sealer: NamedSealer; prefix: string; clock?: Clock }): Promise<Volatile> {
  const { client, sealer, prefix, clock = systemClock } = tools
  const nameOf = (key: string) => `${prefix}${hash('sha256', key, 'base64url')}`
  const sealed = (name: string, value: string) => Buffer.from(sealer.seal(value, name))
  function opened(name: string, found: Buffer | null): string | undefined {
    if (found === null) return undefined
    // Nothing of ours is that short: it is what something else than Redis says, or the answer to another question.
    if (found.length < leastSealed) throw new Problem('service.unavailable')
    return sealer.open(found, name)
  }
  const once = onceActs(client)
  const eras = erasIn({ client, prefix, clock })
  await eras.begin()
  // Met when it begins, and not with the first sign-in after it, which would then begin the time in which proofs are not believed.
  client.on('ready', () => void eras.meetNow().catch(() => undefined))
  leaveTheSilent(client)

  /** Whether the mark of what was made in another era, or at a time of which marks may have been lost, would still be there. */
  async function remembers(era: string, { era: madeIn, madeAt = new Date(clock.now().getTime() - longestGood * 1000) }: Only): Promise<boolean> {
    if (madeIn !== undefined) return madeIn === era
    if (madeAt.getTime() > (await eras.began(era)).getTime() + clocksApart * 1000) return true
    // Nobody knows whether it was used, and soon enough it is not asked any more: a new proof will do.
    throw new Problem('service.unavailable')
  }

  return {
    async get(key) {
      const name = nameOf(key)
      return opened(name, inside(await answer(client.getBuffer(name).then(value))))
    },
    async put(key, text, ttl) {
      const name = nameOf(key)
      await answer(client.set(name, sealed(name, text), 'EX', ttl).then(isDone))
    },
    async offer(key, text, ttl) {
      const name = nameOf(key)
      await answer(once.offer(name, sealed(name, text), ttl))
    },
    async take(key) {
      const name = nameOf(key)
      return opened(name, await answer(once.take(name)))
    },
    async claim(key, text, ttl, only) {
      const name = nameOf(key)
      if (only !== undefined) {
        const { first, era } = await answer(once.claim(name, sealed(name, text), ttl))
        return first && answer(remembers(era, only))
      }
      return answer(client.set(name, sealed(name, text), 'EX', ttl, 'NX').then(isFirst))
    },
    era: async (key) => answer(once.era(nameOf(key))),
    async count(key, ttl, by = 1, most) {
      const name = nameOf(key)
      if (most !== undefined) return answer(client.call('EVAL', countUpTo, 1, name, by, most, ttl).then(counted))
      // Together or not at all: a counter without an end would lock somebody out for ever.
      const replies = await answer(client.multi().incrby(name, by).expire(name, ttl, 'NX').exec())
      const [failure, count] = replies?.[0] ?? []
      if (typeof count !== 'number') throw new Problem('service.unavailable', { cause: failure })
      return count
    },
    async drop(key) {
      await answer(client.del(nameOf(key)).then(removed))
    },
    close: async () => client.disconnect(),
  }
}

function erasIn({ client, prefix, clock }: { client: RedisClient; prefix: string; clock: Clock }) {
  return makeEras({
    clock,
    now: () => Promise.all(primaries(client).map(async (server) => eraIn(await server.info('replication')))),
    // Dates alone, which are no secret: whoever has another key file must be able to read them.
    isNew: async () => (await client.set(`${prefix}era`, '1', 'EX', eraSeconds, 'NX')) === 'OK',
    agree: async (id, at) => {
      await client.set(`${prefix}era:${id}`, at.getTime(), 'EX', eraSeconds, 'NX')
      return moment((await client.get(`${prefix}era:${id}`)) ?? at.getTime())
    },
  })
}

/** One act there, as it is one here: what several look at before they add would go beyond. */
const countUpTo = `local now = tonumber(redis.call('GET', KEYS[1]) or '0')
local after = math.min(now + ARGV[1], math.max(now, ARGV[2]))
redis.call('INCRBY', KEYS[1], after - now)
redis.call('EXPIRE', KEYS[1], ARGV[3], 'NX')
return after`

/** Seconds in which a proof of somebody else's may be good, at most (P08: a client's assertion, five minutes). */
const longestGood = 300
/** Version, nonce and tag of `keys/aead.ts`. */
const leastSealed = 1 + 12 + 16
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
