import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { freePorts } from './ports.ts'
import { folderFor, program, ready, run, serverOf, type Server } from './server-process.ts'

/** A Redis of our own that keeps nothing on disk and evicts nothing, or undefined when none is installed. */
export async function startRedis(settings: readonly string[] = []): Promise<Server | undefined> {
  const redis = program('redis-server')
  const [port] = await freePorts(1)
  return redis === undefined || port === undefined ? undefined : start(redis, port, settings)
}

/** A Redis Cluster of three primaries; `url` names them all. */
export async function startRedisCluster(): Promise<Server | undefined> {
  const redis = program('redis-server')
  const ports = await freePorts(6)
  if (redis === undefined) return undefined

  const nodes = await Promise.all([0, 1, 2].map((index) => start(redis, ports[index] ?? 0, [
    '--cluster-enabled', 'yes', '--cluster-port', String(ports[index + 3]), '--cluster-node-timeout', '2000',
  ])))
  await join3(nodes.map(({ url }) => url), ports)
  const all = (act: (server: Server) => unknown) => async () => void (await Promise.all(nodes.map(act)))
  return {
    url: nodes.map(({ url }) => url).join(','),
    freeze: () => nodes.forEach((node) => node.freeze()),
    thaw: () => nodes.forEach((node) => node.thaw()),
    kill: () => nodes.forEach((node) => node.kill()),
    stop: all((node) => node.stop()),
  }
}

async function start(redis: string, port: number, settings: readonly string[]): Promise<Server> {
  const folder = folderFor('redis')
  const usual = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no', '--dir', folder, '--pidfile', join(folder, 'pidfile')]
  const url = `redis://127.0.0.1:${port}`
  const server = serverOf(run([redis, ...usual, ...settings], { folder }), { url, folder })
  await ready(() => asked(url, (client) => client.ping()), folder)
  return server
}

/** What `redis-cli --cluster create` does, without needing it: a third of the slots each, then introductions. */
async function join3(urls: readonly string[], ports: readonly number[]): Promise<void> {
  const slots = [[0, 5460], [5461, 10922], [10923, 16383]] as const
  for (const [index, url] of urls.entries()) {
    const [from, to] = slots[index] ?? slots[0]
    await asked(url, (client) => client.cluster('ADDSLOTSRANGE', from, to))
  }
  for (const index of [1, 2]) {
    await asked(urls[0] ?? '', (client) => client.call('CLUSTER', 'MEET', '127.0.0.1', String(ports[index]), String(ports[index + 3])))
  }
  const agreed = async (url: string) => (await asked(url, (client) => client.cluster('INFO'))).includes('cluster_state:ok')
  const until = Date.now() + 15_000
  while (!(await Promise.all(urls.map(agreed))).every(Boolean)) {
    if (Date.now() > until) throw new Error('the Redis Cluster did not form')
    await pause(50)
  }
}

async function asked<Reply>(url: string, ask: (client: Redis) => Promise<Reply>): Promise<Reply> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, commandTimeout: 2_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await ask(client)
  } finally {
    client.disconnect()
  }
}
