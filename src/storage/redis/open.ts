import { randomInt } from 'node:crypto'
import { Cluster, Redis, type ClusterOptions, type RedisOptions } from 'ioredis'
import { Refusal } from '#kernel/refusal.ts'
import { readAddress, type Address } from './address.ts'

/** One server, or a cluster; every act of ours touches one key, so both serve alike. */
export type RedisClient = Redis | Cluster

/**
 * With the defaults of ioredis a frozen or missing server hangs the caller for ever. A command whose answer was
 * lost is not sent again, for it may have been done: taking a code twice would tell the rightful taker that it was spent.
 * Automatic pipelining is off: measured, it doubles the cost of a lone command and saves nothing with eight at once.
 */
const deadlines = (patience: number) => ({
  lazyConnect: true,
  connectTimeout: 500 * patience,
  // For a connection that is left because nothing comes: it will not say goodbye either.
  disconnectTimeout: 200,
  commandTimeout: 300 * patience,
  maxRetriesPerRequest: 1,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  keepAlive: 10_000,
  connectionName: 'dinh-danh',
}) satisfies RedisOptions

/** 50–2,000 ms, spread out, so that many processes do not come back to a restarted server at the same instant. */
const pause = (times: number) => 50 + randomInt(Math.min(2 ** times * 50, 1_950))

/**
 * Connects to Redis 7 or later and looks whether it keeps what it is given. `url` is as `readAddress` takes it. Throws `Refusal` when
 * nobody answers, when a cluster does not serve all its slots, or when a server would evict keys that are still needed or take all memory of
 * its machine, unless `mayEvict` says that this is a trial. `patience` multiplies the deadlines, and how often a command is sent on, for tests on a busy machine.
 */
export async function openRedis(options: { url: string; mayEvict: boolean; patience?: number }): Promise<RedisClient> {
  const address = readAddress(options.url)
  const client = connectTo(address, options.patience ?? 1)
  // Failures reach whoever sent a command; without a listener ioredis would print every one of them.
  client.on('error', () => undefined)
  const heard: string[] = []
  client.on('node error', (error: unknown) => heard.push(String(error)))
  try {
    await client.connect()
    await refuseOtherKind(client)
    if (!options.mayEvict) await refuseForgetting(client)
  } catch (cause) {
    client.disconnect()
    if (cause instanceof Refusal) throw cause
    if (heard.some((text) => text.includes('cluster support disabled'))) throw new Refusal('REDIS_URL names several servers, which are no Redis Cluster: name one, or their sentinels.', { cause })
    throw new Refusal(`Redis does not answer at ${address.shown}: start it, or correct REDIS_URL.`, { cause })
  }
  return client
}

function connectTo({ kind, nodes, login, tls, primary, database }: Address, patience: number): RedisClient {
  const common = deadlines(patience)
  const secure = tls ? { tls: {} } : {}
  if (kind === 'cluster') return new Cluster([...nodes], { ...clusterSettings(common, patience), redisOptions: { ...common, ...login, ...secure } })
  const db = database === undefined ? {} : { db: database }
  if (kind === 'single') return new Redis({ ...nodes[0], ...common, ...login, ...secure, ...db, retryStrategy: pause })
  return new Redis({
    ...common, ...login, ...secure, ...db,
    sentinels: [...nodes],
    name: primary,
    role: 'master',
    enableTLSForSentinelMode: tls,
    retryStrategy: pause,
    sentinelRetryStrategy: pause,
    sentinelCommandTimeout: common.commandTimeout,
    // Sentinels tell of a new primary; without it a frozen one is left when its connection ends, and it may not end for hours.
    failoverDetector: true,
  })
}

/** `lazyConnect` and `enableOfflineQueue` are the cluster's own; those of its connections are ioredis's business. */
function clusterSettings({ lazyConnect, enableOfflineQueue, connectTimeout }: ReturnType<typeof deadlines>, patience: number) {
  return {
    lazyConnect,
    enableOfflineQueue,
    // It would wait for ever for a cluster that does not serve all slots; we look ourselves at the start, and later each act says so.
    enableReadyCheck: false,
    clusterRetryStrategy: pause,
    slotsRefreshTimeout: connectTimeout,
    // A slot on its way is asked for here, there and here again. The deadline of the command, which counts all of it, ends what does not come to an end.
    maxRedirections: 8 * patience,
    retryDelayOnFailover: 100,
    retryDelayOnClusterDown: 100,
    // While a slot moves, two keys of it may be asked for one by one instead (once.ts).
    retryDelayOnTryAgain: 5,
    // A primary that has frozen never says that it was replaced: the others do.
    slotsRefreshInterval: 2000,
  } satisfies ClusterOptions
}

/** The servers that write: one, or those of a cluster. */
export function primaries(client: RedisClient): readonly Redis[] {
  return client instanceof Cluster ? client.nodes('master') : [client]
}

/** One server takes every key, and a cluster serves every slot: else some people could sign in and others not. */
async function refuseOtherKind(client: RedisClient): Promise<void> {
  if (!(client instanceof Cluster)) {
    if (/^cluster_enabled:1/m.test(await client.info('cluster'))) throw new Refusal('REDIS_URL names one server, which is a node of a Redis Cluster: name several of its nodes, separated by commas.')
    return
  }
  const told = await Promise.all(primaries(client).map((server) => server.cluster('INFO')))
  const broken = told.length === 0 ? '' : told.find((text) => !/^cluster_state:ok/m.test(text))
  if (broken === undefined) return
  const served = /^cluster_slots_ok:(\d+)/m.exec(broken)?.[1] ?? '0'
  throw new Refusal(`The Redis Cluster does not work (cluster_state is not ok, ${served} of 16384 slots are served): look at it with redis-cli --cluster check.`)
}

async function refuseForgetting(client: RedisClient): Promise<void> {
  for (const server of primaries(client)) refuseSettings(await server.info('memory'))
  // A copy takes over as it is. One that does not answer cannot, and is no reason to serve nobody.
  const copies = client instanceof Cluster ? client.nodes('slave') : []
  const told = await Promise.allSettled(copies.map((server) => server.info('memory')))
  for (const answer of told) if (answer.status === 'fulfilled') refuseSettings(answer.value)
}

function refuseSettings(told: string): void {
  const policy = /^maxmemory_policy:(\S+)/m.exec(told)?.[1]
  if (policy !== 'noeviction') {
    throw new Refusal(`Redis would throw away keys that are still needed (maxmemory-policy is ${policy ?? 'unknown'}): set it to noeviction.`)
  }
  if (/^maxmemory:0\r?$/m.test(told)) {
    throw new Refusal('Redis would grow until its machine kills it (maxmemory is 0): set it below the memory of the machine, so that it refuses new sign-ins instead.')
  }
}
