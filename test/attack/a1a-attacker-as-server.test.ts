import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import * as client from 'openid-client'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeScene, type Scene } from '#test/support/attack-scene.ts'
import { ask, bearing, makeHolder, nonceOf, proofBy, tokenOf } from '#test/support/hand-made.ts'
import { assertionOf, authorization, authorize, get, post, redemption } from '#test/support/journey.ts'

/*
 * A1a: the web attacker who also runs an authorization server that honest clients use. He can hand on to us whatever a client sends
 * him, and to the client whatever we send him, and may name our endpoints as his own.
 *
 * Tried: mix-up (RFC 9700 §4.4), also with signed responses; assertions, pushed requests, proofs and ID tokens made for his server
 * brought to ours (CVE-2025-27370, RFC 10070); the cuckoo's token: one of ours that he holds, handed to an honest client as his. A baseline
 * client gives up the last: a bearer token is used by whoever carries it.
 */
const evil = 'https://evil.example'
let scene: Scene
let evilKey: KeyObject
beforeAll(async () => {
  scene = await makeScene()
  evilKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
})
afterAll(() => scene.server.close())

const url = (path: string) => `${scene.server.issuer}${path}`

/** The same client at the attacker's server, which names our endpoints as its own. */
function atEvil(name: 'bank' | 'portal'): client.Configuration {
  const endpoints = { authorization_endpoint: url('/authorize'), token_endpoint: url('/token'), jwks_uri: url('/jwks'), pushed_authorization_request_endpoint: url('/par') }
  const configuration = new client.Configuration({ issuer: evil, ...endpoints, authorization_response_iss_parameter_supported: true }, name, {}, client.None())
  client.allowInsecureRequests(configuration)
  return configuration
}

describe('mix-up', () => {
  test.each(['bank', 'portal'] as const)('P07: %s sees that an answer of ours is not the attacker’s, for it says whose it is (RFC 9207)', async (name) => {
    const { answer, checks } = await authorize(scene.at[name], scene.victim)
    const expected = { pkceCodeVerifier: checks.verifier, expectedState: checks.state, expectedNonce: checks.nonce }
    await expect(client.authorizationCodeGrant(atEvil(name), answer, expected)).rejects.toMatchObject({ cause: { message: expect.stringContaining('iss') } })
    const stripped = new URL(answer)
    stripped.searchParams.delete('iss')
    await expect(client.authorizationCodeGrant(atEvil(name), stripped, expected)).rejects.toMatchObject({ cause: { message: expect.stringContaining('iss') } })
  })

  test('P07: a signed response says so inside its signature', async () => {
    const { answer } = await authorize(scene.at.signing, scene.victim)
    const [, body = ''] = (answer.searchParams.get('response') ?? '').split('.')
    expect(JSON.parse(Buffer.from(body, 'base64url').toString())).toMatchObject({ iss: scene.server.issuer, aud: 'signing' })
    expect([...answer.searchParams.keys()]).toEqual(['response'])
  })

  test('P07: errors say so too, so that none is taken for an answer of another server', async () => {
    for (const [name, wish] of [['bank', { prompt: 'none', max_age: '0' }], ['portal', { prompt: 'none', acr_values: 'urn:vn:eid:loa:4' }]] as const) {
      const { url: begun } = await scene.at[name].begin(wish)
      const { url: answer } = await scene.victim.visitor.open(begun)
      expect([name, answer.searchParams.has('error'), answer.searchParams.get('iss')]).toEqual([name, true, scene.server.issuer])
    }
  })
})

describe('what a client made for the attacker’s server', () => {
  const audiences = (issuer: string): Record<string, unknown> => ({
    'his issuer': evil, 'his token endpoint': `${evil}/token`, 'him and us': [evil, issuer], 'us and him': [issuer, evil], 'us, as a list': [issuer],
    'our token endpoint, which he named as his': `${issuer}/token`, 'our push endpoint': `${issuer}/par`, 'our issuer with a slash': `${issuer}/`, 'our issuer in capitals': issuer.toUpperCase(), nothing: '', 'a wildcard': '*',
  })

  test('P08: an assertion is for our issuer alone, as one string, from each kind of client', async () => {
    for (const name of ['bank', 'signing', 'portal'] as const) {
      const party = scene.party(name)
      for (const [what, aud] of Object.entries(audiences(scene.server.issuer))) {
        const proof = () => assertionOf(party, { aud: aud as string })
        for (const told of [await post(url('/par'), { ...authorization(party), ...(await proof()) }), await post(url('/token'), { grant_type: 'client_credentials', ...(await proof()) }), await post(url('/introspect'), { token: 'x', ...(await proof()) }), await post(url('/revoke'), { token: 'x', ...(await proof()) })]) {
          expect([name, what, told.status, told.json['error']]).toEqual([name, what, 401, 'invalid_client'])
        }
      }
    }
  })

  test('P15: a signed request for his server is none for ours', async () => {
    const party = scene.party('signing')
    const now = Math.floor(Date.now() / 1000)
    for (const aud of [evil, [evil], `${scene.server.issuer}/`, undefined]) {
      const { client_assertion: request = '' } = await assertionOf(party, { ...authorization(party), response_mode: 'jwt', sub: undefined, iss: 'signing', nbf: now, exp: now + 60, aud }, { typ: 'oauth-authz-req+jwt', kid: 'one' })
      const told = await post(url('/par'), { request, client_id: 'signing', ...(await assertionOf(party)) })
      expect([aud, told.status, told.json['error']]).toEqual([aud, 400, 'invalid_request_object'])
    }
  })

  test('P09: a proof of possession for his endpoints is none for ours', async () => {
    const holder = await makeHolder()
    const party = scene.party('bank')
    const nonce = await nonceOf(holder, party)
    for (const htu of [`${evil}/token`, `${scene.server.issuer}.evil.example/token`, url('/par'), url('/tokens'), url('/TOKEN'), url('/'), '/token', '']) {
      const given = await authorize(scene.at.bank, scene.victim)
      const told = await post(url('/token'), { ...redemption(party, given.answer, given.checks), ...(await assertionOf(party)) }, { dpop: await proofBy(holder, { url: htu, nonce }) })
      expect([htu, told.status, told.json['error']]).toEqual([htu, 400, 'invalid_dpop_proof'])
    }
  })

  test('P13: an ID token of his server is no hint to ours, also with the name of a key of ours', async () => {
    const keys = (await get(url('/jwks'))).json['keys']
    const named = Array.isArray(keys) ? keys.map((key: { kid?: string; alg?: string }) => key).find(({ alg }) => alg === 'ES256')?.kid : undefined
    const claims = { sub: 'x', aud: 'portal', sid: 'x', iat: 1, exp: 9_999_999_999 }
    for (const iss of [evil, scene.server.issuer]) {
      const hint = await new SignJWT({ ...claims, iss }).setProtectedHeader({ alg: 'ES256', ...(named !== undefined && { kid: named }) }).sign(evilKey)
      expect((await get(url(`/end-session?id_token_hint=${hint}`))).status).toBe(400)
      const { url: begun } = await scene.at.portal.begin({ id_token_hint: hint, prompt: 'none' }, { pushed: false })
      expect((await scene.victim.visitor.open(begun)).url.searchParams.get('error')).toBe('invalid_request')
    }
  })
})

describe('the cuckoo’s token', () => {
  test('P09: a token of ours bound to the attacker’s key opens nothing in the hands of an honest client', async () => {
    const [his, theirs] = [await makeHolder(), await makeHolder()]
    const token = await tokenOf(his, { party: scene.party('evil'), who: scene.attacker })
    expect((await ask(url('/userinfo'), await bearing(his, token, url('/userinfo')))).status).toBe(200)
    expect((await ask(url('/userinfo'), await bearing(theirs, token, url('/userinfo')))).status).toBe(401)
  })

  test('what baseline gives up: a bearer token answers whoever carries it, and only its `sub` tells the client whose it is', async () => {
    const given = await authorize(scene.at.portal, scene.attacker)
    const { tokens, claims } = await scene.at.portal.finish(given.answer, given.checks)
    expect((await get(url('/userinfo'), { authorization: `Bearer ${tokens.access_token}` })).json['sub']).toBe(claims.sub)
    const mine = await authorize(scene.at.portal, scene.victim)
    const own = await scene.at.portal.finish(mine.answer, mine.checks)
    // OIDC Core §5.3.4: the library compares, and so must every client.
    await expect(scene.at.portal.userinfo({ tokens, claims: own.claims })).rejects.toThrow()
  })
})
