import { AsyncLocalStorage } from 'node:async_hooks'
import { Provider, type Configuration } from 'oidc-provider'

type Fetch = NonNullable<Configuration['fetch']>

const sending = new AsyncLocalStorage<true>()

/**
 * The library tells services of a logout, and pings them (CIBA), in the request of the citizen that caused it, once and without a
 * second try. Here nothing leaves then: it hears that all went well, and what is to be told waits in the job queue, whose
 * courier alone gets through. What is only read from clients passes, but not while somebody signs out: a service that hangs
 * with its keys must not hold them up either.
 */
export function heldBack(fetch: Fetch): Fetch {
  return async (address, options = {}) => {
    if (sending.getStore()) return fetch(address, options)
    if (options.method === 'POST') return new Response(null, { status: 204 })
    if (Provider.ctx?.oidc?.route === 'end_session_confirm') throw new TypeError('nothing is fetched while somebody signs out')
    return fetch(address, options)
  }
}

/** Within `act`, what the library sends is sent. */
export function sent<Result>(act: () => Promise<Result>): Promise<Result> {
  return sending.run(true, act)
}
