import { hash } from 'node:crypto'
import { Problem } from '#kernel/problem.ts'
import type { NamedSealer } from '#keys/sealer.ts'
import type { Volatile } from '#storage/volatile.ts'
import { inside, redisActs } from './acts.ts'
import { leaveTheSilent } from './heartbeat.ts'
import { markKeys } from './marks.ts'
import type { RedisClient } from './open.ts'
import { kindOf } from './rights.ts'
import { isDone, isFirst as wasFirst, removed, value } from './replies.ts'
import { remembers, storeEras } from './store-eras.ts'

type Tools = {
  client: RedisClient
  sealer: NamedSealer
  prefix: string
  /** Whether a store is opened for the first time ever, by a word that outlives it: one that is empty and not the first was emptied. Told once. */
  isFirst?: () => Promise<boolean>
}

/**
 * The volatile store in Redis: one act at the server for each of ours. Of a name stays what kind of thing it is, by which each plane has its
 * rights (`rights.ts`), and the rest is hashed, for it holds codes and session ids; values are sealed under their name: who reads or rearranges the memory of Redis learns nothing and can pass nothing off as another
 * (CVE-2023-28858). Any failure is `Problem('service.unavailable')`.
 */
export async function redisVolatile(tools: Tools): Promise<Volatile> {
  const { client, sealer, prefix, isFirst = async () => true } = tools
  const nameOf = (key: string) => `${prefix}${kindOf(key)}:${hash('sha256', key, 'base64url')}`
  const sealed = (name: string, value: string) => Buffer.from(sealer.seal(value, name))
  function opened(name: string, found: Buffer | null): string | undefined {
    if (found === null) return undefined
    // Nothing of ours is that short: it is what something else than Redis says, or the answer to another question.
    if (found.length < leastSealed) throw new Problem('service.unavailable')
    return sealer.open(found, name)
  }
  const acts = redisActs(client)
  const marks = markKeys(client, prefix)
  const eras = await storeEras({ client, acts, marks, prefix, isFirst: await isFirst() })
  // A loss is met when it happens, and not with the first sign-in after it, which would then begin the time in which proofs are not believed.
  client.on('ready', () => void eras.lookAgain().catch(() => undefined))
  leaveTheSilent(client)

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
      await answer(acts.offer(name, sealed(name, text), ttl))
    },
    async take(key) {
      const name = nameOf(key)
      const taken = await answer(acts.take(name))
      return taken && ((await answer(eras.lasted(taken))) ? opened(name, taken.value) : undefined)
    },
    async claim(key, text, ttl, only) {
      const name = nameOf(key)
      if (only !== undefined) {
        const markKey = marks.of(name)
        const { first, at, ...seen } = await answer(acts.claim(name, markKey, { sealed: sealed(name, text), ttl }))
        // Looked at afterwards or in the same act: a loss in between costs a use, and never gives a second one.
        return first && remembers(await answer(eras.eraOf(markKey, seen)), only, at)
      }
      return answer(client.set(name, sealed(name, text), 'EX', ttl, 'NX').then(wasFirst))
    },
    era: async (key) => answer(eras.era(marks.of(nameOf(key)))),
    count: async (key, ttl, by = 1, most) => answer(acts.count(nameOf(key), { by, ttl, most })),
    async drop(key) {
      await answer(client.del(nameOf(key)).then(removed))
    },
    close: async () => client.disconnect(),
  }
}

/** Version, nonce and tag of `keys/aead.ts`. */
const leastSealed = 1 + 12 + 16

async function answer<Reply>(reply: Promise<Reply>): Promise<Reply> {
  try {
    return await reply
  } catch (cause) {
    if (cause instanceof TypeError) throw cause
    throw new Problem('service.unavailable', { cause })
  }
}
