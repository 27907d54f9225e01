import { Resolver } from 'node:dns/promises'

/** All addresses of a name. None when it has none or when `signal` says that it has taken too long. */
export type Names = (host: string, signal: AbortSignal) => Promise<readonly string[]>

/**
 * Asks the name servers ourselves: `getaddrinfo` would hold one of the process's few threads for as long as a client's name
 * server is silent, and signing waits for those. `servers` are others than the system's.
 */
export function publicNames(servers?: readonly string[]): Names {
  return async (host, signal) => {
    const resolver = new Resolver({ timeout: 500, tries: 2 })
    if (servers !== undefined) resolver.setServers(servers)
    const stop = () => resolver.cancel()
    signal.addEventListener('abort', stop, { once: true })
    try {
      const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
      return found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }
}
