import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { makeDice, type Dice } from '#test/support/dice.ts'
import type { OwnCluster, Store } from '#test/support/own-cluster.ts'

/** What is done at a point. `spares` says which nodes run on, so that they must answer within their deadlines. */
export type Point = { name: string; strikes: 'a node' | Store; act: (cluster: OwnCluster, dice: Dice) => Promise<void> }

const stores = ['redis', 'postgres'] as const

/** For as long as it is away. */
const aWhile = (dice: Dice, most: number) => pause(100 + dice.below(most))

const ofStores: readonly Point[] = stores.flatMap((store) => [
  {
    name: `kill ${store}`, strikes: store,
    act: async ({ stores: { [store]: server } }, dice) => {
      server.kill()
      await aWhile(dice, 1500)
      await server.revive()
    },
  },
  {
    name: `stop ${store} where it stands`, strikes: store,
    act: async ({ stores: { [store]: server } }, dice) => {
      server.freeze()
      await aWhile(dice, 3000)
      server.thaw()
    },
  },
  {
    name: `lose answers of ${store}`, strikes: store,
    act: async ({ proxies: { [store]: proxy } }, dice) => {
      // Of its own: how often it is thrown is up to the traffic, and what comes next is up to the seed.
      const lots = makeDice(dice.below(2 ** 31))
      proxy.fail({ is: 'lost replies', loses: () => lots.below(8) === 0, ending: dice.oneOf(['cut', 'silence']) })
      await aWhile(dice, 2000)
      proxy.heal()
    },
  },
  {
    name: `cut off ${store}`, strikes: store,
    act: async ({ proxies: { [store]: proxy } }, dice) => {
      proxy.fail({ is: 'cut' })
      await aWhile(dice, 1500)
      proxy.heal()
    },
  },
] satisfies Point[])

export const points: readonly [Point, ...Point[]] = [
  {
    name: 'kill a node', strikes: 'a node',
    act: async ({ nodes }, dice) => {
      const victim = nodes[dice.below(nodes.length)]
      await victim?.kill()
      await victim?.start()
    },
  },
  {
    name: 'stop a node where it stands', strikes: 'a node',
    act: async ({ nodes }, dice) => {
      const victim = nodes[dice.below(nodes.length)]
      victim?.freeze()
      await aWhile(dice, 3000)
      victim?.thaw()
    },
  },
  {
    name: 'empty redis', strikes: 'redis',
    act: async ({ stores: { redis } }) => {
      const client = new Redis(redis.url, { retryStrategy: () => null, commandTimeout: 2000 })
      client.on('error', () => undefined)
      try {
        await client.flushall()
      } finally {
        client.disconnect()
      }
    },
  },
  ...ofStores,
]
