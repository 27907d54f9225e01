import { chownSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { freePorts } from './ports.ts'
import { folderFor, lasting, owner, program, ready, run, serverOf, type Alone, type Lasting, type Server } from './server-process.ts'

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
export const atOnce = ['--repl-diskless-sync-delay', '0']

/** A primary with a copy, and three sentinels that watch it; `url` names the sentinels. A primary that is silent for so many milliseconds is replaced. */
export async function startSentinels({ silence = 1000 } = {}): Promise<(Server & { primary: Server; copy: Server }) | undefined> {
  const redis = program('redis-server')
  const [port = 0, ...others] = await freePorts(5)
  if (redis === undefined) return undefined
  const primary = await start(redis, port, atOnce)
  const copy = await start(redis, others[0] ?? 0, [...atOnce, '--replicaof', `127.0.0.1 ${port}`])
  const watched = (line: string) => `sentinel ${line}\n`
  const sentinels = await Promise.all(others.slice(1).map((own) => start(redis, own, ['--sentinel'], { file: [
    watched(`monitor eid 127.0.0.1 ${port} 2`), watched(`down-after-milliseconds eid ${silence}`), watched('failover-timeout eid 5000'),
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

/** A server on this port; `file`: lines of a configuration file, which sentinels need to write to. */
export async function start(redis: string, port: number, settings: readonly string[], { file, folder = folderFor('redis') }: { file?: string; folder?: string } = {}): Promise<Alone> {
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

export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`never came true: ${what}`)
    await pause(50)
  }
}

export async function asked<Reply>(url: string, ask: (client: Redis) => Promise<Reply>): Promise<Reply> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, commandTimeout: 10_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await ask(client)
  } finally {
    client.disconnect()
  }
}
