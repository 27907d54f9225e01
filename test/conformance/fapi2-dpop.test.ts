import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newKey, openFapiHouse, plans, type Actor, type FapiHouse } from '#test/support/fapi.ts'
import { authorize, expectRefused, now, push, redeem, resource, thumbprint, tokensOf, type ProofChange } from '#test/support/fapi-requests.ts'

// The FAPI 2.0 plans: proofs of possession (RFC 9449). What each module asks for is in `fapi-modules.ts`.
let house: FapiHouse

beforeAll(async () => {
  house = await openFapiHouse()
})
afterAll(() => house.close())

describe.each(plans)('%s:', (_name, variant) => {
  let actor: Actor
  beforeAll(async () => {
    actor = await house.actor(variant)
  })

  /** With such proofs everywhere: the request, the tokens, the resource. */
  async function expectThrough(claims: () => NonNullable<ProofChange['claims']>): Promise<void> {
    const { code } = await authorize(actor, { proof: { claims: claims() } })
    const { status, json } = await redeem(actor, code, { proof: { claims: claims() } })
    expect(status).toBe(200)
    expect((await resource(actor, String(json['access_token']), { claims: claims() })).status).toBe(200)
  }

  test('fapi2-security-profile-final-check-dpop-proof-nbf-exp', () => expectThrough(() => ({ nbf: now(), exp: now() + 60 })))
  test('fapi2-security-profile-final-ensure-dpopproof-with-iat-10seconds-before-succeeds', () => expectThrough(() => ({ iat: now() - 10 })))
  test('fapi2-security-profile-final-ensure-dpopproof-with-iat-10seconds-after-succeeds', () => expectThrough(() => ({ iat: now() + 10 })))

  const unbound = ['invalid_request', 'invalid_grant', 'invalid_dpop_proof']

  test('fapi2-security-profile-final-ensure-mismatched-dpop-jkt-fails', async () => {
    const other = await thumbprint(await newKey())
    expectRefused(await push(actor, { asks: { dpop_jkt: other } }), ...unbound)
  })

  test('fapi2-security-profile-final-ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt', async () => {
    const { code } = await authorize(actor)
    expectRefused(await redeem(actor, code, { proof: { key: await newKey() } }), ...unbound)
  })

  test('fapi2-security-profile-final-ensure-token-endpoint-fails-with-mismatched-dpop-jkt', async () => {
    const { code } = await authorize(actor, { proof: 'none', asks: { dpop_jkt: await thumbprint(await newKey()) } })
    expectRefused(await redeem(actor, code), ...unbound)
  })

  test('fapi2-security-profile-final-ensure-dpopproof-at-par-endpoint-binding-success', async () => {
    expect((await redeem(actor, (await authorize(actor)).code)).status).toBe(200)
  })

  test('fapi2-security-profile-final-ensure-dpop-auth-code-binding-success', async () => {
    const { code } = await authorize(actor, { asks: { dpop_jkt: await thumbprint(actor.key) } })
    expect((await redeem(actor, code)).status).toBe(200)
  })

  test('fapi2-security-profile-final-dpop-negative-tests', async () => {
    const { access_token: token = '' } = await tokensOf(actor)
    const url = `${house.server.issuer}/userinfo`
    const jti = 'used-twice'
    const [taken, refused] = [[200], [400, 401]]
    const tries: readonly [string, readonly number[], Parameters<typeof resource>[2]][] = [
      ['as it should be', taken, {}],
      ['the header in capitals', taken, { headers: (dpop) => ({ DPOP: dpop }) }],
      ['two proofs', refused, { headers: (dpop) => ({ dpop: [dpop, dpop] }) }],
      ['no proof', refused, { headers: () => ({}) }],
      ['no JWT', refused, { sent: () => 'no.jwt' }],
      ['no typ', refused, { header: { typ: undefined } }],
      ['another typ', refused, { header: { typ: 'jwt' } }],
      ['no alg', refused, { sent: (jwt) => withHeader(jwt, { alg: undefined }) }],
      ['no jwk', refused, { header: { jwk: undefined } }],
      ['no jti', refused, { claims: { jti: undefined } }],
      ['no htm', refused, { claims: { htm: undefined } }],
      ['no htu', refused, { claims: { htu: undefined } }],
      ['no iat', refused, { claims: { iat: undefined } }],
      ['no ath', refused, { claims: { ath: undefined } }],
      ['another ath', refused, { claims: { ath: 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo' } }],
      ['alg none', refused, { sent: (jwt) => withHeader(jwt, { alg: 'none' }).replace(/[^.]*$/, '') }],
      ['RS256 said where it is ES256', refused, { sent: (jwt) => withHeader(jwt, { alg: 'RS256' }) }],
      ['a signature that is not of this proof', refused, { sent: (jwt) => `${jwt.slice(0, -8)}AAAAAAAA` }],
      ['a private key', refused, { header: { jwk: await crypto.subtle.exportKey('jwk', actor.key.privateKey) } }],
      ['another method', refused, { claims: { htm: 'PUT' } }],
      ['an address with query and fragment', taken, { claims: { htu: `${url}?query=1#fragment` } }],
      ['another address', refused, { claims: { htu: `${url}/elsewhere` } }],
      ['an hour in the future', refused, { claims: { iat: now() + 3600 } }],
      ['an hour in the past', refused, { claims: { iat: now() - 3600 } }],
      ['a jti', taken, { claims: { jti } }],
      ['the same jti again', refused, { claims: { jti } }],
      ['another key', refused, { key: await newKey() }],
      ['members that nobody knows', taken, { header: { unknown: 'x' }, claims: { unknown: 'x' } }],
      ['an address that is the same in small letters', taken, { claims: { htu: url.replace('https://localhost', 'HTTPS://LOCALHOST') } }],
      ['a bearer token', refused, { scheme: 'Bearer' }],
      ['a bearer token without a proof', refused, { scheme: 'Bearer', headers: () => ({}) }],
    ]
    for (const [what, allowed, change] of tries) expect(allowed, what).toContain((await resource(actor, token, change)).status)
  })
})

type Header = Record<string, unknown>
const withHeader = (jwt: string, change: Header): string => {
  const [header = '', payload = '', signature = ''] = jwt.split('.')
  // -- a header that this very test has made
  const read = JSON.parse(Buffer.from(header, 'base64url').toString()) as Header
  return [Buffer.from(JSON.stringify({ ...read, ...change })).toString('base64url'), payload, signature].join('.')
}
