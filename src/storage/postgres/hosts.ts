import { Refusal } from '#kernel/refusal.ts'

/**
 * The addresses in `postgres://user:password@one:5432,two:5432/name`, each with one of its hosts (libpq §34.1.1.3, where Patroni's members
 * stand side by side). Throws `Refusal` when one cannot be read.
 */
export function addressesIn(url: string): readonly [string, ...string[]] {
  const [, scheme = '', login = '', hosts = '', rest = ''] = /^([a-z]+:\/\/)([^/?]*@)?([^/?@]*)(.*)$/.exec(url) ?? []
  const [first = '', ...others] = hosts.split(',').map((host) => `${scheme}${login}${host.trim()}${rest}`)
  if (![first, ...others].every((address) => URL.canParse(address))) {
    throw new Refusal('DATABASE_URL cannot be read: write postgres://user:password@host:5432/name, hosts of one cluster separated by commas, and percent-encode signs in the password.')
  }
  return [first, ...others]
}

export function isAddress(url: string): boolean {
  try {
    addressesIn(url)
    return true
  } catch {
    return false
  }
}

/** Which of several servers is asked: the one that answered last, and after a failure the next. */
export function inTurn<Server>(servers: readonly [Server, ...Server[]]) {
  let at = 0
  return {
    count: servers.length,
    current: (): Server => servers[at] ?? servers[0],
    /** Past this one, unless somebody has gone on already. */
    next(failed: Server): void {
      if (failed === servers[at]) at = (at + 1) % servers.length
    },
  }
}
