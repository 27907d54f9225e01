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
 * nobody answers, or when the server would evict keys that are still needed or take all memory of its machine, unless `mayEvict`
 * says that this is a trial. `patience` multiplies the deadlines, for tests on a busy machine.
 */
export async function openRedis(options: { url: string; mayEvict: boolean; patience?: number }): Promise<RedisClient> {
  const address = readAddress(options.url)
  const client = connectTo(address, deadlines(options.patience ?? 1))
  // Failures reach whoever sent a command; without a listener ioredis would print every one of them.
  client.on('error', () => undefined)
  try {
    await client.connect()
    if (!options.mayEvict) await refuseForgetting(client)
  } catch (cause) {
    client.disconnect()
    if (cause instanceof Refusal) throw cause
    throw new Refusal(`Redis does not answer at ${address.shown}: start it, or correct REDIS_URL.`, { cause })
  }
  return client
}

function connectTo({ kind, nodes, login, tls, primary, database }: Address, common: ReturnType<typeof deadlines>): RedisClient {
  const secure = tls ? { tls: {} } : {}
  if (kind === 'cluster') return new Cluster([...nodes], { ...clusterSettings(common), redisOptions: { ...common, ...login, ...secure } })
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
function clusterSettings({ lazyConnect, enableOfflineQueue, connectTimeout }: ReturnType<typeof deadlines>) {
  return {
    lazyConnect,
    enableOfflineQueue,
    clusterRetryStrategy: pause,
    slotsRefreshTimeout: connectTimeout,
    // One retry after a redirection or a failover in progress; more would outlast the deadline of the request.
    maxRedirections: 3,
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

async function refuseForgetting(client: RedisClient): Promise<void> {
  for (const server of primaries(client)) {
    const told = await server.info('memory')
    const policy = /^maxmemory_policy:(\S+)/m.exec(told)?.[1]
    if (policy !== 'noeviction') {
      throw new Refusal(`Redis would throw away keys that are still needed (maxmemory-policy is ${policy ?? 'unknown'}): set it to noeviction.`)
    }
    if (/^maxmemory:0\r?$/m.test(told)) {
      throw new Refusal('Redis would grow until its machine kills it (maxmemory is 0): set it below the memory of the machine, so that it refuses new sign-ins instead.')
    }
  }
}
