import { hash } from 'node:crypto'
import { Cluster } from 'ioredis'
import { Problem } from '#kernel/problem.ts'
import type { NamedSealer } from '#keys/sealer.ts'
import { clocksApart, type Only, type Volatile } from '#storage/volatile.ts'
import { makeEras } from './eras.ts'
import { leaveTheSilent } from './heartbeat.ts'
import { knownServers } from './known-servers.ts'
import { begun, everywhere, firstEra, markPlaces } from './marks.ts'
import { inside, onceActs, type OnceActs } from './once.ts'
import type { RedisClient } from './open.ts'
import { isDone, isFirst as wasFirst, moment, removed, value } from './replies.ts'

type Tools = {
  client: RedisClient
  sealer: NamedSealer
  prefix: string
  /** Whether a store is opened for the first time ever, by a word that outlives it: one that is empty and not the first was emptied. Told once. */
  isFirst?: () => Promise<boolean>
}

/**
 * The volatile store in Redis: one act at the server for each of ours. Names are hashed, for they hold codes and session ids, and values are
 * sealed under their name: who reads or rearranges the memory of Redis learns nothing and can pass nothing off as another
 * (CVE-2023-28858). Any failure is `Problem('service.unavailable')`.
 */
export async function redisVolatile(tools: Tools): Promise<Volatile> {
  const { client, sealer, prefix, isFirst = async () => true } = tools
  const nameOf = (key: string) => `${prefix}${hash('sha256', key, 'base64url')}`
  const sealed = (name: string, value: string) => Buffer.from(sealer.seal(value, name))
  function opened(name: string, found: Buffer | null): string | undefined {
    if (found === null) return undefined
    // Nothing of ours is that short: it is what something else than Redis says, or the answer to another question.
    if (found.length < leastSealed) throw new Problem('service.unavailable')
    return sealer.open(found, name)
  }
  const once = onceActs(client)
  const marks = markPlaces(client, prefix)
  const eras = await erasIn({ client, once, marks, prefix, isFirst: await isFirst() })
  // A loss is met when it happens, and not with the first sign-in after it, which would then begin the time in which proofs are not believed.
  client.on('ready', () => void eras.lookAgain().catch(() => undefined))
  leaveTheSilent(client)

  /** Whether the mark of what was made in another era, or at a time of which marks may have been lost, would still be there; `at` is now, by the clock that dates the eras. */
  function remembers(era: string, { era: madeIn, madeAt }: Only, at: Date): boolean {
    if (madeIn !== undefined) return madeIn === era
    const made = madeAt?.getTime() ?? at.getTime() - longestGood * 1000
    if (made > begun(era).getTime() + clocksApart * 1000) return true
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
      const taken = await answer(once.take(name))
      return taken && ((await answer(eras.lasted(taken))) ? opened(name, taken.value) : undefined)
    },
    async claim(key, text, ttl, only) {
      const name = nameOf(key)
      if (only !== undefined) {
        const place = marks.of(name)
        const { first, at, ...seen } = await answer(once.claim(name, place, { sealed: sealed(name, text), ttl }))
        // Looked at afterwards or in the same act: a loss in between costs a use, and never gives a second one.
        return first && remembers(await answer(eras.eraOf(place, seen)), only, at)
      }
      return answer(client.set(name, sealed(name, text), 'EX', ttl, 'NX').then(wasFirst))
    },
    era: async (key) => answer(eras.era(marks.of(nameOf(key)))),
    count: async (key, ttl, by = 1, most) => answer(once.count(nameOf(key), { by, ttl, most })),
    async drop(key) {
      await answer(client.del(nameOf(key)).then(removed))
    },
    close: async () => client.disconnect(),
  }
}

type Where = Required<Pick<Tools, 'client' | 'prefix'>> & { once: OnceActs; marks: ReturnType<typeof markPlaces>; isFirst: boolean }

/** Seconds in which one process is enough to look everywhere after a loss. */
const sweepSeconds = 10

/**
 * The eras of this store. In one that is new nothing was lost, ever, and that is written at every place. After a loss somebody looks at all places,
 * so that each era begins soon after it, and not when a place happens to be used.
 */
async function erasIn({ client, once, marks, prefix, isFirst }: Where) {
  const servers = knownServers({
    client,
    // Dates alone, which are no secret: whoever has another key file must be able to read them.
    agree: async (id, at) => {
      await client.set(`${prefix}era:${id}`, at.getTime(), 'EX', metSeconds, 'NX')
      return moment((await client.get(`${prefix}era:${id}`)) ?? at.getTime())
    },
  })
  const sweep = async () => {
    if ((await client.set(`${prefix}era:sweep`, '1', 'EX', sweepSeconds, 'NX')) === 'OK') await everywhere(marks.all(), (place) => eras.era(place))
  }
  const onLoss = client instanceof Cluster ? () => void sweep().catch(() => undefined) : () => undefined
  const eras = makeEras({ once, steady: (one, other) => servers.steady(one, other), onLoss })

  const said = `${prefix}era:begun`
  const isNew = (await client.exists(said)) === 0
  await servers.meetAll(isNew && isFirst ? new Date(0) : undefined)
  if (isNew) {
    const era = firstEra()
    await everywhere(marks.all(), (place) => (isFirst ? once.begin(place, era) : eras.era(place)))
    await client.set(said, '1')
  }
  return {
    ...eras,
    lookAgain: client instanceof Cluster ? sweep : async () => void (await eras.era(marks.of(''))),
    lasted: async ({ offeredUnder, id }: { offeredUnder: string; id: string }) => offeredUnder === id || servers.steady(offeredUnder, id),
  }
}

/** Seconds in which a proof of somebody else's may be good, at most (P08: a client's assertion, five minutes). */
const longestGood = 300
/** Version, nonce and tag of `keys/aead.ts`. */
const leastSealed = 1 + 12 + 16
/** For as long is remembered when a server was first met: one that was met earlier is met anew. */
const metSeconds = 400 * 86_400

async function answer<Reply>(reply: Promise<Reply>): Promise<Reply> {
  try {
    return await reply
  } catch (cause) {
    if (cause instanceof TypeError) throw cause
    throw new Problem('service.unavailable', { cause })
  }
}
