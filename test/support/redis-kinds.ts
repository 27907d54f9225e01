import { hash, randomBytes } from 'node:crypto'
import slotOf from 'cluster-key-slot'
import { expect, onTestFinished } from 'vitest'
import { z } from 'zod'
import { makeNamedSealer } from '#keys/sealer.ts'
import { openRedis } from '#storage/redis/open.ts'
import { kindOf } from '#storage/redis/rights.ts'
import { redisVolatile } from '#storage/redis/volatile.ts'
import type { Volatile } from '#storage/volatile.ts'
import { startMoving, startRedisCluster, type Movers, type RedisCluster } from './redis-cluster.ts'
import { asked, startSentinels } from './redis-server.ts'
import type { Server } from './server-process.ts'

/** A kind of Redis that a file starts for itself: it is not for all files of a run at once. */
export type Kind = {
  server: Server
  open: () => Promise<Volatile>
  stop: () => Promise<void>
  /** Where slots move: those move too in which keys of this prefix are used from now on. */
  moveWhatIsUsed?: (prefix: string) => void
  /** Likewise: every slot is on its way from now on, and what is new in it comes to another server than its mark. */
  standOnTheirWay?: () => Promise<void>
  /** Where there are copies: kills a primary, so that one of them takes over. */
  loseOne?: () => void
}

export const kinds = {
  'Redis behind sentinels': async () => {
    // It is not to be replaced because this machine is busy.
    const server = there(await startSentinels({ silence: 30_000 }))
    return { server, open: () => openAt(server.url), stop: server.stop }
  },
  'a Redis Cluster of six': async () => {
    const server = there(await startRedisCluster({ copies: true }))
    return { server, open: () => openAt(server.url), stop: () => stopped(server), loseOne: () => server.primaries[0]?.kill() }
  },
  'a Redis Cluster whose slots move': async () => {
    const server = there(await startRedisCluster())
    const movers = startMoving(server)
    return {
      server,
      open: async () => {
        const prefix = freshPrefix()
        return whileMoving(await openAt(server.url, prefix), { prefix, movers })
      },
      moveWhatIsUsed: movers.follow,
      standOnTheirWay: () => standOnTheirWay(server),
      stop: async () => {
        const moves = await movers.stop()
        await stopped(server)
        if (moves < 20) throw new Error(`slots were to move, and ${moves} did`)
      },
    }
  },
} satisfies Readonly<Record<string, () => Promise<Kind>>>

/** A slot that moves because a key was used in it is never met half way by a key that is used once: so all are left there. */
async function standOnTheirWay({ primaries }: RedisCluster): Promise<void> {
  const node = z.tuple([z.string(), z.number(), z.string()], z.unknown())
  const ranges = z.array(z.tuple([z.number(), z.number(), node], z.unknown())).parse(await asked(primaries[0]?.url ?? '', (client) => client.call('CLUSTER', 'SLOTS')))
  for (const [from, to, [, port, id]] of ranges) {
    const [, , [, nextPort, nextId]] = ranges.find(([, , [, other]]) => other !== port) ?? expect.unreachable()
    for (let first = from; first <= to; first += 500) {
      const slots = Array.from({ length: Math.min(500, to - first + 1) }, (_, at) => first + at)
      const say = (at: number, way: string, other: string) => asked(`redis://127.0.0.1:${at}`, (client) => Promise.all(slots.map((slot) => client.call('CLUSTER', 'SETSLOT', slot, way, other).catch(() => 'it has moved just now'))))
      await say(nextPort, 'IMPORTING', id)
      await say(port, 'MIGRATING', nextId)
    }
  }
}

/** F03: in all its time nobody asked it for two slots at once. A node that was killed has no word. */
async function stopped(server: RedisCluster): Promise<void> {
  const told = await Promise.allSettled(server.primaries.map(({ url }) => asked(url, (client) => client.info('errorstats'))))
  await server.stop()
  const texts = told.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
  if (texts.length < 2) throw new Error('the nodes of the cluster do not tell what went wrong there')
  const across = texts.filter((text) => text.includes('errorstat_CROSSSLOT'))
  if (across.length > 0) throw new Error(`an act reached over slots: ${across.join('')}`)
}

const freshPrefix = () => `${randomBytes(4).toString('hex')}:`

function there<Value>(server: Value | undefined): Value {
  if (server === undefined) throw new Error('no Redis on this machine')
  return server
}

async function openAt(url: string, prefix = freshPrefix()): Promise<Volatile> {
  const store = await redisVolatile({ client: await openRedis({ url, mayEvict: false, patience: 10 }), sealer: makeNamedSealer([{ version: 1, secret: randomBytes(32) }]), prefix })
  onTestFinished(() => store.close())
  return store
}

/** In which slot of a cluster a volatile store keeps what it calls so. */
export const slotFor = (prefix: string, key: string) => slotOf(`${prefix}${kindOf(key)}:${hash('sha256', key, 'base64url')}`)

/** A store whose every key is in a slot that begins to move when the key is first used. */
function whileMoving(store: Volatile, { prefix, movers }: { prefix: string; movers: Movers }): Volatile {
  const moved = (key: string) => {
    movers.move(slotFor(prefix, key))
    return key
  }
  return {
    get: (key) => store.get(moved(key)),
    put: (key, ...what) => store.put(moved(key), ...what),
    offer: (key, ...what) => store.offer(moved(key), ...what),
    take: (key) => store.take(moved(key)),
    claim: (key, ...what) => store.claim(moved(key), ...what),
    era: (key) => store.era(moved(key)),
    count: (key, ...what) => store.count(moved(key), ...what),
    drop: (key) => store.drop(moved(key)),
    close: store.close,
  }
}
