import { Refusal } from '#kernel/refusal.ts'

/** Where Redis is: one server, the nodes of a cluster, or the sentinels that know which server is the primary. */
export type Address = {
  kind: 'single' | 'cluster' | 'sentinel'
  nodes: readonly { host: string; port: number }[]
  login: { username?: string; password?: string }
  tls: boolean
  /** How the sentinels call what they watch. */
  primary: string
  /** Of one server, or behind sentinels: its number. */
  database: number | undefined
  /** Hosts and ports, without the password that an address may carry. */
  shown: string
}

const ways = {
  'redis:': { sentinel: false, tls: false },
  'rediss:': { sentinel: false, tls: true },
  'redis+sentinel:': { sentinel: true, tls: false },
  'rediss+sentinel:': { sentinel: true, tls: true },
} as const

const usualPort = { server: 6379, sentinel: 26_379 }

/**
 * Reads `redis://` or `rediss://` (TLS), several of them separated by commas for a Redis Cluster, or
 * `redis+sentinel://user:password@host:port,host:port/name/database` for Redis Sentinel (`rediss+sentinel://` with TLS everywhere).
 * Throws `Refusal`.
 */
export function readAddress(text: string): Address {
  const way = Object.entries(ways).find(([scheme]) => text.startsWith(`${scheme}//`))?.[1]
  if (way === undefined) throw new Refusal('REDIS_URL must begin with redis://, rediss://, redis+sentinel:// or rediss+sentinel://.')
  return way.sentinel ? readSentinel(text, way.tls) : readServers(text, way.tls)
}

export function isAddress(text: string): boolean {
  try {
    readAddress(text)
    return true
  } catch {
    return false
  }
}

function readServers(text: string, tls: boolean): Address {
  const scheme = tls ? 'rediss:' : 'redis:'
  const urls = text.split(',').map((part) => parsed(part.trim(), scheme))
  const [first] = urls
  const nodes = urls.map((url) => nodeOf(url, usualPort.server))
  const database = first?.pathname.slice(1)
  return {
    kind: urls.length > 1 ? 'cluster' : 'single',
    nodes,
    login: loginOf(first),
    tls,
    primary: '',
    database: database ? Number(database) : undefined,
    shown: shown(nodes),
  }
}

function readSentinel(text: string, tls: boolean): Address {
  const [, login = '', hosts = '', path = ''] = /^[a-z+]+:\/\/([^@]*@)?([^/]*)\/?(.*)$/.exec(text) ?? []
  const [first, ...more] = hosts.split(',').map((host) => parsed(`redis://${host.trim()}`))
  const nodes = [first, ...more].flatMap((url) => (url === undefined ? [] : [nodeOf(url, usualPort.sentinel)]))
  const [primary = '', database] = path.split('/')
  if (primary === '') throw new Refusal('REDIS_URL must end with the name that the sentinels have for the primary: redis+sentinel://host:26379/NAME.')
  return {
    kind: 'sentinel',
    nodes,
    login: loginOf(parsed(`redis://${login}host`)),
    tls,
    primary: decodeURIComponent(primary),
    database: database ? Number(database) : undefined,
    shown: shown(nodes),
  }
}

function parsed(text: string, scheme = 'redis:'): URL {
  if (!text.startsWith(`${scheme}//`) || !URL.canParse(text)) throw new Refusal('REDIS_URL cannot be read: write redis://host:port, and percent-encode signs in the password.')
  return new URL(text)
}

function nodeOf({ hostname, port }: URL, usual: number): { host: string; port: number } {
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? usual : Number(port) }
}

function loginOf(url: URL | undefined): Address['login'] {
  return {
    ...(url?.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url?.password ? { password: decodeURIComponent(url.password) } : {}),
  }
}

function shown(nodes: Address['nodes']): string {
  return nodes.map(({ host, port }) => `${host}:${port}`).join(', ')
}
