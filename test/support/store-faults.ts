import { spawnSync } from 'node:child_process'
import { Redis } from 'ioredis'
import type { Fault } from './fault-proxy.ts'
import type { OwnCluster, Store } from './own-cluster.ts'
import { command } from './postgres-server.ts'
import { owner } from './server-process.ts'

type Struck = Pick<OwnCluster, 'stores' | 'proxies'>

/** One way in which a store fails, and what ends it. */
export type StoreFault = { store: Store; name: string; strike: (cluster: Struck) => Promise<void>; mend: (cluster: Struck) => Promise<void> }

const ofTheWay = (store: Store) => ([name, fault]: [string, Fault]): StoreFault => ({
  store, name,
  strike: async ({ proxies }) => proxies[store].fail(fault),
  mend: async ({ proxies }) => proxies[store].heal(),
})

/** Of the server itself: SIGSTOP, as a machine that hangs, and SIGKILL. */
const ofTheServer = (store: Store): readonly StoreFault[] => [
  { store, name: 'stands still', strike: async ({ stores }) => stores[store].freeze(), mend: async ({ stores }) => stores[store].thaw() },
  { store, name: 'is dead', strike: async ({ stores }) => stores[store].kill(), mend: ({ stores }) => stores[store].revive() },
]

async function memoryOf({ stores }: Struck, most: string): Promise<void> {
  const client = new Redis(stores.redis.url, { retryStrategy: () => null })
  try {
    await client.config('SET', 'maxmemory', most)
  } finally {
    client.disconnect()
  }
}

/** What the hosts of databases do when the disk is nearly full, before it is. */
async function writable({ stores }: Struck, may: boolean): Promise<void> {
  await command(stores.postgres.url, `alter system set default_transaction_read_only = ${may ? 'off' : 'on'}`)
  await command(stores.postgres.url, 'select pg_reload_conf()')
}

/**
 * Not one more byte is written to any file, neither to tables nor to the log that is written ahead: PostgreSQL ends itself, and cannot come up
 * again before there is room. (Where a disk is full the errno is another one; what follows is the same.)
 */
async function noRoom({ stores }: Struck): Promise<void> {
  for (const each of stores.postgres.processes()) {
    const { status, stderr } = spawnSync('prlimit', ['--fsize=0:', '--pid', String(each)], { encoding: 'utf8', ...owner })
    if (status !== 0) throw new Error(stderr)
  }
}

async function room({ stores }: Struck): Promise<void> {
  stores.postgres.kill()
  await stores.postgres.revive()
}

const garbage = (bytes: string | Buffer): Fault => ({ is: 'garbage', bytes: Buffer.from(bytes) })
const everywhere: Readonly<Record<string, Fault>> = {
  'is cut off without a word': { is: 'freeze' },
  'cuts every connection': { is: 'cut' },
  'answers after two seconds': { is: 'delay', milliseconds: 2000 },
  'does what it is asked and its answers are lost': { is: 'lost replies', loses: () => true, ending: 'silence' },
  'is another server': garbage('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
}
const garbled: Readonly<Record<Store, Readonly<Record<string, Fault>>>> = {
  redis: {
    'begins an answer that has no end': garbage('$999999999\r\n'),
    'says OK to everything': garbage('+OK\r\n'),
    'says a number to everything': garbage(':5\r\n'),
    'says a list to everything': garbage('*2\r\n:1\r\n:2\r\n'),
    'refuses everything': garbage('-ERR nonsense\r\n'),
  },
  postgres: {
    'sends zeros': garbage(Buffer.alloc(64)),
    'sends a row that breaks off': garbage(Buffer.from([0x44, 0, 0, 0, 6, 0, 5])),
    'asks for an unknown proof': garbage(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 99])),
  },
}

/** Frozen, dead, full, slow and talking nonsense, of each store. */
export const storeFaults: readonly StoreFault[] = [
  ...(['redis', 'postgres'] as const).flatMap((store) => [...ofTheServer(store), ...Object.entries({ ...everywhere, ...garbled[store] }).map(ofTheWay(store))]),
  { store: 'redis', name: 'is full', strike: (cluster) => memoryOf(cluster, '1'), mend: (cluster) => memoryOf(cluster, '1gb') },
  { store: 'postgres', name: 'is nearly full, and only reads', strike: (cluster) => writable(cluster, false), mend: (cluster) => writable(cluster, true) },
  { store: 'postgres', name: 'has no room left on its disk', strike: noRoom, mend: room },
]
