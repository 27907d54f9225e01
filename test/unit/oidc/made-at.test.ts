import { UnsecuredJWT } from 'jose'
import { expect, test } from 'vitest'
import { oldestOf } from '#oidc/adapter/made-at.ts'

const proof = (madeAt?: number) => new UnsecuredJWT(madeAt === undefined ? {} : { iat: madeAt }).encode()
const at = (seconds: number) => new Date(seconds * 1000)

test.each([
  ['the older of an assertion and a DPoP proof', { client_assertion: proof(1000) }, proof(990), at(990)],
  ['the one that there is', { client_assertion: proof(1000) }, '', at(1000)],
  ['nothing where one of them does not say', { client_assertion: proof() }, proof(990), undefined],
  ['nothing where there is none', {}, undefined, undefined],
  ['nothing outside a request', undefined, undefined, undefined],
])('P08: the age of what is good for one use is that of %s', (_what, params, dpop, expected) => {
  expect(oldestOf(params, dpop)).toEqual(expected)
})

test('R04: a request object that was signed once, long ago, keeps nobody out after a loss', () => {
  expect(oldestOf({ client_assertion: proof(1000), request: proof(5) }, undefined)).toEqual(at(1000))
})
