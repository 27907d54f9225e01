import { randomBytes } from 'node:crypto'
import Cookies from 'cookies'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { makeCookieSigner, type CookieSigner } from '#keys/cookies.ts'
import { deriveKey } from '#keys/derive.ts'

const key = () => deriveKey(randomBytes(32), 'cookie')
const [newest, older] = [key(), key()]
const signer = makeCookieSigner([newest, older])

test('what was signed verifies, and only that', () => {
  const signature = signer.sign('_session=abc')
  expect(signer.verify('_session=abc', signature)).toBe(true)
  expect(signer.index('_session=abc', signature)).toBe(0)
  expect(signer.verify('_session=abd', signature)).toBe(false)
  expect(signer.verify('_session=abc', makeCookieSigner([key()]).sign('_session=abc'))).toBe(false)
})

test('what an older key signed is still taken, and said to be old', () => {
  expect(signer.index('a=1', makeCookieSigner([older]).sign('a=1'))).toBe(1)
})

test.each(['', 'x', '%', 'ế', 'a'.repeat(42), 'a'.repeat(44), 'a'.repeat(100_000)])('a signature of another shape is none', (signature) => {
  expect(signer.index('a=1', signature)).toBe(-1)
})

test('the cookies package takes it: a cookie of an older key is read and signed anew', () => {
  const read = (from: CookieSigner) => {
    const request = new IncomingMessage(new Socket())
    request.headers.cookie = `sid=1; sid.sig=${from.sign('sid=1')}`
    const response = new ServerResponse(request)
    const cookies = new Cookies(request, response, { keys: signer })
    return { value: cookies.get('sid', { signed: true }), set: response.getHeader('set-cookie') }
  }
  expect(read(signer)).toEqual({ value: '1', set: undefined })
  expect(read(makeCookieSigner([older]))).toEqual({ value: '1', set: [expect.stringContaining(`sid.sig=${signer.sign('sid=1')}`)] })
  expect(read(makeCookieSigner([key()]))).toEqual({ value: undefined, set: [expect.stringContaining('sid.sig=;')] })
})
