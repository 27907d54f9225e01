import { generateKeyPairSync } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startFaceSimulator, type FaceSimulator } from '#demo/face-simulator.ts'
import { fillIn, tap } from '#test/support/citizen.ts'
import { enrol, get, isSignIn, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { makeVisitor, titleOf, type Stop, type Visitor } from '#test/support/visitor.ts'

const key = (kid: string) => ({ ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), kid, alg: 'ES256' })
const [signing, foreign] = [key('face'), key('face')]
const { d: _secret, ...published } = signing
const client = testClient({ name: 'bank' })
const three = { acr_values: 'urn:vn:eid:loa:3' }

type Lie = NonNullable<Parameters<typeof startFaceSimulator>[0]['lie']>
const lie: Lie = {}
let faces: FaceSimulator
let server: TestServer
let bank: RelyingParty

beforeAll(async () => {
  faces = await startFaceSimulator({ key: signing, audience: () => server.issuer, lie })
  server = await startServer({
    clients: () => [client.metadata],
    env: { FACE_MATCHER_URL: faces.url, FACE_MATCHER_JWKS_FILE: '/keys' }, files: { '/keys': JSON.stringify({ keys: [published] }) },
  })
  bank = await makeRelyingParty(client.party(server.issuer))
})
afterAll(async () => {
  await server.close()
  await faces.close()
})
afterEach(() => {
  for (const name of ['claims', 'key', 'answer'] as const) delete lie[name]
})

const newcomer = async (): Promise<Enrolled> => {
  const { citizen } = await enrol(server, bank)
  return { citizen, visitor: makeVisitor({ leaveAt: (url) => leaveAt(url) || url.origin === faces.url }) }
}

/** A passkey, and then the page that speaks of the face. */
async function upToFace({ citizen, visitor }: Enrolled) {
  const { url, checks } = await bank.begin(three)
  const page = await tap(visitor, await visitor.open(url), citizen.authenticator)
  return { page, checks }
}

/** At the authority, and back: nothing but an address comes back through the browser. */
async function shows(visitor: Visitor, page: Stop, outcome: string): Promise<Stop> {
  const capture = await fillIn(visitor, page, '/khuon-mat')
  expect(capture.url.origin).toBe(faces.url)
  const said = await fetch(capture.url, { method: 'POST', body: new URLSearchParams({ outcome }), redirect: 'manual' })
  return visitor.open(said.headers.get('location') ?? '')
}

const noteOf = ({ text }: Stop) => /class="notice[^>]*>(.*?)<\/p>/s.exec(text)?.[1] ?? ''
const events = async (type: string) => server.house.database.rows(sql<{ data: Record<string, unknown> }>`select data from audit_event where type = ${type} order by id`)
const isAtService = ({ url }: Stop) => url.origin !== server.issuer && url.searchParams.has('code')
const isFace = ({ text }: Stop) => text.includes('/khuon-mat"')

describe('level 3, where the authority compares faces (Decree 69/2024 Art 20.1)', () => {
  test('is offered, and 4 is not', async () => {
    const { json } = await get(`${server.issuer}/.well-known/openid-configuration`)
    expect(json['acr_values_supported']).toEqual(['urn:vn:eid:loa:2', 'urn:vn:eid:loa:3', 'phr'])
  })

  test('takes a passkey and then the face, and the service hears it; no picture and no number comes through the browser', async () => {
    const who = await newcomer()
    const { page, checks } = await upToFace(who)
    expect([titleOf(page.text), isSignIn(page)]).toEqual(['So khuôn mặt để vào Dịch vụ bank – Định danh điện tử', false])
    const end = await shows(who.visitor, page, 'match')
    const { claims } = await bank.finish(end.url, checks)
    expect(claims).toMatchObject({ acr: 'urn:vn:eid:loa:3', amr: ['swk', 'user', 'face', 'mfa'] })
    expect(faces.asked.at(-1)).toMatchObject({ personal_number: who.citizen.number, return_to: expect.stringContaining(server.issuer), locale: 'vi' })
    expect((await events('face.matched')).at(-1)?.data).toMatchObject({ level: 3 })
    expect(JSON.stringify(await events('face.matched'))).not.toContain(who.citizen.number)
    // Within five minutes the same session answers the same question by itself.
    const again = await bank.begin({ ...three, prompt: 'none' })
    expect((await bank.finish((await who.visitor.open(again.url)).url, again.checks)).claims).toMatchObject({ acr: 'urn:vn:eid:loa:3' })
  })

  test('a session without a face is asked for the passkey once more, and then for the face', async () => {
    const who = await newcomer()
    const first = await bank.begin()
    await tap(who.visitor, await who.visitor.open(first.url), who.citizen.authenticator)
    const { url } = await bank.begin(three)
    const page = await who.visitor.open(url)
    expect([isSignIn(page), isFace(page)]).toEqual([true, false])
    expect(isFace(await tap(who.visitor, page, who.citizen.authenticator))).toBe(true)
  })

  test.each([
    ['no-match', 'Khuôn mặt chưa khớp'], ['inconclusive', 'Ảnh chưa đủ rõ'], ['abandoned', 'Bạn đã dừng'],
  ])('%s proves nothing, is on record, and can be tried again', async (outcome, says) => {
    const who = await newcomer()
    const { page, checks } = await upToFace(who)
    const back = await shows(who.visitor, page, outcome)
    expect([isFace(back), noteOf(back)]).toEqual([true, expect.stringContaining(says)])
    expect((await events('face.refused')).at(-1)?.data).toMatchObject({ reason: outcome })
    expect((await bank.finish((await shows(who.visitor, back, 'match')).url, checks)).claims).toMatchObject({ acr: 'urn:vn:eid:loa:3' })
  })

  test.each<[string, () => void]>([
    ['signed by another key of the same name', () => { lie.key = foreign }],
    ['for another nonce', () => { lie.claims = { nonce: 'x'.repeat(43) } }],
    ['for another e-ID', () => { lie.claims = { aud: 'https://elsewhere.example' } }],
    ['from another service', () => { lie.claims = { iss: 'https://elsewhere.example' } }],
    ['about another comparison', () => { lie.claims = { jti: 'another' } }],
    ['with an outcome that nobody knows', () => { lie.claims = { outcome: 'yes' } }],
    ['without a word about a living face', () => { lie.claims = { liveness: undefined } }],
  ])('an answer %s is nobody’s: the page says that it does not work now, and nothing is proven', async (_name, lies) => {
    const who = await newcomer()
    const { page } = await upToFace(who)
    lies()
    const back = await shows(who.visitor, page, 'match')
    expect([back.status, isFace(back)]).toEqual([503, false])
    delete lie.key
    delete lie.claims
    // The question stands: the true answer to it still counts.
    expect(isAtService(await who.visitor.open(back.url.href))).toBe(true)
  })

  test('a picture held before the camera does not match', async () => {
    const who = await newcomer()
    const { page } = await upToFace(who)
    lie.claims = { liveness: false }
    expect(noteOf(await shows(who.visitor, page, 'match'))).toContain('chưa khớp')
  })

  test('coming back without having been there proves nothing, and a match counts once', async () => {
    const who = await newcomer()
    const { page } = await upToFace(who)
    const done = new URL(`${page.url.pathname}/khuon-mat/xong`, page.url)
    expect(noteOf(await who.visitor.open(done.href))).toContain('không còn dùng được')
    const capture = await fillIn(who.visitor, page, '/khuon-mat')
    const pending = await who.visitor.open(done.href)
    expect([titleOf(pending.text), pending.text.includes('id="again" data-seconds="3"')]).toEqual(['Đang chờ kết quả so khuôn mặt – Định danh điện tử', true])
    const said = await fetch(capture.url, { method: 'POST', body: new URLSearchParams({ outcome: 'match' }), redirect: 'manual' })
    const back = said.headers.get('location') ?? ''
    const two = await Promise.all([who.visitor.open(back), who.visitor.open(back)])
    expect(two.filter(isAtService)).toHaveLength(1)
  })

  test('a face that was shown in another browser, to which the address was sent on, proves nothing here', async () => {
    const thief = await newcomer()
    const { page } = await upToFace(thief)
    const capture = await fillIn(thief.visitor, page, '/khuon-mat')
    // The holder, elsewhere, believes that it is theirs.
    await fetch(capture.url, { method: 'POST', body: new URLSearchParams({ outcome: 'match' }), redirect: 'manual' })
    const back = await thief.visitor.open(`${page.url.href}/khuon-mat/xong?code=${'0'.repeat(36)}`)
    expect([isFace(back), noteOf(back)]).toEqual([true, expect.stringContaining('không còn dùng được')])
    expect((await events('face.refused')).at(-1)?.data).toMatchObject({ reason: 'elsewhere' })
    expect(noteOf(await thief.visitor.open(`${page.url.href}/khuon-mat/xong`))).toContain('không còn dùng được')
  })

  test('another browser cannot finish it, and six tries an hour are enough', async () => {
    const who = await newcomer()
    const { page } = await upToFace(who)
    await fillIn(who.visitor, page, '/khuon-mat')
    const stranger = makeVisitor({ leaveAt })
    expect((await stranger.open(`${page.url.href}/khuon-mat/xong`)).status).toBe(400)
    for (let tried = 1; tried < 6; tried += 1) await fillIn(who.visitor, page, '/khuon-mat')
    expect((await fillIn(who.visitor, page, '/khuon-mat')).status).toBe(429)
  })

  test('while the service does not answer the page says so within its deadline', async () => {
    const who = await newcomer()
    const { page } = await upToFace(who)
    lie.answer = () => true
    expect((await fillIn(who.visitor, page, '/khuon-mat')).status).toBe(503)
    lie.answer = (_id, response) => {
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ id: 'x', capture_url: 'https://elsewhere.example/' }))
      return true
    }
    // An address elsewhere is no page of the authority.
    expect((await fillIn(who.visitor, page, '/khuon-mat')).status).toBe(503)
  })
})
