import { BlockList, isIP } from 'node:net'
import type { IncomingMessage } from 'node:http'

export type Proxies = { trusts: (address: string) => boolean }

/** `TRUSTED_PROXIES`: single addresses and CIDR blocks. An empty list trusts nobody (S07). */
export function trustedProxies(entries: readonly string[]): Proxies {
  const list = new BlockList()
  for (const entry of entries) {
    const [network = '', bits] = entry.split('/')
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(network, family)
    else list.addSubnet(network, Number(bits), family)
  }
  return { trusts: (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4') }
}

/**
 * Who is calling: the peer, or, through a proxy we trust, the rightmost address in `X-Forwarded-For` that is not a proxy of
 * ours. What stands further left is the caller's own word.
 */
export function clientAddress(request: IncomingMessage, proxies: Proxies): string {
  const peer = plain(request.socket.remoteAddress ?? '')
  if (!proxies.trusts(peer)) return peer
  const hops = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',').map((hop) => plain(hop.trim()))
  return hops.toReversed().find((hop) => isIP(hop) !== 0 && !proxies.trusts(hop)) ?? peer
}

/** Whether the request came over a proxy of ours: the peer of the connection is one, whatever the request says. */
export function cameThrough(proxies: Proxies, { socket }: Pick<IncomingMessage, 'socket'>): boolean {
  return proxies.trusts(plain(socket.remoteAddress ?? ''))
}

/** Removes headers in which only our proxies speak (RFC 9440 §4), before anything reads them. */
export function silenceStrangers(request: IncomingMessage, proxies: Proxies, headers: readonly string[]): void {
  if (cameThrough(proxies, request)) return
  for (const name of headers) delete request.headers[name]
}

/** An IPv4 peer on a dual-stack socket reads `::ffff:192.0.2.1`. */
function plain(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

/**
 * Makes the request say what the issuer is, whatever `Host` and `X-Forwarded-*` it came with, so that no address that
 * anybody builds from it can be another's (S07, CVE-2023-49097).
 */
export function asIssuer(request: IncomingMessage, issuer: URL): void {
  for (const name of Object.keys(request.headers)) {
    if (name.startsWith('x-forwarded-') || name === 'forwarded') delete request.headers[name]
  }
  request.headers.host = issuer.host
  request.headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1)
}
