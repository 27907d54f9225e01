import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeScene, type Scene } from '#test/support/attack-scene.ts'
import { authorizeBy, makeHolder, nonceOf, postProven, proofBy, redeem } from '#test/support/hand-made.ts'
import { assertionOf, post, redemption } from '#test/support/journey.ts'

/*
 * A5: reads and writes what a client sends to the token endpoint and hears from it, because the client was told a wrong one. Kept in the
 * final model for information: metadata come from our issuer over TLS, so that our clients are not in this place. What he holds is
 * everything a client knows at that moment: code, verifier, assertion (whose audience is our issuer, so it is good here), proof, nonce.
 *
 * Tried: handing it all on with the client's proof, with a key of his own, without any; using one part twice. Baseline gives up the binding:
 * who can write there has the tokens.
 */
let scene: Scene
beforeAll(async () => {
  scene = await makeScene()
})
afterAll(() => scene.server.close())

const url = (path: string) => `${scene.server.issuer}${path}`
const elsewhere = 'https://evil.example/token'

describe('everything that a client would have sent to us', () => {
  test('P09: with the proof that it made for the wrong endpoint, is refused, and the code stays good for the client', async () => {
    const holder = await makeHolder()
    const party = scene.party('bank')
    const given = await authorizeBy(holder, { party, who: scene.victim })
    const seen = { ...redemption(party, given.answer, given.checks), ...(await assertionOf(party)) }
    for (const nonce of [undefined, await nonceOf(holder, party)]) {
      const told = await post(url('/token'), seen, { dpop: await proofBy(holder, { url: elsewhere, nonce }) })
      expect(told.json['error']).toBeOneOf(['invalid_dpop_proof', 'invalid_client'])
      expect(told.json).not.toHaveProperty('access_token')
    }
    expect((await redeem(holder, party, given)).status).toBe(200)
  })

  test('P09: with a key of the attacker’s own is refused, for the code is bound to the client’s key from the push on (RFC 9449 §10)', async () => {
    const [holder, thief] = [await makeHolder(), await makeHolder()]
    const party = scene.party('bank')
    const given = await authorizeBy(holder, { party, who: scene.victim })
    const told = await redeem(thief, party, given)
    expect([told.status, told.json['error']]).toEqual([400, 'invalid_grant'])
  })

  test.each(['bank', 'evil'] as const)('P09: without any proof gets no token of %s, bearer or not', async (name) => {
    const party = scene.party(name)
    const given = await authorizeBy(await makeHolder(), { party, who: scene.victim })
    const told = await post(url('/token'), { ...redemption(party, given.answer, given.checks), ...(await assertionOf(party)) })
    expect([told.status, told.json['error']]).toEqual([400, 'invalid_grant'])
  })

  test('what a client gives up that binds no code: the thief’s key is as good as its own', async () => {
    const party = scene.party('bank')
    const given = await authorizeBy(undefined, { party, who: scene.victim })
    const told = await redeem(await makeHolder(), party, given)
    expect([told.status, told.json['token_type']]).toEqual([200, 'DPoP'])
  })

  test('what baseline gives up: everything', async () => {
    const party = scene.party('portal')
    const given = await authorizeBy(undefined, { party, who: scene.victim })
    expect((await post(url('/token'), { ...redemption(party, given.answer, given.checks), ...(await assertionOf(party)) })).json['token_type']).toBe('Bearer')
  })
})

describe('P09: proofs at the token endpoint', () => {
  const now = () => Math.floor(Date.now() / 1000)
  const bent: Record<string, { claims?: () => Record<string, unknown>; header?: Record<string, unknown> }> = {
    'of an hour ago': { claims: () => ({ iat: now() - 3600 }) },
    'of 61 seconds ago': { claims: () => ({ iat: now() - 61 - 2 }) },
    'of the next minute': { claims: () => ({ iat: now() + 60 }) },
    'of no time': { claims: () => ({ iat: undefined }) },
    'of a time that is a text': { claims: () => ({ iat: String(now()) }) },
    'without a name': { claims: () => ({ jti: undefined }) },
    'whose name is a number': { claims: () => ({ jti: 7 }) },
    'for another method': { claims: () => ({ htm: 'GET' }) },
    'for a method in small letters': { claims: () => ({ htm: 'post' }) },
    'for no method': { claims: () => ({ htm: undefined }) },
    'for no address': { claims: () => ({ htu: undefined }) },
    'for addresses in a list': { claims: () => ({ htu: [url('/token')] }) },
    'with a nonce of somebody else': { claims: () => ({ nonce: 'A'.repeat(43) }) },
    'with a nonce that is a number': { claims: () => ({ nonce: 1 }) },
    'with an empty nonce': { claims: () => ({ nonce: '' }) },
    'of no kind': { header: { typ: undefined } },
    'of another kind': { header: { typ: 'JWT' } },
    'of a kind that begins alike': { header: { typ: 'dpop+jwt+x' } },
    'without the key': { header: { jwk: undefined } },
  }

  test.each(Object.entries(bent))('one %s brings no token, and the code stays good', async (_name, { claims = () => ({}), header = {} }) => {
    const holder = await makeHolder()
    const party = scene.party('bank')
    const given = await authorizeBy(holder, { party, who: scene.victim })
    const nonce = await nonceOf(holder, party)
    const dpop = await proofBy(holder, { url: url('/token'), nonce }, claims(), header)
    const told = await post(url('/token'), { ...redemption(party, given.answer, given.checks), ...(await assertionOf(party)) }, { dpop })
    expect(told.status).toBe(400)
    expect(told.json['error']).toBeOneOf(['invalid_dpop_proof', 'use_dpop_nonce'])
    expect((await redeem(holder, party, given)).status).toBe(200)
  })

  test('two in one header, or with a private key in it, bring no token', async () => {
    const holder = await makeHolder()
    const party = scene.party('bank')
    const given = await authorizeBy(holder, { party, who: scene.victim })
    const nonce = await nonceOf(holder, party)
    const good = () => proofBy(holder, { url: url('/token'), nonce })
    const shown = holder.key.export({ format: 'jwk' })
    const proofs = [`${await good()}, ${await good()}`, `${await good()},`, await proofBy(holder, { url: url('/token'), nonce }, {}, { jwk: { ...shown } })]
    for (const dpop of proofs) {
      const told = await post(url('/token'), { ...redemption(party, given.answer, given.checks), ...(await assertionOf(party)) }, { dpop })
      expect([told.status, told.json['error']]).toEqual([400, 'invalid_dpop_proof'])
    }
    expect((await redeem(holder, party, given)).status).toBe(200)
  })
})

describe('P10: a refresh token', () => {
  test('is worth nothing to whoever cannot prove to be the client that it was given to (RFC 9449 §5: by that it is bound)', async () => {
    const [holder, thief] = [await makeHolder(), await makeHolder()]
    const party = scene.party('bank')
    const asked = { party, who: scene.victim, parameters: { scope: 'openid offline_access', prompt: 'consent' } }
    const first = await redeem(holder, party, await authorizeBy(holder, asked))
    const refresh = { grant_type: 'refresh_token', refresh_token: String(first.json['refresh_token']) }
    const spent = await assertionOf(party)
    await post(url('/introspect'), { token: 'x', ...spent })
    const attempts: [string, () => Promise<Record<string, string>>][] = [
      ['nobody', async () => ({ ...refresh, client_id: 'bank' })], ['another client', async () => ({ ...refresh, ...(await assertionOf(scene.party('evil'))) })],
      ['a public client', async () => ({ ...refresh, client_id: 'app' })], ['an assertion that was used', async () => ({ ...refresh, ...spent })],
    ]
    for (const [who, fields] of attempts) {
      const told = await postProven(thief, url('/token'), fields)
      expect([who, told.status >= 400, told.json['access_token']]).toEqual([who, true, undefined])
    }
    expect((await postProven(holder, url('/token'), async () => ({ ...refresh, ...(await assertionOf(party)) }))).status).toBe(200)
  })
})
