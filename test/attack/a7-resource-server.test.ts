import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api, makeScene, otherApi, type Scene } from '#test/support/attack-scene.ts'
import { ask, bearing, makeHolder, nonceOf, proofBy, tokenOf, type Holder } from '#test/support/hand-made.ts'
import { assertionOf, get, post, signIn } from '#test/support/journey.ts'

/*
 * A7: reads requests at a resource server after they were answered (logs, a proxy that opens TLS). He holds tokens that are alive and proofs
 * that were used.
 *
 * Tried: the token alone, with a key of his own, with the used proof (again, at once, at another place, with another method or token), as a
 * bearer token; one API's token at another API, at UserInfo and at the token endpoint; asking about it and revoking it. Baseline gives up
 * everything within the ten minutes that its token lives.
 */
let scene: Scene
let owner: Holder
let token: string
beforeAll(async () => {
  scene = await makeScene()
  owner = await makeHolder()
  token = await tokenOf(owner, { party: scene.party('bank'), who: scene.victim })
})
afterAll(() => scene.server.close())

const userinfo = () => `${scene.server.issuer}/userinfo`
const twenty = Array.from({ length: 20 })

describe('a stolen token that is bound to a key', () => {
  test('P09: alone, as a bearer token, in a form, in an address or with a key of the thief’s opens nothing', async () => {
    const thief = await makeHolder()
    const attempts = {
      'as a bearer token': ask(userinfo(), { authorization: `Bearer ${token}` }),
      'without a proof': ask(userinfo(), { authorization: `DPoP ${token}` }),
      'with a key of his own': ask(userinfo(), await bearing(thief, token, userinfo())),
      'as a bearer token beside a proof of his': ask(userinfo(), { authorization: `Bearer ${token}`, dpop: await proofBy(thief, { url: userinfo(), method: 'GET', token }) }),
      'as a bearer token beside a proof of its owner': ask(userinfo(), { authorization: `Bearer ${token}`, dpop: await proofBy(owner, { url: userinfo(), method: 'GET', token }) }),
      'in a form': post(userinfo(), { access_token: token }),
      'in an address': get(`${userinfo()}?access_token=${token}`),
    }
    for (const [how, attempt] of Object.entries(attempts)) {
      const told = await attempt
      expect([how, told.status >= 400 && told.status < 500, told.json['sub']]).toEqual([how, true, undefined])
    }
  })

  test('P09: with a proof that was used is refused, at once twenty times as well', async () => {
    const used = await bearing(owner, token, userinfo())
    expect((await ask(userinfo(), used)).status).toBe(200)
    expect((await ask(userinfo(), used)).status).toBe(401)
    const once = await bearing(owner, token, userinfo())
    const answers = await Promise.all(twenty.map(() => ask(userinfo(), once)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('P09: with a proof for another place, method, token or time is refused', async () => {
    const other = await tokenOf(owner, { party: scene.party('bank'), who: scene.victim })
    const now = Math.floor(Date.now() / 1000)
    const bent = {
      'another place': proofBy(owner, { url: `${scene.server.issuer}/token`, method: 'GET', token }),
      'another host': proofBy(owner, { url: 'https://api.bank.example/userinfo', method: 'GET', token }),
      'another method': proofBy(owner, { url: userinfo(), method: 'POST', token }),
      'another token': proofBy(owner, { url: userinfo(), method: 'GET', token: other }),
      'no token': proofBy(owner, { url: userinfo(), method: 'GET' }),
      'an empty hash': proofBy(owner, { url: userinfo(), method: 'GET' }, { ath: '' }),
      'a minute ago': proofBy(owner, { url: userinfo(), method: 'GET', token }, { iat: now - 63 }),
      'a minute ago, with a nonce': proofBy(owner, { url: userinfo(), method: 'GET', token, nonce: await nonceOf(owner, scene.party('bank')) }, { iat: now - 63 }),
      'the next minute': proofBy(owner, { url: userinfo(), method: 'GET', token }, { iat: now + 60 }),
    }
    for (const [how, proof] of Object.entries(bent)) {
      const told = await ask(userinfo(), { authorization: `DPoP ${token}`, dpop: await proof })
      expect([how, told.status >= 400 && told.status < 500, told.json['sub']]).toEqual([how, true, undefined])
    }
    expect((await ask(userinfo(), await bearing(owner, token, userinfo()))).status).toBe(200)
  })

  test('P12: at other places of ours is no code, no refresh token, no assertion and no hint', async () => {
    const client = () => assertionOf(scene.party('evil'))
    for (const fields of [{ grant_type: 'refresh_token', refresh_token: token }, { grant_type: 'authorization_code', code: token, redirect_uri: 'x' }]) {
      expect((await post(`${scene.server.issuer}/token`, { ...fields, ...(await client()) }, { dpop: await proofBy(owner, { url: `${scene.server.issuer}/token` }) })).status).toBe(400)
    }
    expect((await get(`${scene.server.issuer}/end-session?id_token_hint=${token}`)).status).toBe(400)
  })
})

describe('a token for an API', () => {
  const at = (api: string, scope: string) => ({ party: scene.party('bank'), who: scene.victim, parameters: { scope: `openid ${scope}`, resource: api } })

  test.each([[api.identifier, 'payments', 'land'], [otherApi.identifier, 'parcels', 'api']] as const)('P12: %s is none for UserInfo, and says nothing to another API', async (identifier, scope, stranger) => {
    const held = await tokenOf(owner, at(identifier, scope), { resource: identifier })
    expect((await ask(userinfo(), await bearing(owner, held, userinfo()))).status).toBeOneOf([401, 403])
    const told = await post(`${scene.server.issuer}/introspect`, { token: held, ...(await assertionOf(scene.party(stranger))) })
    expect([told.json['active'] ?? false, told.json['sub']]).toEqual([false, undefined])
  })

  test('P09: tells the API which key it is bound to, so that the API refuses others', async () => {
    const held = await tokenOf(owner, at(api.identifier, 'payments'), { resource: api.identifier })
    const told = await post(`${scene.server.issuer}/introspect`, { token: held, ...(await assertionOf(scene.party('api'))) })
    expect(told.json).toMatchObject({ active: true, aud: api.identifier, scope: 'payments', token_type: 'DPoP', cnf: { jkt: owner.thumbprint } })
  })

  test('P12: the API that reads it cannot revoke it or have another one for it', async () => {
    const held = await tokenOf(owner, at(api.identifier, 'payments'), { resource: api.identifier })
    await post(`${scene.server.issuer}/revoke`, { token: held, ...(await assertionOf(scene.party('api'))) })
    const told = await post(`${scene.server.issuer}/introspect`, { token: held, ...(await assertionOf(scene.party('api'))) })
    expect(told.json['active']).toBe(true)
    const exchanged = await post(`${scene.server.issuer}/token`, { grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', subject_token: held, subject_token_type: 'urn:ietf:params:oauth:token-type:access_token', ...(await assertionOf(scene.party('api'))) })
    expect(exchanged.json['error']).toBeOneOf(['unsupported_grant_type', 'unauthorized_client'])
  })
})

test('what baseline gives up: a stolen bearer token is used by the thief, until it is revoked', async () => {
  const { tokens } = await signIn(scene.at.portal, scene.victim)
  const stolen = { authorization: `Bearer ${tokens.access_token}` }
  expect((await get(userinfo(), stolen)).status).toBe(200)
  await scene.at.portal.revoke(tokens.access_token)
  expect((await get(userinfo(), stolen)).status).toBe(401)
})
