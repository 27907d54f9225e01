import { expect, test } from 'vitest'
import { aesMac, macKeyOf, retailMac } from '#chip/secure-messaging.ts'

const hex = (text: string): Buffer => Buffer.from(text, 'hex')

test('the retail MAC is that of the worked example (ICAO 9303-11 Appendix D.3)', () => {
  const key = hex('7962d9ece03d1acd4c76089dce131543')
  const data = hex('72c29c2371cc9bdb65b779b8e8d37b29ecc154aa56a8799fae2f498f76ed92f28000000000000000')
  expect(retailMac(key, data).toString('hex')).toBe('5f1448eea8ad90a7')
})

test('the checksum of a protected command is that of the worked example (ICAO 9303-11 Appendix D.4)', () => {
  const key = hex('f1cb1f1fb5adf208806b89dc579dc1f8')
  const data = hex('887022120c06c2270ca4020c800000008709016375432908c044f68000000000')
  expect(retailMac(key, data).toString('hex')).toBe('bf8b92d635ff24f8')
})

test('AES-CMAC over whole blocks is that of RFC 4493 §4, examples 2 and 4', () => {
  const key = hex('2b7e151628aed2a6abf7158809cf4f3c')
  expect(aesMac(key, hex('6bc1bee22e409f96e93d7e117393172a')).toString('hex')).toBe('070a16b46b4d4144')
  const long = hex('6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710')
  expect(aesMac(key, long).toString('hex')).toBe('51f0bebf7e3b9d92')
})

test('AES-CMAC with a key of 256 bits, whose doubling carries, is that of NIST SP 800-38B Appendix D.3', () => {
  const key = hex('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4')
  expect(aesMac(key, hex('6bc1bee22e409f96e93d7e117393172a')).toString('hex')).toBe('28a7023f452e8f82')
})

test('the key for checksums is that of the worked example but for its parity bits (ICAO 9303-11 Appendix D.1)', () => {
  const key = macKeyOf(hex('239ab9cb282daf66231dc5a4df6bfbae'), 1)
  const even = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte & 0xfe)).toString('hex')
  expect(even(key)).toBe(even(hex('7962d9ece03d1acd4c76089dce131543')))
})
