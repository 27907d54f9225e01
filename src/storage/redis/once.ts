import { isTryAgain } from './redirected.ts'
import type { RedisClient } from './open.ts'

/**
 * What is done to one key together with a look at the era of the server that keeps it. A script is one act there, and in a cluster it goes
 * wherever the key went. The era is told by the mark beside the key and by the server's replication id, another one after each promotion
 * and restart: a mark that was made under another id must be looked into (`eras.ts`).
 */
const replication = `local id = string.match(redis.call('INFO', 'replication'), 'master_replid:(%w+)')`

const scripts = {
  /** A zero byte and the replication id stand in front of what is offered, which cannot outlive its server's memory. No sealed value begins with zero. */
  offer: `${replication}
return redis.call('SET', KEYS[1], '\\0' .. id .. ARGV[1], 'EX', ARGV[2])`,
  take: `${replication}
return {redis.call('GETDEL', KEYS[1]), id}`,
  claim: `${replication}
return {redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2], 'NX'), id}`,
  claimBesideMark: `${replication}
return {redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2], 'NX'), id, redis.call('GET', KEYS[2])}`,
  look: `${replication}
return {redis.call('GET', KEYS[1]) or '', id}`,
  /** Only where still stands what was seen, at the server where it was seen. */
  settle: `${replication}
local mark = redis.call('GET', KEYS[1]) or ''
if mark == ARGV[1] and id == ARGV[2] then
  mark = ARGV[3] .. '@' .. id
  redis.call('SET', KEYS[1], mark)
end
return {mark, id}`,
  begin: `${replication}
return redis.call('SET', KEYS[1], ARGV[1] .. '@' .. id, 'NX')`,
  /** Together or not at all: a counter without an end would lock somebody out for ever. */
  count: `local count = redis.call('INCRBY', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2], 'NX')
return count`,
} as const

const idLength = 40

/** What stands at the place of a mark, none being an empty text, and the replication id of the server that said so. */
export type Seen = { text: string; id: string }

/** What was taken, and under which ids it was offered and is now kept. */
export type Taken = { value: Buffer; offeredUnder: string; id: string }

/** Single acts on a key that are told of the server, in the bytes of Redis. Of a key and its mark, which lie in one slot, `besideMark` alone touches both. */
export function onceActs(client: RedisClient) {
  const run = (script: keyof typeof scripts, ...args: (string | Buffer | number)[]) => client.callBuffer('EVAL', scripts[script], 1, ...args)
  const seen = (reply: unknown): Seen => {
    const [mark, id] = list(reply)
    return { text: text(mark), id: text(id) }
  }

  return {
    async offer(name: string, sealed: Buffer, ttl: number): Promise<void> {
      await run('offer', name, sealed, ttl)
    },
    /** Throws when it was not offered. */
    async take(name: string): Promise<Taken | undefined> {
      const [value, id] = list(await run('take', name))
      if (!Buffer.isBuffer(value)) return undefined
      if (value[0] !== 0) throw new TypeError('what was put is not to be taken')
      return { value: value.subarray(1 + idLength), offeredUnder: text(value.subarray(1, 1 + idLength)), id: text(id) }
    },
    /** In one act with a look at the mark; where the slot is on its way to another server, the mark is not told. */
    async claim(name: string, place: string, { sealed, ttl }: { sealed: Buffer; ttl: number }): Promise<{ first: boolean; id: string; mark?: Seen }> {
      try {
        const [done, id, mark] = list(await client.callBuffer('EVAL', scripts.claimBesideMark, 2, name, place, sealed, ttl))
        return { first: done !== null, id: text(id), mark: { text: mark === null ? '' : text(mark), id: text(id) } }
      } catch (error) {
        // While some of a slot is here and some there, no act there may touch two keys. Nothing was done.
        if (!isTryAgain(error)) throw error
        const [done, id] = list(await run('claim', name, sealed, ttl))
        return { first: done !== null, id: text(id) }
      }
    },
    look: async (place: string): Promise<Seen> => seen(await run('look', place)),
    /** Writes that an era goes on, or begins, if nothing has changed since; answers what stands there now. */
    settle: async (place: string, { text: was, id }: Seen, era: string): Promise<Seen> => seen(await run('settle', place, was, id, era)),
    /** Where no mark stands. */
    begin: async (place: string, era: string): Promise<void> => void (await run('begin', place, era)),
    async count(name: string, by: number, ttl: number): Promise<number> {
      const count = await run('count', name, by, ttl)
      if (typeof count !== 'number') throw new TypeError('Redis counts otherwise')
      return count
    },
  }
}

export type OnceActs = ReturnType<typeof onceActs>

/** What stands under a name, whether it was put or offered. */
export function inside(value: Buffer | null): Buffer | null {
  return value?.[0] === 0 ? value.subarray(1 + idLength) : value
}

function text(value: unknown): string {
  if (!Buffer.isBuffer(value)) throw new TypeError('Redis does not tell its replication id')
  return value.toString('latin1')
}

function list(reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) throw new TypeError('Redis answered a script with something else')
  return reply
}
