import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { inForce, isRegistered, leadsTo } from '#domain/client/certificate.ts'
import { isSubject } from '#domain/client/distinguished-name.ts'
import { makeAuthority, selfSigned } from '#test/support/certificates.ts'

const root = makeAuthority('/C=VN/O=Root')
const between = root.below('/C=VN/O=Between')
const stranger = makeAuthority('/C=VN/O=Root')
const read = ({ cert }: { cert: string }) => new X509Certificate(cert)
/** A minute from now, when all of them are in force. */
const now = new Date(Date.now() + 60_000)

const bank = read(root.issue({
  subject: '/C=VN/O=Ngân hàng, "A" \\+ B/OU=one+CN=#cổng \\\\ x;',
  names: ['DNS.1=rp.example', 'DNS.2=*.wild.example', 'URI.1=https://rp.example/a,b', 'URI.2=https://rp.example/c', 'email.1=tech@rp.example', 'IP.1=192.0.2.7', 'IP.2=2001:db8::1'],
}))

describe('P08: a registered subject', () => {
  test.each([
    String.raw`OU=one+CN=\#cổng \\ x\;,O=Ngân hàng\, \"A\" \+ B,C=VN`,
    String.raw`CN=\#cổng \\ x\;+OU=one, O=Ngân hàng\, \"A\" \+ B, C=VN`,
    String.raw`2.5.4.11=one+cn=\23cổng \5C x\3B,OID.2.5.4.10=Ng\C3\A2n hàng\2C \22A\22 \2B B,c=VN`,
  ])('may be written %s', (dn) => {
    expect(isRegistered(bank, 'tls_client_auth_subject_dn', dn)).toBe(true)
  })

  test.each([
    String.raw`C=VN,O=Ngân hàng\, \"A\" \+ B,OU=one+CN=\#cổng \\ x\;`,
    String.raw`OU=one+CN=\#cổng \\ x\;,O=Ngân hàng\, \"A\" \+ B`,
    String.raw`OU=one,CN=\#cổng \\ x\;,O=Ngân hàng\, \"A\" \+ B,C=VN`,
    String.raw`OU=one+CN=\#Cổng \\ x\;,O=Ngân hàng\, \"A\" \+ B,C=VN`,
    String.raw`OU=one+CN=#cổng,O=Ngân hàng,C=VN`,
    'CN=#1303',
    'C=VN',
    '',
    ',',
    'nonsense',
  ])('is not matched by %j', (dn) => {
    expect(isRegistered(bank, 'tls_client_auth_subject_dn', dn)).toBe(false)
  })

  test('is compared whole: an escaped separator adds no part', () => {
    expect(isSubject(String.raw`CN=a\,O=b`, 'O=b\nCN=a')).toBe(false)
    expect(isSubject('CN=a,O=b', String.raw`CN=a\,O=b`)).toBe(false)
    expect(isSubject('constructor=a', 'constructor=a')).toBe(false)
  })

  test.each([
    ['tls_client_auth_san_dns', 'rp.example', true],
    ['tls_client_auth_san_dns', 'RP.example', true],
    ['tls_client_auth_san_dns', '.example', false],
    ['tls_client_auth_san_dns', 'a.wild.example', false],
    ['tls_client_auth_san_dns', 'other.example', false],
    ['tls_client_auth_san_dns', 'https://rp.example/c', false],
    ['tls_client_auth_san_uri', 'https://rp.example/a,b', true],
    ['tls_client_auth_san_uri', 'https://rp.example/c', true],
    ['tls_client_auth_san_uri', 'https://rp.example/a', false],
    ['tls_client_auth_san_uri', 'https://rp.example/C', false],
    ['tls_client_auth_san_uri', 'rp.example', false],
    ['tls_client_auth_san_email', 'tech@rp.example', true],
    ['tls_client_auth_san_email', 'other@rp.example', false],
    ['tls_client_auth_san_ip', '192.0.2.7', true],
    ['tls_client_auth_san_ip', '2001:DB8:0::1', true],
    ['tls_client_auth_san_ip', '192.0.2.8', false],
    ['tls_client_auth_san_dns', '192.0.2.7', false],
    ['constructor', 'x', false],
  ])('%s %s: %s', (property, value, matches) => {
    expect(isRegistered(bank, property, value)).toBe(matches)
  })

  test('is never found among the names of a certificate that has none', () => {
    const bare = read(selfSigned({ subject: '/CN=rp.example' }))
    expect(['tls_client_auth_san_dns', 'tls_client_auth_san_uri'].map((property) => isRegistered(bare, property, 'rp.example'))).toEqual([false, false])
  })
})

describe('P08: a chain', () => {
  const [top, middle] = [read(root), read(between)]
  const leaf = read(between.issue({ subject: '/CN=rp' }))

  test('leads to a root over the authorities between', () => {
    expect([leadsTo([top], bank, now), leadsTo([middle, top], leaf, now), leadsTo([top, middle], leaf, now)]).toEqual([true, true, true])
  })

  test('ends nowhere without the root, the authority between or the right key', () => {
    expect([leadsTo([middle], leaf, now), leadsTo([top], leaf, now), leadsTo([read(stranger)], bank, now), leadsTo([], bank, now)]).toEqual([false, false, false, false])
  })

  test('is not made by a certificate that is no authority', () => {
    const pretender = selfSigned({ subject: '/C=VN/O=Root' })
    expect(leadsTo([read(pretender)], bank, now)).toBe(false)
    const own = read(selfSigned({ subject: '/CN=rp' }))
    expect(leadsTo([own], own, now)).toBe(false)
  })

  test('is not for servers', () => {
    expect(leadsTo([top], read(root.issue({ subject: '/CN=rp', use: 'serverAuth' })), now)).toBe(false)
  })

  test('counts while each of its certificates does', () => {
    expect(inForce(read(root.issue({ subject: '/CN=rp', days: -1 })), now)).toBe(false)
    expect(leadsTo([top], read(root.issue({ subject: '/CN=rp', days: -1 })), now)).toBe(false)
    const inAYear = new Date(now.getTime() + 365 * 86_400_000)
    const lastYear = new Date(now.getTime() - 365 * 86_400_000)
    expect([inForce(bank, now), inForce(bank, inAYear), inForce(bank, lastYear), leadsTo([top], bank, inAYear)]).toEqual([true, false, false, false])
  })
})
