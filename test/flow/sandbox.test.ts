import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faultNames, type Fault } from '#domain/sandbox/fault.ts'
import { keptRequests } from '#domain/sandbox/request.ts'
import { testPeople } from '#domain/sandbox/test-person.ts'
import { tap } from '#test/support/citizen.ts'
import { answerOf, makeClient, newVisitor, sandboxOf, signInAs, someDeveloper } from '#test/support/developer.ts'
import { enrol, get, post, signIn } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'
import { routes } from '#web/routes.ts'
import { formAt, titleOf } from '#test/support/visitor.ts'

const portal = testClient({ name: 'portal' })

describe.each(engines)('the sandbox beside the live server, on %s,', (engine) => {
  let server: TestServer
  let issuer: string
  beforeAll(async () => {
    server = await startServer({ engine, sandbox: true, clients: () => [portal.metadata] })
    issuer = sandboxOf(server).sandbox.issuer
  }, 60_000)
  afterAll(() => server.close())

  const make = (kind?: 'key' | 'fapi2') => makeClient(sandboxOf(server), someDeveloper(), kind)

  describe('signs its test people in by one click', () => {
    test('with a passkey that is verified like any other, and the program receives who they are', async () => {
      const { at } = await make('fapi2')
      const { answer, checks } = await answerOf(at, 0)
      const signedIn = await at.finish(answer, checks)
      expect(signedIn.claims).toMatchObject({ iss: issuer, acr: 'urn:vn:eid:loa:2' })
      expect(await at.userinfo(signedIn)).toMatchObject({ name: 'Nguyễn Thị Ánh Nguyệt', birthdate: '1992-03-08' })
    })

    test('each of the thirteen but the one who is locked, who reads why', async () => {
      const { at } = await make()
      const ends: string[] = []
      for (const [place, { cast, person }] of testPeople.entries()) {
        const { answer, checks } = await answerOf(at, place)
        const name = answer.searchParams.has('code') ? (await at.userinfo(await at.finish(answer, checks)))['name'] : 'nobody'
        ends.push(name === person.name ? cast : `${cast} is ${String(name)}`)
      }
      expect(ends).toEqual(testPeople.map(({ cast }) => (cast === 'locked' ? 'locked is nobody' : cast)))
    })

    test('tells no browser to forget a passkey, for while developing the host is that of the live server', async () => {
      const { citizen } = await enrol(server, await makeRelyingParty(portal.party(server.issuer)))
      const { at } = await make()
      const visitor = newVisitor()
      const page = await tap(visitor, await visitor.open((await at.begin()).url), citizen.authenticator)
      expect([page.status, page.text.includes('passkey-options'), page.text.includes('passkey-unknown')]).toEqual([200, true, false])
    })

    test('nobody takes one of the thirteen from the others: no sign-out everywhere, no key of one’s own', async () => {
      const { at } = await make()
      const visitor = newVisitor()
      await answerOf(at, 0, visitor)
      const form = await visitor.open(`${issuer}/tai-khoan/dang-xuat-moi-noi`)
      const out = await visitor.submit(`${issuer}/tai-khoan/dang-xuat-moi-noi`, formAt(form.text, '/dang-xuat-moi-noi').fields, form.url)
      expect(out.status).toBeGreaterThanOrEqual(404)
      expect((await visitor.open(`${issuer}/tai-khoan`)).status).toBe(200)
      expect((await visitor.submit(`${issuer}/tai-khoan/khoa-bao-mat`, {}, form.url)).status).toBeGreaterThanOrEqual(404)
    })

    test('says on each page that it is the sandbox', async () => {
      const { at } = await make()
      const visitor = newVisitor()
      const { url } = await at.begin()
      for (const page of [await visitor.open(url), await visitor.open(`${issuer}/tro-giup`), await visitor.open(`${issuer}/nothing`), await visitor.open(`${issuer}/minh-bach`)]) {
        expect([page.url.pathname, page.text.includes('SANDBOX')]).toEqual([page.url.pathname, true])
      }
    })
  })

  describe('X01: shares nothing with it', () => {
    let at: RelyingParty
    beforeAll(async () => {
      ({ at } = await make())
    })

    test('neither keys: what one has signed is nothing to the other', async () => {
      const live = await makeRelyingParty(portal.party(server.issuer))
      const who = await enrol(server, live)
      const real = await signIn(live, who)
      const { answer, checks } = await answerOf(at)
      const tried = await at.finish(answer, checks)
      const [liveKeys, sandboxKeys] = [server.issuer, issuer].map((one) => createRemoteJWKSet(new URL(`${one}/jwks`)))
      if (liveKeys === undefined || sandboxKeys === undefined) throw new Error('two key sets')
      await expect(jwtVerify(tried.tokens.id_token ?? '', liveKeys)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' })
      await expect(jwtVerify(real.tokens.id_token ?? '', sandboxKeys)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' })
      expect([decodeJwt(real.tokens.id_token ?? '').iss, decodeJwt(tried.tokens.id_token ?? '').iss]).toEqual([server.issuer, issuer])
      expect(server.issuer).not.toBe(issuer)
      const uses = await Promise.all([
        get(`${server.issuer}/userinfo`, { authorization: `Bearer ${tried.tokens.access_token}` }),
        get(`${issuer}/userinfo`, { authorization: `Bearer ${real.tokens.access_token}` }),
      ])
      expect(uses.map(({ status }) => status)).toEqual([401, 401])
    })

    test('nor clients: each is unknown to the other', async () => {
      const { id } = await make()
      const [here, there] = await Promise.all([
        post(`${server.issuer}/token`, { grant_type: 'authorization_code', code: 'x', client_id: id, client_secret: 'y' }),
        post(`${issuer}/token`, { grant_type: 'authorization_code', code: 'x', client_id: 'portal', client_secret: 'y' }),
      ])
      expect([here.json['error'], here.json['error_description'], there.json['error'], there.json['error_description']]).toEqual(['invalid_client', 'client not found', 'invalid_client', 'client not found'])
    })

    test('nor people: nobody of the sandbox is in the registry, and the other way round', async () => {
      for (const { person } of testPeople) expect(await server.house.registry.findByNumber(person.number)).toBeUndefined()
      const real = server.nextPerson()
      expect(await sandboxOf(server).house.registry.findByNumber(real.number)).toBeUndefined()
      expect(await sandboxOf(server).house.registry.count()).toBe(testPeople.length)
    })

    test('nor sessions: a browser is signed in at both at once, with cookies of different names', async () => {
      const live = await makeRelyingParty(portal.party(server.issuer))
      const { visitor } = await enrol(server, live)
      await answerOf(at, 1, visitor)
      expect((await visitor.open(`${server.issuer}/tai-khoan`)).url.href).toBe(`${server.issuer}/tai-khoan`)
      const second = await at.begin()
      expect((await visitor.open(second.url)).url.searchParams.has('code')).toBe(true)
    })

    test('nor ways in: the live server offers no test person and has no such address', async () => {
      const live = await makeRelyingParty(portal.party(server.issuer))
      const visitor = newVisitor()
      const page = await visitor.open((await live.begin()).url)
      expect([page.text.includes('SANDBOX'), page.text.includes('nguoi-thu')]).toEqual([false, false])
      const { fields } = formAt(page.text, '/passkey')
      const answer = await visitor.submit(`${page.url.href}/nguoi-thu`, { ...fields, person: '0' }, page.url)
      expect([answer.status, titleOf(answer.text)]).toEqual([404, expect.stringContaining('Không tìm thấy')])
    })
  })

  describe('X02: plays a hostile provider for a client that wants it', () => {
    /** What an ordinary library says to each: openid-client, as everybody uses it. */
    const heard: Record<Exclude<Fault, 'slow'>, string> = {
      'access-denied': 'access_denied',
      'answer-iss': 'OAUTH_INVALID_RESPONSE',
      'expired-code': 'invalid_grant',
      'code-used': 'invalid_grant',
      'rotated-key': 'good',
      'no-kid': 'good',
      'foreign-key': 'good',
      unsigned: 'OAUTH_INVALID_RESPONSE',
      iss: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
      aud: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
      nonce: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
      expired: 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
      acr: 'good',
    }

    test('each fault is heard by an ordinary library, or is for the program to look at', async () => {
      const { at, id } = await make()
      const { sandbox } = sandboxOf(server)
      const said: Record<string, string> = {}
      for (const fault of faultNames.filter((name) => name !== 'slow')) {
        expect(await sandbox.faults.switchOn(someDeveloper(), id, fault)).toBe(true)
        const { answer, checks } = await answerOf(at)
        said[fault] = await at.finish(answer, checks).then(() => 'good', (error: { error?: string; code?: string; cause?: { error?: string } }) => error.error ?? error.code ?? 'other')
      }
      expect(said).toEqual(heard)
      await sandbox.faults.switchOff(id)
      const { answer, checks } = await answerOf(at)
      expect((await at.finish(answer, checks)).claims['iss']).toBe(issuer)
    })

    test('a rotated key is published with the fault and not before; what it signs is good', async () => {
      const { at, id } = await make()
      const keysNow = async () => (await get(`${issuer}/jwks`)).json['keys']
      const before = JSON.stringify(await keysNow())
      await sandboxOf(server).sandbox.faults.switchOn(someDeveloper(), id, 'rotated-key')
      const { answer, checks } = await answerOf(at)
      const { tokens } = await at.finish(answer, checks)
      const { protectedHeader } = await jwtVerify(tokens.id_token ?? '', createRemoteJWKSet(new URL(`${issuer}/jwks`)), { issuer })
      expect(before).not.toContain(protectedHeader.kid)
      expect(JSON.stringify(await keysNow())).not.toContain('"d"')
    })

    test('nobody else hears of it', async () => {
      const [one, other] = [await make(), await make()]
      await sandboxOf(server).sandbox.faults.switchOn(someDeveloper(), one.id, 'access-denied')
      const { answer, checks } = await answerOf(other.at)
      expect((await other.at.finish(answer, checks)).claims['iss']).toBe(issuer)
    })
  })

  test('a client reads its own last requests, with names and never values of what was sent, and why one was refused', async () => {
    const { at, id } = await make()
    const { answer, checks } = await answerOf(at)
    await at.finish(answer, checks)
    await at.finish(answer, checks).catch(() => undefined)
    const seen = await sandboxOf(server).sandbox.requests(id)
    const [last] = seen
    expect(last).toMatchObject({ endpoint: 'token', status: 400, error: 'invalid_grant', cause: expect.stringContaining('code'), remedy: expect.any(String) })
    expect(seen.map(({ endpoint }) => endpoint)).toEqual(expect.arrayContaining(['pushed_authorization_request', 'authorization', 'token']))
    expect(last?.sent).toEqual(expect.arrayContaining(['code', 'code_verifier']))
    const text = JSON.stringify(seen)
    expect([answer.searchParams.get('code') ?? '', checks.verifier, checks.state, checks.nonce].filter((value) => text.includes(value))).toEqual([])
  })

  test('X02: who only says that they are a client fills nobody\'s list: what is not proven is marked, and has a few places of its own', async () => {
    const { at, id } = await make('fapi2')
    const { answer, checks } = await answerOf(at)
    await at.finish(answer, checks)
    const before = (await sandboxOf(server).sandbox.requests(id)).filter(({ proven }) => proven)
    expect(new Set(before.map(({ endpoint }) => endpoint))).toEqual(new Set(['pushed_authorization_request', 'authorization', 'resume', 'token']))
    for (let turn = 0; turn < keptRequests.unproven + 5; turn += 1) {
      await post(`${issuer}/token`, { grant_type: 'authorization_code', code: 'x', client_id: id, client_secret: 'y' })
      await get(`${issuer}/authorize?client_id=${id}`)
    }
    const seen = await sandboxOf(server).sandbox.requests(id)
    expect(seen.filter(({ proven }) => proven)).toEqual(before)
    expect([seen.length - before.length, new Set(seen.filter(({ proven }) => !proven).map(({ endpoint }) => endpoint))]).toEqual([keptRequests.unproven, new Set(['token', 'authorization'])])
  })

  test('X01: nobody takes a test person from the others: whatever changes an account by its own pages is not there', async () => {
    const changing = routes.map(({ route }) => route).filter((route) => route.startsWith('POST /tai-khoan/') && !route.startsWith('POST /tai-khoan/yeu-cau'))
    expect(changing.length).toBeGreaterThan(4)
    for (const route of changing) expect([route, (await post(`${issuer}${route.slice('POST '.length).replace(':id', 'x')}`, {})).status]).toEqual([route, 404])
  })

  test('its sign-in page posts to the test people with a token of its own page', async () => {
    const { at } = await make()
    const visitor = newVisitor()
    const page = await visitor.open((await at.begin()).url)
    const forged = await visitor.submit(`${page.url.href}/nguoi-thu`, { csrf: 'x', person: '0' }, page.url)
    expect(forged.status).toBe(403)
    expect((await signInAs(visitor, page, 0)).url.searchParams.has('code')).toBe(true)
  })
})
