import { expect, test } from 'vitest'
import { addressFault, isPublic } from '#oidc/outbound/address.ts'

test.each([
  '0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.255.255.254', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.2.1', '192.88.99.1',
  '192.168.1.1', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '240.0.0.1', '255.255.255.255',
  '::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:7f00:1', '64:ff9b::7f00:1', '64:ff9b:1::a00:1', '100::1', '2001::1', '2001:10::1',
  '2001:db8::1', '2002:7f00:1::', '2620:4f:8000::1', '3fff::1', '5f00::1', 'fc00::1', 'fd12::1', 'fe80::1', 'febf::1', 'fec0::1', 'ff02::1', 'localhost', '',
])('P20: %s is no public address', (address) => {
  expect(isPublic(address)).toBe(false)
})

test.each(['1.1.1.1', '9.255.255.255', '11.0.0.0', '100.128.0.0', '128.0.0.1', '172.32.0.1', '192.167.255.255', '223.255.255.255', '2400:cb00::1', '2001:4860::8888', '2a00::1'])(
  'P20: %s is public', (address) => {
    expect(isPublic(address)).toBe(true)
  },
)

test.each([
  ['http://a.example/', 'not-https'],
  ['ftp://a.example/', 'not-https'],
  ['https://user@a.example/', 'user-name'],
  ['https://:word@a.example/', 'user-name'],
  ['https://a.example:25/', 'port-of-another-service'],
  ['https://a.example:636/', 'port-of-another-service'],
  ['https://127.1/', 'private-address'],
  ['https://0x7f000001/', 'private-address'],
  ['https://2130706433/', 'private-address'],
  ['https://[::1]/', 'private-address'],
  ['https://[::ffff:10.0.0.1]/', 'private-address'],
  ['https://a.example/', undefined],
  ['https://a.example:443/', undefined],
  ['https://a.example:8443/', undefined],
  ['https://1.1.1.1/', undefined],
])('P20: %s is %s', (address, fault) => {
  expect(addressFault(new URL(address))).toBe(fault)
})
