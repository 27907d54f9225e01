import { randomInt } from 'node:crypto'
import { Cluster, Redis, type ClusterOptions, type RedisOptions } from 'ioredis'
import { Refusal } from '#kernel/refusal.ts'

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
 * Connects to Redis 7 or later and looks whether it keeps what it is given. `url` is `redis://` or `rediss://`; several,
 * separated by commas, name nodes of a Redis Cluster. Throws `Refusal` when nobody answers, or when the server would evict
 * keys that are still needed, unless `mayEvict` says that this is a trial. `patience` multiplies the deadlines, for tests on a
 * busy machine.
 */
export async function openRedis(options: { url: string; mayEvict: boolean; patience?: number }): Promise<RedisClient> {
  const urls = options.url.split(',').map((part) => part.trim())
  const common = deadlines(options.patience ?? 1)
  const client = urls.length > 1 ? cluster(urls, common) : new Redis(options.url, { ...common, retryStrategy: pause })
  // Failures reach whoever sent a command; without a listener ioredis would print every one of them.
  client.on('error', () => undefined)
  try {
    await client.connect()
    if (!options.mayEvict) await refuseEviction(client)
  } catch (cause) {
    client.disconnect()
    if (cause instanceof Refusal) throw cause
    throw new Refusal(`Redis does not answer at ${addresses(urls)}: start it, or correct REDIS_URL.`, { cause })
  }
  return client
}

function cluster(urls: readonly string[], common: ReturnType<typeof deadlines>): Cluster {
  const { lazyConnect, enableOfflineQueue, ...redisOptions } = common
  const [first] = urls.map((url) => new URL(url))
  const settings = {
    lazyConnect,
    enableOfflineQueue,
    clusterRetryStrategy: pause,
    slotsRefreshTimeout: common.connectTimeout,
    // One retry after a redirection or a failover in progress; more would outlast the deadline of the request.
    maxRedirections: 3,
    retryDelayOnFailover: 100,
    retryDelayOnClusterDown: 100,
    redisOptions: {
      ...redisOptions,
      ...(first?.password ? { password: decodeURIComponent(first.password) } : {}),
      ...(first?.username ? { username: decodeURIComponent(first.username) } : {}),
      ...(first?.protocol === 'rediss:' ? { tls: {} } : {}),
    },
  } satisfies ClusterOptions
  return new Cluster([...urls], settings)
}

async function refuseEviction(client: RedisClient): Promise<void> {
  const servers = client instanceof Cluster ? client.nodes('master') : [client]
  for (const server of servers) {
    const policy = /^maxmemory_policy:(\S+)/m.exec(await server.info('memory'))?.[1]
    if (policy === 'noeviction') continue
    throw new Refusal(`Redis would throw away keys that are still needed (maxmemory-policy is ${policy ?? 'unknown'}): set it to noeviction.`)
  }
}

/** Hosts and ports without the password that an address may carry. */
function addresses(urls: readonly string[]): string {
  return urls.map((url) => (URL.canParse(url) ? new URL(url).host : 'an address that cannot be read')).join(', ')
}
