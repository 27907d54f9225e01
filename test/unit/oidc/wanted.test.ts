import { expect, test } from 'vitest'
import { wantedKeys } from '#oidc/outbound/wanted.ts'

const part = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const jwt = (header: unknown, claims: unknown) => `${part(header)}.${part(claims)}.c2lnbmF0dXJl`

test('the kid of a client assertion and of a request object is what the library will look for', () => {
  const assertion = jwt({ alg: 'ES256', kid: 'one' }, { iss: 'portal', sub: 'portal' })
  const request = jwt({ alg: 'ES256', kid: 'two' }, { client_id: 'portal' })
  expect(wantedKeys({ client_assertion: assertion, request }, 'portal')).toEqual(['one', 'two'])
})

test.each<[string, unknown]>([
  ['another client\'s assertion', jwt({ kid: 'one' }, { iss: 'bank', sub: 'bank' })],
  ['no kid', jwt({ alg: 'ES256' }, { iss: 'portal' })],
  ['a kid that is no text', jwt({ kid: 7 }, { iss: 'portal' })],
  ['something encrypted, whose kid is ours', jwt({ kid: 'ours', enc: 'A256GCM' }, { iss: 'portal' })],
  ['a header that is no JSON', jwt('{', { iss: 'portal' })],
  ['no JWT', 'nonsense'],
  ['nothing', undefined],
  ['two of them', ['a.b.c', 'd.e.f']],
])('%s asks for no key', (_what, assertion) => {
  expect(wantedKeys({ client_assertion: assertion }, 'portal')).toEqual([])
})
