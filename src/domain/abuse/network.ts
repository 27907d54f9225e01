/**
 * The network that a limit counts an address under: one household or company has a /24 or a /64, and whoever has a /64 has more
 * addresses in it than any limit has points. IPv6 has many spellings of one address; here it has one.
 */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address.split('.').slice(0, 3).join('.')
  const [head = '', tail = ''] = address.toLowerCase().split('%')[0]?.split('::') ?? []
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const zeros = address.includes('::') ? Array.from({ length: Math.max(0, 8 - groups(head).length - groups(tail).length) }, () => '0') : []
  const all = [...groups(head), ...zeros, ...groups(tail)]
  return `${all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::`
}

/** All that one holder of a network may have: a site is given a /48 of IPv6, which is 65,536 networks of the above (RFC 6177 §2), or a /24 of IPv4. */
export function siteOf(network: string): string {
  return network.includes(':') ? `${network.split(':').slice(0, 3).join(':')}::` : network
}

/** The mailbox that a limit counts an address under: most providers deliver `lan+1@` and `lan+2@` to `lan@`. */
export function mailboxOf(email: string): string {
  const [local = '', domain = ''] = email.toLowerCase().split('@')
  return `${local.split('+')[0] ?? ''}@${domain}`
}
