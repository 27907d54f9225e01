import { ownName } from './marks.ts'
import type { RedisClient } from './open.ts'
import { isTryAgain } from './redirected.ts'
import { bytes, counted, isAbout, isDone, isFirst, list, moment, value } from './replies.ts'

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
return {redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2], 'NX'), id, KEYS[1], redis.call('TIME')}`,
  claimBesideMark: `${replication}
return {redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2], 'NX'), id, KEYS[1], redis.call('TIME'), redis.call('GET', KEYS[2])}`,
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
  /** Likewise. When an era begins is told by the clock that all processes share: one's own may be an hour off, and the era would be dated before the loss, or long after it. */
  beginAnew: `${replication}
local mark = redis.call('GET', KEYS[1]) or ''
if mark == ARGV[1] and id == ARGV[2] then
  local time = redis.call('TIME')
  mark = time[1] .. string.format('%03d', math.floor(time[2] / 1000)) .. '-' .. ARGV[3] .. '@' .. id
  redis.call('SET', KEYS[1], mark)
end
return {mark, id}`,
  begin: `${replication}
return redis.call('SET', KEYS[1], ARGV[1] .. '@' .. id, 'NX')`,
  /** Together or not at all: a counter without an end would lock somebody out for ever. */
  count: `local count = redis.call('INCRBY', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2], 'NX')
return {count, KEYS[1]}`,
  /** One act there, as it is one here: what several look at before they add would go beyond. */
  countUpTo: `local now = tonumber(redis.call('GET', KEYS[1]) or '0')
local after = math.min(now + ARGV[1], math.max(now, ARGV[3]))
redis.call('INCRBY', KEYS[1], after - now)
redis.call('EXPIRE', KEYS[1], ARGV[2], 'NX')
return {after, KEYS[1]}`,
} as const

const idLength = 40

/** What stands at the key of a mark, none being an empty text, and the replication id of the server that said so. */
export type Seen = { text: string; id: string }

/** What was taken, and under which ids it was offered and is now kept. */
export type Taken = { value: Buffer; offeredUnder: string; id: string }

/** Whether it was the first, when that was where the key is kept, and under which id; the mark as it was in the same act. */
export type Claimed = { first: boolean; at: Date; id: string; mark?: Seen }

/** Single acts on a key that are told of the server, in the bytes of Redis. Of a key and its mark, which lie in one slot, `claimBesideMark` alone touches both. */
export function redisActs(client: RedisClient) {
  const run = (script: keyof typeof scripts, ...args: (string | Buffer | number)[]) => client.callBuffer('EVAL', scripts[script], 1, ...args)
  const seen = (reply: unknown): Seen => {
    const [mark, id] = list(reply)
    return { text: text(mark), id: idIn(id) }
  }

  return {
    async offer(name: string, sealed: Buffer, ttl: number): Promise<void> {
      isDone(await run('offer', name, sealed, ttl))
    },
    /** Throws when it was not offered. */
    async take(name: string): Promise<Taken | undefined> {
      const [offered, id] = list(await run('take', name))
      const found = value(offered)
      if (found === null) return undefined
      if (found[0] !== 0) throw new TypeError('what was put is not to be taken')
      return { value: found.subarray(1 + idLength), offeredUnder: idIn(found.subarray(1, 1 + idLength)), id: idIn(id) }
    },
    /** In one act with a look at the mark; where the slot is on its way to another server, the mark is not told. */
    async claim(name: string, markKey: string, { sealed, ttl }: { sealed: Buffer; ttl: number }): Promise<Claimed> {
      try {
        const [done, id, about, time, mark] = list(await client.callBuffer('EVAL', scripts.claimBesideMark, 2, name, markKey, sealed, ttl))
        isAbout(name, about)
        return { first: isFirst(done), at: timeIn(time), id: idIn(id), mark: { text: mark === null ? '' : text(mark), id: idIn(id) } }
      } catch (error) {
        // While some of a slot is here and some there, no act there may touch two keys. Nothing was done.
        if (!isTryAgain(error)) throw error
        const [done, id, about, time] = list(await run('claim', name, sealed, ttl))
        isAbout(name, about)
        return { first: isFirst(done), at: timeIn(time), id: idIn(id) }
      }
    },
    look: async (markKey: string): Promise<Seen> => seen(await run('look', markKey)),
    /** Writes that an era goes on, if nothing has changed since; answers what stands there now. */
    settle: async (markKey: string, { text: was, id }: Seen, era: string): Promise<Seen> => seen(await run('settle', markKey, was, id, era)),
    /** The same of an era that begins now. */
    beginAnew: async (markKey: string, { text: was, id }: Seen): Promise<Seen> => seen(await run('beginAnew', markKey, was, id, ownName())),
    /** Where no mark stands. */
    begin: async (markKey: string, era: string): Promise<void> => void (await run('begin', markKey, era)),
    /** Goes no further than `most`, where that is given. */
    async count(name: string, { by, ttl, most }: { by: number; ttl: number; most?: number | undefined }): Promise<number> {
      const [count, about] = list(await (most === undefined ? run('count', name, by, ttl) : run('countUpTo', name, by, ttl, most)))
      isAbout(name, about)
      return counted(count)
    },
  }
}

export type RedisActs = ReturnType<typeof redisActs>

/** What stands under a name, whether it was put or offered. */
export function inside(found: Buffer | null): Buffer | null {
  return found?.[0] === 0 ? found.subarray(1 + idLength) : found
}

const text = (reply: unknown): string => bytes(reply).toString('latin1')

/** Of TIME: seconds, and microseconds of the one that runs. */
export function timeIn(reply: unknown): Date {
  const [seconds, micros] = list(reply)
  return moment(Number(seconds) * 1000 + Number(micros) / 1000)
}

function idIn(reply: unknown): string {
  const id = text(reply)
  if (id.length !== idLength) throw new Error('Redis answered with something else than a replication id')
  return id
}
