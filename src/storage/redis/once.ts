import { ofOld } from './marks.ts'
import type { RedisClient } from './open.ts'

/**
 * What is done to one key together with a look at the era of the server that keeps it. A script is one act there, and in a
 * cluster it goes wherever the key went. The era is the server's replication id, another one after each promotion and restart, and since when
 * nothing was thrown away there: the mark beside the key, which is made anew where it is gone (`marks.ts`).
 */
const replication = `local told = redis.call('INFO', 'replication')
local era = string.match(told, 'master_replid:(%w+)')`
const era = `${replication}
local mark = redis.call('GET', KEYS[2])
if not mark then
  mark = ARGV[1]
  redis.call('SET', KEYS[2], mark)
end
if mark ~= '${ofOld}' then era = era .. '.' .. mark end`

const scripts = {
  era: `${era}
return era`,
  /** A zero byte and the replication id stand in front of what is offered, which cannot outlive its server's memory. No sealed value begins with zero. */
  offer: `${replication}
return redis.call('SET', KEYS[1], '\\0' .. era .. ARGV[1], 'EX', ARGV[2])`,
  take: `${replication}
return {redis.call('GETDEL', KEYS[1]), era}`,
  claim: `${era}
return {redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3], 'NX'), era}`,
} as const

const eraLength = 40

type Marks = { client: RedisClient; /** Where the mark stands that belongs to a key. */ markOf: (name: string) => string; newMark: () => string }

/** Single acts on a key that are told the era, in the bytes of Redis. */
export function onceActs({ client, markOf, newMark }: Marks) {
  const run = (script: 'offer' | 'take', ...args: (string | Buffer | number)[]) => client.callBuffer('EVAL', scripts[script], 1, ...args)
  const runMarked = (script: 'era' | 'claim', name: string, ...args: (Buffer | number)[]) => client.callBuffer('EVAL', scripts[script], 2, name, markOf(name), newMark(), ...args)

  return {
    async era(name: string): Promise<string> {
      return text(await runMarked('era', name))
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
      const [done, id] = list(await runMarked('claim', name, sealed, ttl))
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
