import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeScene, type Scene } from '#test/support/attack-scene.ts'
import { authorizeBy, makeHolder, nonceOf, proofBy } from '#test/support/hand-made.ts'
import { assertionOf, authorization, get, post, redemption } from '#test/support/journey.ts'
import { request } from '#test/support/raw.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

/*
 * A2: the network attacker. Holds the whole network: intercepts, blocks, repeats and writes messages, answers for any host that is
 * reached without TLS; does not break TLS.
 *
 * Tried: being reached without TLS; cookies planted or read by way of plain HTTP or a neighbouring host; whole requests of a client sent
 * again, in order and instead of it; answers that never arrived. TLS itself and forged forwarding headers (S07, test/flow/bad-input.test.ts)
 * are tested elsewhere. Baseline gives up nothing here but proof of possession for what leaked in spite of TLS.
 */
let scene: Scene
beforeAll(async () => {
  scene = await makeScene()
})
afterAll(() => scene.server.close())

const url = (path: string) => `${scene.server.issuer}${path}`

describe('a whole request of a client, sent again byte by byte', () => {
  test('P08: pushes nothing a second time', async () => {
    const holder = await makeHolder()
    const fields = { ...authorization(scene.party('bank')), ...(await assertionOf(scene.party('bank'))) }
    const headers = { dpop: await proofBy(holder, { url: url('/par') }) }
    expect((await post(url('/par'), fields, headers)).status).toBe(201)
    expect((await post(url('/par'), fields, headers)).json['error']).toBe('invalid_client')
  })

  test('P06, P08, P09: brings no second token, and what the first brought stays alive, for nobody has used the code twice', async () => {
    const holder = await makeHolder()
    const party = scene.party('bank')
    const given = await authorizeBy(holder, { party, who: scene.victim })
    const nonce = await nonceOf(holder, party)
    const fields = { ...redemption(party, given.answer, given.checks), ...(await assertionOf(party)) }
    const headers = { dpop: await proofBy(holder, { url: url('/token'), nonce }) }
    const first = await post(url('/token'), fields, headers)
    expect(first.status).toBe(200)
    const again = await post(url('/token'), fields, headers)
    expect([again.status, again.json['error']]).toEqual([401, 'invalid_client'])
    const token = String(first.json['access_token'])
    const dpop = await proofBy(holder, { url: url('/userinfo'), method: 'GET', token })
    expect((await get(url('/userinfo'), { authorization: `DPoP ${token}`, dpop })).status).toBe(200)
  })

  test('P06: a client whose answer was blocked and who tries again with a new proof gets nothing, and neither does whoever has the answer', async () => {
    const holder = await makeHolder()
    const party = scene.party('bank')
    const given = await authorizeBy(holder, { party, who: scene.victim })
    const nonce = await nonceOf(holder, party)
    const attempt = async () => post(url('/token'), { ...redemption(party, given.answer, given.checks), ...(await assertionOf(party)) }, { dpop: await proofBy(holder, { url: url('/token'), nonce }) })
    const [blocked, retried] = [await attempt(), await attempt()]
    expect([blocked.status, retried.json['error']]).toEqual([200, 'invalid_grant'])
    const token = String(blocked.json['access_token'])
    const dpop = await proofBy(holder, { url: url('/userinfo'), method: 'GET', token })
    expect((await get(url('/userinfo'), { authorization: `DPoP ${token}`, dpop })).status).toBe(401)
  })
})

describe('S03, S05: under an https issuer', () => {
  let server: TestServer
  const secure = testClient({ name: 'portal' })
  beforeAll(async () => {
    server = await startServer({ clients: () => [secure.metadata], env: { ISSUER: 'https://id.example.vn' } })
  })
  afterAll(() => server.close())

  const opened = () => request(server.issuer, { path: `/authorize?${new URLSearchParams(authorization(secure.party('x'))).toString()}`, headers: { Accept: 'text/html' } })

  test('every cookie is for TLS only, and a neighbouring host cannot plant the session’s (GHSA-mq4x-r2w3-j7mr)', async () => {
    // The interaction's cookies, and those of the session, which signing out needs.
    const heads = [await opened(), await request(server.issuer, { path: '/end-session' })].map(({ head }) => head).join('\r\n')
    const cookies = [...heads.matchAll(/^set-cookie: (.*)$/gim)].map(([, cookie = '']) => cookie.trim())
    expect(cookies.length).toBeGreaterThan(4)
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__(Host|Secure)-/)
      expect(cookie).toMatch(/; secure/i)
      expect(cookie).not.toMatch(/; domain=/i)
    }
    const sessions = cookies.filter((cookie) => cookie.startsWith('__Host-eid-session'))
    expect(sessions.filter((cookie) => /; path=\/;/i.test(cookie)).length).toBeGreaterThan(1)
  })

  test('a session cookie without the prefix, as a plain-HTTP neighbour would plant it, is not looked at', async () => {
    const planted = await request(server.issuer, { path: '/end-session', headers: { Cookie: `eid-session=${'x'.repeat(43)}; eid-session.sig=${'x'.repeat(27)}` } })
    const without = await request(server.issuer, { path: '/end-session' })
    expect(planted.status).toBe(without.status)
  })

  test('nothing leads to plain HTTP, and browsers are told never to try', async () => {
    const { head } = await opened()
    expect(head).toMatch(/strict-transport-security: max-age=63072000; includesubdomains; preload/i)
    const discovered = await request(server.issuer, { path: '/.well-known/openid-configuration' })
    expect(discovered.body).not.toMatch(/http:\/\//)
    expect(JSON.parse(discovered.body)).toMatchObject({ issuer: 'https://id.example.vn' })
    const location = /^location: (.*)$/im.exec(head)?.[1] ?? ''
    expect(new URL(location.trim(), 'https://id.example.vn').origin).toBe('https://id.example.vn')
  })
})

test('P18: a client that asks for our metadata at another’s address takes none of ours for it', async () => {
  const lying = { ...scene.party('portal'), issuer: scene.server.issuer.replace('localhost', '127.0.0.1') }
  await expect(makeRelyingParty(lying)).rejects.toThrow()
})
