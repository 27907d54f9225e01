import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server'
import { anchorOf, attestationOf, full, lacking, makeMaker, securityKey, self } from '#test/support/attestation.ts'
import { makeAuthenticator, type Authenticator, type Settings } from '#test/support/authenticator.ts'
import { creationOptions, fillIn, tap } from '#test/support/citizen.ts'
import { accountOf, enrol, get, isSignIn, post, signIn, type Enrolled } from '#test/support/journey.ts'
import { mailsIn } from '#test/support/mailbox.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { formAt, makeVisitor, titleOf, type Stop } from '#test/support/visitor.ts'

const client = testClient({ name: 'portal' })
const maker = makeMaker('Khoa thu')
const genuine = securityKey(full(attestationOf(maker)))
const place = '/tai-khoan/khoa-bao-mat'
const phrh = { acr_values: 'phrh' }

const noteOf = ({ text }: Stop) => /<p class="note"[^>]*>([^<]*)/.exec(text)?.[1] ?? ''
const titleIn = ({ text }: Stop) => titleOf(text).split(' – ')[0]

/** Somebody who has just registered, on the page that asks for one more key. */
async function atPage(server: TestServer, portal: RelyingParty): Promise<{ who: Enrolled; page: Stop }> {
  const who = await enrol(server, portal)
  return { who, page: await who.visitor.open(`${server.issuer}${place}`) }
}

type Spoil = (attestationObject: Buffer) => void

/** Makes a key as the page asks for it, and sends what it says. */
async function add({ visitor }: Pick<Enrolled, 'visitor'>, page: Stop, made: Partial<Settings>, spoil: Spoil = () => undefined): Promise<{ key: Authenticator; end: Stop }> {
  const key = makeAuthenticator({ rpId: 'localhost', origin: page.url.origin, ...made })
  const answer = key.create(creationOptions(page))
  const bytes = Buffer.from(answer.response.attestationObject, 'base64url')
  spoil(bytes)
  const attestation = JSON.stringify({ ...answer, response: { ...answer.response, attestationObject: bytes.toString('base64url') } })
  return { key, end: await fillIn(visitor, page, place, { attestation }) }
}

const keysOf = async (server: TestServer, who: Enrolled) => server.house.passkeys.ofAccount(await accountOf(server, who))

async function recorded({ house }: TestServer, account: string) {
  const rows = await house.database.rows(sql<{ type: string; said: unknown }>`
    select type, coalesce(data->'reason', data->'hardwareBound') as said from audit_event where account_id = ${account} and type like 'passkey.%' order by id`)
  return rows.map(({ type, said }) => [type, said])
}

describe.each(engines)('W07: a security key whose maker is trusted, on %s,', (engine) => {
  let server: TestServer
  let portal: RelyingParty
  beforeAll(async () => {
    server = await startServer({ engine, clients: () => [client.metadata], authenticators: { anchors: [anchorOf(maker)] } })
    portal = await makeRelyingParty(client.party(server.issuer))
  })
  afterAll(() => server.close())

  test('is added on "my e-ID", and from then on signs in as phrh, which discovery offers', async () => {
    const { who, page } = await atPage(server, portal)
    const { key, end } = await add(who, page, genuine)
    expect([end.url.pathname, titleIn(end)]).toEqual([`${place}/da-them-phan-cung`, 'Đã thêm khóa bảo mật phần cứng'])
    const home = await who.visitor.open(`${server.issuer}/tai-khoan`)
    expect([home.text.includes('Khóa bảo mật phần cứng'), home.text.includes('Chưa dùng để đăng nhập')]).toEqual([true, true])

    expect((await get(`${server.issuer}/.well-known/openid-configuration`)).json['acr_values_supported']).toContain('phrh')
    const { url, checks } = await portal.begin(phrh)
    const again = await who.visitor.open(url)
    expect(titleIn(again)).toBe('Xác nhận lại để vào Dịch vụ portal')
    const { claims } = await portal.finish((await tap(who.visitor, again, key)).url, checks)
    expect(claims).toMatchObject({ acr: 'phrh', amr: ['hwk', 'user', 'mfa'] })
    const elsewhere = { citizen: { ...who.citizen, authenticator: key }, visitor: makeVisitor({ leaveAt }) }
    expect((await signIn(portal, elsewhere, phrh)).claims).toMatchObject({ acr: 'phrh', sub: claims.sub })
  })

  test('is one like others as soon as its model is no longer vouched for, and was that all the time to who looks at it then', async () => {
    const { who, page } = await atPage(server, portal)
    const { key } = await add(who, page, genuine)
    const { house } = server
    const before = house.rules.authenticators
    house.rules.authenticators = { ...before, anchors: [anchorOf(maker, ['11111111-2222-4333-8444-555555555555'])] }
    try {
      const elsewhere = { citizen: { ...who.citizen, authenticator: key }, visitor: makeVisitor({ leaveAt }) }
      expect((await signIn(portal, elsewhere)).claims).toMatchObject({ amr: ['swk', 'user', 'mfa'] })
      expect(titleIn(await elsewhere.visitor.open((await portal.begin(phrh)).url))).toBe('Dịch vụ này cần khóa bảo mật phần cứng')
    } finally {
      house.rules.authenticators = before
    }
  })

  test('L01, W09: is recorded before the page says so, and its holder hears of it', async () => {
    const { who, page } = await atPage(server, portal)
    await add(who, page, genuine)
    expect(await recorded(server, await accountOf(server, who))).toEqual([['passkey.added', true]])
    const letters = () => mailsIn(server.mailDir).filter(({ to, text }) => to === who.citizen.email && text.includes('Một khóa mới'))
    await expect.poll(() => letters().length).toBe(1)
  })
})

describe('W07: a security key', () => {
  let server: TestServer
  let portal: RelyingParty
  const stranger = makeMaker('Khoa thu')
  const otherModel = '11111111-2222-4333-8444-555555555555'
  beforeAll(async () => {
    server = await startServer({ clients: () => [client.metadata], authenticators: { anchors: [anchorOf(maker)] } })
    portal = await makeRelyingParty(client.party(server.issuer))
  })
  afterAll(() => server.close())

  test.each<[string, Partial<Settings>]>([
    ['that shows nothing', { backupEligible: false }],
    ['that vouches for itself', securityKey(self)],
    ['of a maker nobody knows', securityKey(full(attestationOf(stranger), [stranger]))],
    ['of a model that is not vouched for', securityKey(full(attestationOf(maker, { aaguid: otherModel })), otherModel)],
    ['that may be copied', { ...genuine, backupEligible: true }],
    ['whose certificate does not say that it is no authority', securityKey(full(attestationOf(maker, { extensions: lacking.constraints })))],
  ])('%s is a passkey like others: the page says so, and a service that needs hardware turns back', async (_name, made) => {
    const { who, page } = await atPage(server, portal)
    const { key, end } = await add(who, page, made)
    expect([end.url.pathname, titleIn(end)]).toEqual([`${place}/da-them`, 'Đã thêm khóa truy cập'])
    expect((await keysOf(server, who)).map(({ hardwareBound }) => hardwareBound)).toEqual([false, false])
    expect((await signIn(portal, { citizen: { ...who.citizen, authenticator: key }, visitor: makeVisitor({ leaveAt }) })).claims).toMatchObject({ amr: ['swk', 'user', 'mfa'] })
    expect(titleIn(await who.visitor.open((await portal.begin(phrh)).url))).toBe('Dịch vụ này cần khóa bảo mật phần cứng')
  })

  const flipCounter: Spoil = (bytes) => {
    const at = bytes.lastIndexOf(Buffer.from(String(genuine.aaguid).replaceAll('-', ''), 'hex')) - 1
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  }
  test.each<[string, Partial<Settings>, Spoil?]>([
    ['whose answer was changed on the way', genuine, flipCounter],
    ['with the certificate of another model', securityKey(full(attestationOf(maker, { aaguid: otherModel })))],
    ['with a certificate that is over', securityKey(full(attestationOf(maker, { days: -1 })))],
  ])('%s is not taken, and that is recorded', async (_name, made, spoil) => {
    const { who, page } = await atPage(server, portal)
    const { end } = await add(who, page, made, spoil)
    expect([titleIn(end), noteOf(end)]).toEqual(['Thêm khóa bảo mật', expect.stringContaining('Chưa thêm được khóa')])
    expect(await keysOf(server, who)).toHaveLength(1)
    expect(await recorded(server, await accountOf(server, who))).toEqual([['passkey.not-added', 'passkey.not-verified']])
  })

  test('W03: is not asked for twice by one page', async () => {
    const { who, page } = await atPage(server, portal)
    await add(who, page, genuine)
    const { end } = await add(who, page, genuine)
    expect(noteOf(end)).toContain('Chưa thêm được khóa')
    expect(await keysOf(server, who)).toHaveLength(2)
  })

  test('W03: is not taken by the page of somebody else', async () => {
    const [one, other] = [await atPage(server, portal), await atPage(server, portal)]
    const { end } = await add(one.who, { ...one.page, text: one.page.text.replace(/"challenge":"[^"]+"/, `"challenge":"${creationOptions(other.page).challenge}"`) }, genuine)
    expect(noteOf(end)).toContain('Chưa thêm được khóa')
  })

  test('that the account has is not made again', async () => {
    const { page } = await atPage(server, portal)
    const asked: PublicKeyCredentialCreationOptionsJSON = creationOptions(page)
    expect([asked.excludeCredentials?.length, asked.attestation, asked.authenticatorSelection?.authenticatorAttachment]).toEqual([1, 'direct', 'cross-platform'])
  })

  test('cannot be made without a script, and the page says what is missing', async () => {
    const { who, page } = await atPage(server, portal)
    expect(page.text).toContain('Để thêm khóa cần bật JavaScript')
    expect(titleIn(await fillIn(who.visitor, page, place))).toBe('Lỗi: Máy này chưa hỗ trợ')
  })

  test('S06: is not taken from another site, nor with the token of another session', async () => {
    const [one, other] = [await atPage(server, portal), await atPage(server, portal)]
    const attestation = JSON.stringify(makeAuthenticator({ rpId: 'localhost', origin: server.issuer, ...genuine }).create(creationOptions(one.page)))
    const cookie = one.who.visitor.jar.header(one.page.url)
    const send = async (page: Stop, origin: string) => (await post(page.url.href, { attestation, csrf: formAt(page.text, place).fields['csrf'] ?? '' }, { cookie, origin })).status
    expect([await send(one.page, 'https://elsewhere.example'), await send(other.page, server.issuer)]).toEqual([403, 403])
    expect(await keysOf(server, one.who)).toHaveLength(1)
  })

  describe('W09: in a session that was left open', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() }))
    afterEach(() => void vi.useRealTimers())

    test('is added only by who signs in once more', async () => {
      const { who, page } = await atPage(server, portal)
      vi.setSystemTime(Date.now() + 301_000)
      const door = await who.visitor.open(page.url)
      expect([isSignIn(door), titleIn(door)]).toEqual([true, 'Xác nhận lại để vào Định danh điện tử'])
      expect(isSignIn((await add(who, page, genuine)).end)).toBe(true)
      expect(await keysOf(server, who)).toHaveLength(1)
      const inside = await tap(who.visitor, door, who.citizen.authenticator)
      expect([inside.url.pathname, titleIn(inside)]).toEqual([place, 'Thêm khóa bảo mật'])
      expect((await add(who, inside, genuine)).end.url.pathname).toBe(`${place}/da-them-phan-cung`)
    })
  })
})

describe('W07: where no maker is trusted', () => {
  let server: TestServer
  let portal: RelyingParty
  beforeAll(async () => {
    server = await startServer({ clients: () => [client.metadata], authenticators: { passkeysPerAccount: 2 } })
    portal = await makeRelyingParty(client.party(server.issuer))
  })
  afterAll(() => server.close())

  test('P18: discovery does not offer phrh, a service that wants it hears so at once, and the best key is one like others', async () => {
    const { who, page } = await atPage(server, portal)
    expect((await add(who, page, genuine)).end.url.pathname).toBe(`${place}/da-them`)
    expect((await get(`${server.issuer}/.well-known/openid-configuration`)).json['acr_values_supported']).toEqual(['urn:vn:eid:loa:2', 'phr'])
    const { url } = await who.visitor.open((await portal.begin(phrh)).url)
    expect(url.searchParams.get('error')).toBe('unmet_authentication_requirements')
  })

  test('an account has as many keys as it may and no more', async () => {
    const { who, page } = await atPage(server, portal)
    await add(who, page, genuine)
    const full = await who.visitor.open(page.url)
    expect([titleIn(full), full.text.includes('nhiều nhất 2 khóa'), full.text.includes('<form id="passkey"')]).toEqual(['Bạn đã có đủ khóa', true, false])
  })
})
