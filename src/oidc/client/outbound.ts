import type { Configuration } from 'oidc-provider'

/** What a client's address may answer with at most, in bytes (P20). */
export const outboundLimits = { jwks_uri: 65_536, sector_identifier_uri: 65_536 }

/**
 * Fetches an address that a client supplied. The library has set a deadline and closes connections to special-use addresses
 * as they are made, after the name was resolved; here only https is taken, and no redirect. `allowed` hosts are exempt from
 * both, for sandboxes and tests (`OUTBOUND_ALLOW`).
 */
export function makeFetch(allowed: readonly string[]): NonNullable<Configuration['fetch']> {
  const exempt = new Set(allowed)
  return async (address, options = {}) => {
    const url = new URL(address instanceof Request ? address.url : address)
    const guarded: RequestInit = { ...options, redirect: 'error' }
    if (exempt.has(url.hostname)) {
      // The library's own guard sits in here.
      Reflect.deleteProperty(guarded, 'dispatcher')
      return globalThis.fetch(url, guarded)
    }
    if (url.protocol !== 'https:') throw new TypeError('addresses of clients must be https')
    return globalThis.fetch(url, guarded)
  }
}
