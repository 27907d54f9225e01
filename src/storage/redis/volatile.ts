import { hash } from 'node:crypto'
import { Problem } from '#kernel/problem.ts'
import type { NamedSealer } from '#keys/sealer.ts'
import type { Volatile } from '#storage/volatile.ts'
import type { RedisClient } from './open.ts'

/**
 * The volatile store in Redis: one command an act. Names are hashed, for they hold codes and session ids, and values are
 * sealed under their name: who reads or rearranges the memory of Redis learns nothing and can pass nothing off as another
 * (CVE-2023-28858). Any failure is `Problem('service.unavailable')`.
 */
export function redisVolatile(tools: { client: RedisClient; sealer: NamedSealer; prefix: string }): Volatile {
  const { client, sealer, prefix } = tools
  const nameOf = (key: string) => `${prefix}${hash('sha256', key, 'base64url')}`
  const sealed = (name: string, value: string) => Buffer.from(sealer.seal(value, name))
  const opened = (name: string, value: Buffer | null) => (value === null ? undefined : sealer.open(value, name))

  return {
    async get(key) {
      const name = nameOf(key)
      return opened(name, await answer(client.getBuffer(name)))
    },
    async put(key, value, ttl) {
      const name = nameOf(key)
      await answer(client.set(name, sealed(name, value), 'EX', ttl))
    },
    async take(key) {
      const name = nameOf(key)
      return opened(name, await answer(client.getdelBuffer(name)))
    },
    async claim(key, value, ttl) {
      const name = nameOf(key)
      return (await answer(client.set(name, sealed(name, value), 'EX', ttl, 'NX'))) === 'OK'
    },
    async count(key, ttl) {
      const name = nameOf(key)
      // Together or not at all: a counter without an end would lock somebody out for ever.
      const replies = await answer(client.multi().incr(name).expire(name, ttl, 'NX').exec())
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

async function answer<Reply>(reply: Promise<Reply>): Promise<Reply> {
  try {
    return await reply
  } catch (cause) {
    throw new Problem('service.unavailable', { cause })
  }
}
