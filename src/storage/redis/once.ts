import type { RedisClient } from './open.ts'

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
return {redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2], 'NX'), era}`,
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
      await run('offer', name, sealed, ttl)
    },
    /** Nothing when it was offered in another era. Throws when it was not offered. */
    async take(name: string): Promise<Buffer | null> {
      const [value, id] = list(await run('take', name))
      if (!Buffer.isBuffer(value)) return null
      if (value[0] !== 0) throw new TypeError('what was put is not to be taken')
      return value.subarray(1, 1 + eraLength).equals(bytes(id)) ? value.subarray(1 + eraLength) : null
    },
    async claim(name: string, sealed: Buffer, ttl: number): Promise<{ first: boolean; era: string }> {
      const [done, id] = list(await run('claim', name, sealed, ttl))
      return { first: done !== null, era: text(id) }
    },
  }
}

/** What stands under a name, whether it was put or offered. */
export function inside(value: Buffer | null): Buffer | null {
  return value?.[0] === 0 ? value.subarray(1 + eraLength) : value
}

/** The era of a server by what it tells of its replication. */
export function eraIn(told: string): string {
  const [, id] = /^master_replid:(\w+)/m.exec(told) ?? []
  if (id === undefined) throw new TypeError('Redis does not tell its replication id')
  return id
}

const text = (value: unknown): string => bytes(value).toString('latin1')

function list(reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) throw new TypeError('Redis answered a script with something else')
  return reply
}

function bytes(value: unknown): Buffer {
  if (!Buffer.isBuffer(value)) throw new TypeError('Redis does not tell its replication id')
  return value
}
