import type { RedisClient } from './open.ts'
import { bytes, isAbout, isDone, isFirst, list, value } from './replies.ts'

/**
 * What is done to one key together with a look at the era of the server that keeps it. A script is one act there, and in a
 * cluster it goes wherever the key went. The era is the server's replication id: another one after each promotion and restart.
 */
const era = `local told = redis.call('INFO', 'replication')
local era = string.match(told, 'master_replid:(%w+)')`

const scripts = {
  era: `${era}
return era`,
  /** A zero byte and the era stand in front of what is offered. No sealed value begins with zero. */
  offer: `${era}
return redis.call('SET', KEYS[1], '\\0' .. era .. ARGV[1], 'EX', ARGV[2])`,
  take: `${era}
return {redis.call('GETDEL', KEYS[1]), era}`,
  claim: `${era}
return {redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2], 'NX'), era, KEYS[1]}`,
} as const

const eraLength = 40

/** Single acts on a key that are told the era, in the bytes of Redis. */
export function onceActs(client: RedisClient) {
  const run = (script: keyof typeof scripts, ...args: (string | Buffer | number)[]) => client.callBuffer('EVAL', scripts[script], 1, ...args)

  return {
    async era(name: string): Promise<string> {
      return text(await run('era', name))
    },
    async offer(name: string, sealed: Buffer, ttl: number): Promise<void> {
      isDone(await run('offer', name, sealed, ttl))
    },
    /** Nothing when it was offered in another era. Throws when it was not offered. */
    async take(name: string): Promise<Buffer | null> {
      const [offered, id] = list(await run('take', name))
      const found = value(offered)
      if (found === null) return null
      if (found[0] !== 0) throw new TypeError('what was put is not to be taken')
      return found.subarray(1, 1 + eraLength).equals(bytes(id)) ? found.subarray(1 + eraLength) : null
    },
    async claim(name: string, sealed: Buffer, ttl: number): Promise<{ first: boolean; era: string }> {
      const [done, id, about] = list(await run('claim', name, sealed, ttl))
      isAbout(name, about)
      return { first: isFirst(done), era: text(id) }
    },
  }
}

/** What stands under a name, whether it was put or offered. */
export function inside(found: Buffer | null): Buffer | null {
  return found?.[0] === 0 ? found.subarray(1 + eraLength) : found
}

/** The era of a server by what it tells of its replication. */
export function eraIn(told: string): string {
  const [, id] = /^master_replid:(\w+)/m.exec(told) ?? []
  if (id === undefined) throw new TypeError('Redis does not tell its replication id')
  return id
}

function text(reply: unknown): string {
  const id = bytes(reply).toString('latin1')
  if (id.length !== eraLength) throw new Error('Redis answered with something else than an era')
  return id
}
