import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT, importJWK } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { faultNames, isAnswerFault, isIdTokenFault, type IdTokenFault } from '#domain/sandbox/fault.ts'
import { formChanged, hostileAnswer, redirectChanged } from '#oidc/hostile/answer.ts'
import { hostileIdToken, otherIssuer, type HostileKeys } from '#oidc/hostile/id-token.ts'
import { makeHostileKey, publicHalf } from '#oidc/hostile/make-key.ts'

const issuer = 'https://sandbox.example'
const said = { iss: issuer, aud: 'app', sub: 'somebody', nonce: 'n-1', acr: 'urn:vn:eid:loa:2' }
let keys: HostileKeys
let token: string
beforeAll(async () => {
  const [own, staged, foreign] = await Promise.all(['ES256', 'ES256', 'ES256'].map(makeHostileKey))
  if (!own || !staged || !foreign) throw new Error('three keys')
  keys = { own: [own], staged, foreign }
  token = await new SignJWT(said).setProtectedHeader({ alg: 'ES256', kid: own['kid'] ?? '' }).setIssuedAt().setExpirationTime('5m').sign(await importJWK(own, 'ES256'))
})

/** What a careful program does, with the keys that it fetched before, or with those published now. */
async function verdict(idToken: string, published: 'before' | 'now'): Promise<string> {
  const shown = published === 'before' ? keys.own : [...keys.own, keys.staged]
  const set = createLocalJWKSet({ keys: shown.map((key) => ({ kty: 'EC', ...publicHalf(key) })) })
  try {
    const { payload } = await jwtVerify(idToken, set, { issuer, audience: 'app', algorithms: ['ES256'] })
    if (payload['nonce'] !== said.nonce) return 'nonce'
    return payload['acr'] === said.acr ? 'good' : 'acr'
  } catch (error) {
    return error instanceof Error && 'code' in error ? `${String(error.code)}${'claim' in error ? ` ${String(error.claim)}` : ''}` : 'other'
  }
}

const expected: Record<IdTokenFault, string> = {
  'rotated-key': 'good',
  'no-kid': 'good',
  'foreign-key': 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
  unsigned: 'ERR_JOSE_ALG_NOT_ALLOWED',
  iss: 'ERR_JWT_CLAIM_VALIDATION_FAILED iss',
  aud: 'ERR_JWT_CLAIM_VALIDATION_FAILED aud',
  nonce: 'nonce',
  expired: 'ERR_JWT_EXPIRED exp',
  acr: 'acr',
}

describe('X02: a hostile ID token', () => {
  test.each(faultNames.filter(isIdTokenFault))('%s is wrong in just that', async (fault) => {
    const lied = await hostileIdToken(fault, token, keys)
    // Of those that are signed by us the library knows one key without a name only where there is but one.
    expect(await verdict(lied, fault === 'no-kid' ? 'before' : 'now')).toBe(expected[fault])
    const [before, after] = [decodeJwt(token), decodeJwt(lied)]
    const changed = Object.keys(before).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    const claims: Partial<Record<IdTokenFault, string[]>> = { iss: ['iss'], aud: ['aud'], nonce: ['nonce'], acr: ['acr'], expired: ['iat', 'exp'] }
    expect(changed.toSorted()).toEqual((claims[fault] ?? []).toSorted())
  })

  test('by a rotated key says so, and is good only for who looks at the keys again', async () => {
    const lied = await hostileIdToken('rotated-key', token, keys)
    expect(decodeProtectedHeader(lied).kid).toBe(keys.staged['kid'])
    expect(await verdict(lied, 'before')).toBe('ERR_JWKS_NO_MATCHING_KEY')
  })

  test('by a foreign key poses as ours', async () => {
    expect(decodeProtectedHeader(await hostileIdToken('foreign-key', token, keys)).kid).toBe(keys.own[0]?.['kid'])
  })

  test('that is encrypted stays as it is', async () => {
    expect(await hostileIdToken('iss', 'a.b.c.d.e', keys)).toBe('a.b.c.d.e')
  })
})

describe('X02: a hostile answer', () => {
  const answer = { code: 'c', state: 's', iss: issuer }

  test('of another issuer keeps everything else', async () => {
    expect(await hostileAnswer('answer-iss', answer, keys.own)).toEqual({ ...answer, iss: otherIssuer })
  })

  test('that refuses has no code', async () => {
    expect(await hostileAnswer('access-denied', answer, keys.own)).toEqual({ state: 's', iss: issuer, error: 'access_denied', error_description: expect.any(String) })
  })

  test('an error stays what it is', async () => {
    const refusal = { error: 'login_required', state: 's', iss: issuer }
    expect(await hostileAnswer('access-denied', refusal, keys.own)).toEqual(refusal)
  })

  test('that is signed is signed again', async () => {
    const [own] = keys.own
    const jarm = await new SignJWT({ ...answer, aud: 'app' }).setProtectedHeader({ alg: 'ES256', kid: own?.['kid'] ?? '' }).setExpirationTime('5m').sign(await importJWK(own ?? {}, 'ES256'))
    const { response = '' } = await hostileAnswer('answer-iss', { response: jarm }, keys.own)
    const set = createLocalJWKSet({ keys: keys.own.map((key) => ({ kty: 'EC', ...publicHalf(key) })) })
    expect((await jwtVerify(response, set)).payload).toMatchObject({ ...answer, iss: otherIssuer, aud: 'app' })
  })

  test.each(['https://app.example/cb?own=1&code=c', 'https://app.example/cb#code=c&state=s'])('is found where the response mode put it: %s', async (location) => {
    const changed = await redirectChanged(location, async (given) => ({ ...given, code: 'other' }))
    expect(changed).toBe(location.replace('code=c', 'code=other'))
  })

  test('is found in the page that posts itself', async () => {
    const page = '<form>\n    <input type="hidden" name="code" value="c"/>\n<input type="hidden" name="state" value="a&quot;b"/>\n    <noscript></noscript></form>'
    const changed = await formChanged(page, async (given) => hostileAnswer('access-denied', given, keys.own))
    expect(changed).toContain('name="error" value="access_denied"')
    expect(changed).toContain('name="state" value="a&quot;b"')
    expect(changed).not.toContain('name="code"')
  })
})

test('every fault shows somewhere', () => {
  expect(faultNames.filter((fault) => !isIdTokenFault(fault) && !isAnswerFault(fault))).toEqual(['expired-code', 'code-used', 'slow'])
})

test('what is published of a key is not its private part', async () => {
  expect(Object.keys(publicHalf(await makeHostileKey('ES256'))).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
  expect(Object.keys(publicHalf(await makeHostileKey('RS256'))).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
})
