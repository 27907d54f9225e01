import { describe, expect, test } from 'vitest'
import { mailboxOf, networkOf, siteOf } from '#domain/abuse/network.ts'

describe('the network that a limit counts', () => {
  test.each([
    ['192.0.2.1', '192.0.2'], ['192.0.2.255', '192.0.2'], ['198.51.100.7', '198.51.100'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'], ['2001:DB8:0001:2::1', '2001:db8:1:2::'], ['2001:db8:1:2::', '2001:db8:1:2::'],
    ['2001:db8::1', '2001:db8:0:0::'], ['::1', '0:0:0:0::'], ['fe80::1%eth0', 'fe80:0:0:0::'],
  ])('of %s is %s', (address, network) => expect(networkOf(address)).toBe(network))

  test.each([['192.0.2', '192.0.2'], ['2001:db8:1:2::', '2001:db8:1::'], ['0:0:0:0::', '0:0:0::'], ['', '']])('and the site that has %s is %s', (network, site) => expect(siteOf(network)).toBe(site))

  test('of nobody knows whom is one', () => expect(networkOf('')).toBe(''))
})

test.each([['Lan+1@Nha.example', 'lan@nha.example'], ['lan@nha.example', 'lan@nha.example'], ['lan', 'lan@']])('%s is counted as %s', (email, mailbox) => {
  expect(mailboxOf(email)).toBe(mailbox)
})
