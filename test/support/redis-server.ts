import { chownSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { freePorts } from './ports.ts'
import { folderFor, lasting, owner, program, ready, run, serverOf, type Lasting, type Server } from './server-process.ts'

/** A Redis of our own that keeps nothing on disk and evicts nothing, or undefined when none is installed. */
export async function startRedis(settings: readonly string[] = []): Promise<Lasting | undefined> {
  const redis = program('redis-server')
  const [port] = await freePorts(1)
  if (redis === undefined || port === undefined) return undefined
  const folder = folderFor('redis')
  const begin = () => start(redis, port, settings, { folder })
  return lasting(await begin(), begin)
}

/** The primary otherwise waits five seconds for more copies to come. */
const atOnce = ['--repl-diskless-sync-delay', '0']

/** A primary with a copy, and three sentinels that watch it; `url` names the sentinels. A primary that is silent for a second is replaced. */
export async function startSentinels(): Promise<(Server & { primary: Server; copy: Server }) | undefined> {
  const redis = program('redis-server')
  const [port = 0, ...others] = await freePorts(5)
  if (redis === undefined) return undefined
  const primary = await start(redis, port, atOnce)
  const copy = await start(redis, others[0] ?? 0, [...atOnce, '--replicaof', `127.0.0.1 ${port}`])
  const watched = (line: string) => `sentinel ${line}\n`
  const sentinels = await Promise.all(others.slice(1).map((own) => start(redis, own, ['--sentinel'], { file: [
    watched(`monitor eid 127.0.0.1 ${port} 2`), watched('down-after-milliseconds eid 1000'), watched('failover-timeout eid 5000'),
  ].join('') })))
  const servers = [primary, copy, ...sentinels]
  await until('sentinels know each other and the copy', async () => {
    const told = await Promise.all(sentinels.map(({ url }) => asked(url, (client) => client.info('sentinel'))))
    return told.every((text) => text.includes('slaves=1,sentinels=3'))
  })
  return {
    url: `redis+sentinel://${sentinels.map(({ url }) => new URL(url).host).join(',')}/eid`,
    primary,
    copy,
    freeze: () => servers.forEach((server) => server.freeze()),
    thaw: () => servers.forEach((server) => server.thaw()),
    kill: () => servers.forEach((server) => server.kill()),
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  }
}

/** A Redis and its copy, in step. */
export async function startCopied(): Promise<{ primary: Server; copy: Server } | undefined> {
  const redis = program('redis-server')
  const [port = 0, other = 0] = await freePorts(2)
  if (redis === undefined) return undefined
  const primary = await start(redis, port, atOnce)
  const copy = await start(redis, other, [...atOnce, '--replicaof', `127.0.0.1 ${port}`])
  await until('the copy is in step', async () => (await asked(copy.url, (client) => client.info('replication'))).includes('master_link_status:up'))
  return { primary, copy }
}

/** Until the copy has everything that was written to its primary. */
export async function inStep({ url }: Server): Promise<void> {
  const copies = await asked(url, async (client) => {
    await client.set('in step', '1', 'EX', 1)
    return client.call('WAIT', 1, 5000)
  })
  if (copies !== 1) throw new Error('the copy does not follow')
}

/** Makes a copy the primary, as sentinels do once they agree. */
export async function promote({ url }: Server): Promise<void> {
  await asked(url, (client) => client.call('REPLICAOF', 'NO', 'ONE'))
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

/** `file`: lines of a configuration file, which sentinels need to write to. */
async function start(redis: string, port: number, settings: readonly string[], { file, folder = folderFor('redis') }: { file?: string; folder?: string } = {}): Promise<Server> {
  const written = join(folder, 'redis.conf')
  if (file !== undefined) {
    writeFileSync(written, file)
    if (owner !== undefined) chownSync(written, owner.uid, owner.gid)
  }
  const usual = [...(file === undefined ? ['--save', '', '--appendonly', 'no', '--maxmemory', '1gb'] : [written]), '--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--pidfile', join(folder, 'pidfile')]
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
  await until('the nodes of the Redis Cluster agree', async () => (await Promise.all(urls.map(agreed))).every(Boolean))
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`never came true: ${what}`)
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
