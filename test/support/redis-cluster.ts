import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import slotOf from 'cluster-key-slot'
import { Redis } from 'ioredis'
import { freePorts } from './ports.ts'
import { asked, atOnce, start, until } from './redis-server.ts'
import { program, type Server } from './server-process.ts'

/** Three primaries, each with a third of the slots, and a copy of each where they were asked for. */
export type RedisCluster = Server & { primaries: readonly Server[]; copies: readonly Server[] }

/** Milliseconds of silence after which the others take a node for dead. */
const nodeTimeout = 2000

/** `url` names the primaries. `whole`: whether it waits until all slots are served; without, the last third belongs to nobody. */
export async function startRedisCluster({ copies = false, whole = true } = {}): Promise<RedisCluster | undefined> {
  const redis = program('redis-server')
  const count = copies ? 6 : 3
  const ports = await freePorts(2 * count)
  if (redis === undefined) return undefined

  const settings = (index: number) => [...atOnce, '--cluster-enabled', 'yes', '--cluster-port', String(ports[index + count]), '--cluster-node-timeout', String(nodeTimeout)]
  const nodes = await Promise.all(Array.from({ length: count }, (_, index) => start(redis, ports[index] ?? 0, settings(index))))
  const primaries = nodes.slice(0, 3)
  await introduce(nodes, ports)
  await shareOut(whole ? primaries : primaries.slice(0, 2))
  if (whole) await until('the nodes of the Redis Cluster agree', async () => (await Promise.all(primaries.map(isAgreed))).every(Boolean))
  for (const [index, copy] of nodes.slice(3).entries()) await follow(copy, primaries[index])
  if (copies) await until('every node knows the copies', async () => (await Promise.all(nodes.map(knowsCopies))).every(Boolean))
  const all = (act: (server: Server) => void) => () => nodes.forEach(act)
  return {
    url: primaries.map(({ url }) => url).join(','),
    primaries,
    copies: nodes.slice(3),
    freeze: all((node) => node.freeze()),
    thaw: all((node) => node.thaw()),
    kill: all((node) => node.kill()),
    stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))),
  }
}

async function isAgreed({ url }: Server): Promise<boolean> {
  return (await asked(url, (client) => client.cluster('INFO'))).includes('cluster_state:ok')
}

/** A copy is told of once it has followed a step: of a cluster in which nothing was ever written none is. */
async function knowsCopies({ url }: Server): Promise<boolean> {
  const ranges = await asked(url, (client) => client.call('CLUSTER', 'SLOTS'))
  return Array.isArray(ranges) && ranges.every((range) => Array.isArray(range) && range.length === 4)
}

/** What `redis-cli --cluster create` does, without needing it: introductions, and a third of the slots each. */
async function introduce([first, ...others]: readonly Server[], ports: readonly number[]): Promise<void> {
  const count = others.length + 1
  for (const index of others.keys()) await asked(first?.url ?? '', (client) => client.call('CLUSTER', 'MEET', '127.0.0.1', String(ports[index + 1]), String(ports[index + 1 + count])))
  await until('the nodes of the Redis Cluster know each other', async () => {
    const told = await Promise.all([first, ...others].map((node) => asked(node?.url ?? '', (client) => client.cluster('INFO'))))
    return told.every((text) => text.includes(`cluster_known_nodes:${count}`))
  })
}

async function shareOut(primaries: readonly Server[]): Promise<void> {
  const slots = [[0, 5460], [5461, 10922], [10923, 16383]] as const
  for (const [index, { url }] of primaries.entries()) {
    const [from, to] = slots[index] ?? slots[0]
    await asked(url, (client) => client.cluster('ADDSLOTSRANGE', from, to))
  }
}

async function follow(copy: Server, primary: Server | undefined): Promise<void> {
  const id = await asked(primary?.url ?? '', nodeId)
  await asked(copy.url, (client) => client.call('CLUSTER', 'REPLICATE', id))
  await until('the copy is in step', async () => (await asked(copy.url, (client) => client.info('replication'))).includes('master_link_status:up'))
  await asked(primary?.url ?? '', (client) => client.flushall())
}

const nodeId = async (client: Redis): Promise<string> => String(await client.call('CLUSTER', 'MYID'))

/** Whether the line of a node in the words of `CLUSTER NODES` names the slot. */
function names(line: string | undefined, slot: number): boolean {
  return (line?.split(' ').slice(8) ?? []).some((range) => {
    const [from = NaN, to = from] = range.split('-').map(Number)
    return slot >= from && slot <= to
  })
}

const linesOf = async (client: Redis): Promise<readonly string[]> => String(await client.call('CLUSTER', 'NODES')).split('\n')

/**
 * Tells all of them whose a slot is, until all say so. After moves in quick succession two nodes may have come to the same epoch, and gossip of
 * a moment ago takes a slot from its new owner: then it is said again, louder, as `redis-cli --cluster fix` does.
 */
async function settle(slot: number, owner: Redis, all: readonly Redis[]): Promise<void> {
  const id = await nodeId(owner)
  const tell = async () => {
    for (const node of all) await node.call('CLUSTER', 'SETSLOT', slot, 'NODE', id)
  }
  await tell()
  await until(`all say whose the slot ${slot} is`, async () => {
    const told = await Promise.all(all.map(async (node) => names((await linesOf(node)).find((line) => line.startsWith(id)), slot)))
    if (told.every(Boolean)) return true
    await tell()
    await owner.call('CLUSTER', 'BUMPEPOCH')
    return false
  })
}

/** Which of them is the primary of a slot by its own word. One that gossip took from everybody is given to the first. */
async function ownerOf(clients: readonly Redis[], slot: number): Promise<Redis> {
  for (const client of clients) if (names((await linesOf(client)).find((line) => line.includes('myself,master')), slot)) return client
  const [first] = clients
  if (first === undefined) throw new Error('a cluster of nobody')
  await settle(slot, first, clients)
  return first
}

type Way = { from: Redis; to: Redis; others: readonly Redis[]; pace: number }

/** What `redis-cli --cluster reshard` does with a slot, key by key and slowly, so that for a while some of it is here and some there. */
async function moveSlot(slot: number, { from, to, others, pace }: Way): Promise<void> {
  const [source, target] = [await nodeId(from), await nodeId(to)]
  await to.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', source)
  await from.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', target)
  for (;;) {
    const keys = await from.call('CLUSTER', 'GETKEYSINSLOT', slot, 1)
    if (!Array.isArray(keys) || keys.length === 0) break
    await pause(pace)
    await from.call('MIGRATE', to.options.host ?? '', to.options.port ?? 0, '', 0, 5000, 'KEYS', String(keys[0]))
  }
  await pause(pace)
  await settle(slot, to, [to, from, ...others])
}

/** Slots that move from one primary to the next, again and again, as long as it is not stopped. `stop` answers how often one moved. */
export type Movers = { move: (slot: number) => void; /** Those of keys with this prefix that are used from now on. */ follow: (prefix: string) => void; stop: () => Promise<number> }

/** So many at a time, the last ones used: each then moves again every few moments. */
const mostMoving = 24

/** Every line that MONITOR tells (redis.io/commands/monitor). Not through ioredis: it takes lines that come together with the first answer for answers, and throws. */
function monitorOf(url: string, tell: (line: string) => void): Socket {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname, () => socket.write('MONITOR\r\n'))
  // One that was killed has no more to tell.
  socket.on('error', () => undefined)
  createInterface({ input: socket }).on('line', tell)
  return socket
}

export function startMoving({ primaries }: Pick<RedisCluster, 'primaries'>, pace = 2): Movers {
  const clients = primaries.map(({ url }) => new Redis(url))
  const slots = new Set<number>()
  const monitors: Socket[] = []
  let [moves, stopped] = [0, false]
  const move = (slot: number) => {
    slots.delete(slot)
    slots.add(slot)
    for (const oldest of slots) if (slots.size > mostMoving) slots.delete(oldest)
  }
  const moving = (async () => {
    while (!stopped) {
      for (const slot of slots) {
        if (stopped) break
        const from = await ownerOf(clients, slot)
        const [to, ...others] = inTurn(clients, from)
        if (to !== undefined) await moveSlot(slot, { from, to, others, pace })
        moves += 1
      }
      await pause(pace)
    }
  })()
  // Whoever stops it hears of it.
  moving.catch(() => undefined)
  return {
    move,
    follow: (prefix) => {
      for (const { url } of primaries) {
        monitors.push(monitorOf(url, (line) => {
          // What we move ourselves is seen too, and marks say nothing of what is used.
          const [command, key] = [/\] "(\w+)"/.exec(line)?.[1], new RegExp(`"(${prefix}(?!era)[^"]*)"`).exec(line)?.[1]]
          if (key !== undefined && command?.toUpperCase() !== 'MIGRATE') move(slotOf(key))
        }))
      }
    },
    stop: async () => {
      stopped = true
      try {
        await moving
      } finally {
        for (const client of clients) client.disconnect()
        for (const monitor of monitors) monitor.destroy()
      }
      return moves
    },
  }
}

function inTurn(clients: readonly Redis[], from: Redis): readonly Redis[] {
  const at = clients.indexOf(from)
  return [...clients.slice(at + 1), ...clients.slice(0, at)]
}

/** Moves slots from whoever has them to this primary. */
export async function moveTo({ url }: Server, slots: readonly number[], all: readonly Server[]): Promise<void> {
  const clients = all.map((server) => new Redis(server.url))
  try {
    const to = clients.find(({ options }) => options.port === Number(new URL(url).port))
    for (const slot of slots) {
      const from = await ownerOf(clients, slot)
      if (to !== undefined && from !== to) await moveSlot(slot, { from, to, others: clients.filter((each) => each !== from && each !== to), pace: 0 })
    }
  } finally {
    for (const client of clients) client.disconnect()
  }
}
