import { BlockList, isIP } from 'node:net'

/** Special-purpose blocks of IPv4 (IANA registry, RFC 6890), with multicast and everything above it. */
const notPublic4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24',
  '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24',
  '203.0.113.0/24', '224.0.0.0/3',
]
/** IPv6 is public only within global unicast (RFC 4291 §2.4), so mapped, translated (NAT64) and local addresses never are. */
const global6 = ['2000::/3']
/** Of that: IETF protocols with Teredo, documentation, 6to4 (it carries an IPv4 address), AS112. */
const notPublic6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20']

const blocks = (entries: readonly string[]) => {
  const list = new BlockList()
  for (const entry of entries) {
    const [network = '', bits] = entry.split('/')
    list.addSubnet(network, Number(bits), isIP(network) === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}
const [private4, unicast6, private6] = [blocks(notPublic4), blocks(global6), blocks(notPublic6)]

/** Whether an address is one that anybody on the internet can reach (P20). What is no address is not. */
export function isPublic(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !private4.check(address, 'ipv4')
  return family === 6 && unicast6.check(address, 'ipv6') && !private6.check(address, 'ipv6')
}

/** The host of an address as names and numbers are compared: IPv6 without its brackets. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}

export type AddressFault = 'not-https' | 'user-name' | 'port-of-another-service' | 'private-address'

const rules: readonly { fault: AddressFault; broken: (url: URL) => boolean }[] = [
  { fault: 'not-https', broken: ({ protocol }) => protocol !== 'https:' },
  { fault: 'user-name', broken: ({ username, password }) => username !== '' || password !== '' },
  // 443 is written as no port. Below 1024 are mail, directories and other things that speak TLS too.
  { fault: 'port-of-another-service', broken: ({ port }) => port !== '' && Number(port) < 1024 },
  { fault: 'private-address', broken: (url) => isIP(hostOf(url)) !== 0 && !isPublic(hostOf(url)) },
]

/** Why nothing is fetched from here, as far as the address itself tells. */
export function addressFault(url: URL): AddressFault | undefined {
  return rules.find(({ broken }) => broken(url))?.fault
}
