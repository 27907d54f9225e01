import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { makeAuthenticator } from '#test/support/authenticator.ts'
import { creationOptions, fillIn, tap } from '#test/support/citizen.ts'
import { byItself, withinFiveSeconds } from '#test/support/five-seconds.ts'
import { accountOf, enrol, get, isSignIn, post, signIn, type Enrolled } from '#test/support/journey.ts'
import { mailsIn } from '#test/support/mailbox.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { formAt, makeVisitor, titleOf } from '#test/support/visitor.ts'

const client = testClient({ name: 'portal' })
const google = 'ea9b8d66-4d01-1d21-3ce4-b48cb575d4dc'

describe.each(engines)('the passkeys of one’s own, on %s:', (engine) => {
  let server: TestServer
  let portal: RelyingParty
  beforeAll(async () => {
    server = await startServer({ engine, clients: () => [client.metadata] })
    portal = await makeRelyingParty(client.party(server.issuer))
  })
  afterAll(() => server.close())

  const home = () => `${server.issuer}/tai-khoan`
  const handles = async ({ visitor }: Enrolled) => [...(await visitor.open(home())).text.matchAll(/\/tai-khoan\/khoa\/([A-Za-z0-9_-]{22})"/g)].map(([, handle]) => handle ?? '')
  const keysOf = async (who: Enrolled) => server.house.passkeys.ofAccount(await accountOf(server, who))

  /** One more passkey, made on whatever device the page is open on. */
  async function add({ visitor }: Pick<Enrolled, 'visitor'>) {
    const page = await visitor.open(`${home()}/khoa-moi`)
    const key = makeAuthenticator({ rpId: 'localhost', origin: server.issuer, aaguid: google })
    const end = await fillIn(visitor, page, '/khoa-moi', { attestation: JSON.stringify(key.create(creationOptions(page))) })
    return { key, end, options: creationOptions(page) }
  }
  async function withTwo() {
    const who = await enrol(server, portal)
    const added = await add(who)
    return { who, ...added }
  }

  test('a second one is made on any device, of whose maker no word is asked, and signs in', async () => {
    const { who, key, end, options } = await withTwo()
    expect([end.url.pathname, options.attestation, options.authenticatorSelection?.authenticatorAttachment]).toEqual(['/tai-khoan/khoa-bao-mat/da-them', 'none', undefined])
    await signIn(portal, { citizen: { ...who.citizen, authenticator: key }, visitor: makeVisitor({ leaveAt }) })
    expect((await who.visitor.open(home())).text).toContain('Google Password Manager')
  })

  test('they carry the names that their holder gives them, sealed at rest, and in no other account', async () => {
    const { who } = await withTwo()
    const [first = '', second = ''] = await handles(who)
    const page = await who.visitor.open(`${home()}/khoa/${first}`)
    await fillIn(who.visitor, page, '/ten', { name: '  Điện thoại\u0020\u0020của Lan  ' })
    const shown = await who.visitor.open(home())
    expect([shown.text.includes('Điện thoại của Lan'), (await handles(who)).length]).toEqual([true, 2])
    const rows = await server.house.database.rows(sql<{ name: Uint8Array | null }>`select name from passkey where account_id = ${await accountOf(server, who)}`)
    expect(rows.filter(({ name }) => name !== null).map(({ name }) => Buffer.from(name ?? []).includes('Lan'))).toEqual([false])
    const tooLong = await fillIn(who.visitor, await who.visitor.open(`${home()}/khoa/${second}`), '/ten', { name: 'x'.repeat(41) })
    expect([tooLong.status, tooLong.text.includes('nhiều nhất 40 ký tự')]).toEqual([200, true])
    const stranger = await enrol(server, portal)
    expect((await stranger.visitor.open(`${home()}/khoa/${first}`)).status).toBe(404)
    await fillIn(who.visitor, await who.visitor.open(`${home()}/khoa/${first}`), '/ten', { name: '' })
    expect((await who.visitor.open(home())).text).not.toContain('Điện thoại của Lan')
  })

  test('W09, W12: one is removed, everything it may have opened ends, and its holder hears of it', async () => {
    const { who, key } = await withTwo()
    const before = await signIn(portal, { citizen: { ...who.citizen, authenticator: key }, visitor: makeVisitor({ leaveAt }) })
    const [, second = ''] = await handles(who)
    const end = await fillIn(who.visitor, await who.visitor.open(`${home()}/khoa/${second}/xoa`), '/xoa')
    expect([end.url.pathname, titleOf(end.text)]).toEqual(['/tai-khoan/khoa-da-xoa', expect.stringContaining('Đã xóa khóa')])
    await withinFiveSeconds(() => expect.poll(async () => (await get(`${server.issuer}/userinfo`, { authorization: `Bearer ${before.tokens.access_token}` })).status, byItself).toBe(401))
    expect([isSignIn(await who.visitor.open(home())), (await keysOf(who)).length]).toEqual([true, 1])
    const visitor = makeVisitor({ leaveAt })
    const refused = await tap(visitor, await visitor.open((await portal.begin()).url), key)
    expect(refused.text).toContain('passkey-unknown')
    await expect.poll(() => mailsIn(server.mailDir).filter(({ to, subject }) => to === who.citizen.email && subject.includes('bị xóa')).length).toBe(1)
  })

  test('the last one is not removed: what to do instead is said', async () => {
    const who = await enrol(server, portal)
    const [only = ''] = await handles(who)
    const asked = await who.visitor.open(`${home()}/khoa/${only}/xoa`)
    expect([titleOf(asked.text), asked.text.includes(`action="/tai-khoan/khoa/${only}/xoa"`)]).toEqual([expect.stringContaining('khóa duy nhất'), false])
    const { fields } = formAt((await who.visitor.open(`${home()}/khoa/${only}`)).text, '/ten')
    await who.visitor.submit(asked.url, { csrf: fields['csrf'] ?? '' }, asked.url)
    expect(await keysOf(who)).toHaveLength(1)
  })

  test('of both of two removed at once one is left', async () => {
    const { who } = await withTwo()
    const asked = await Promise.all((await handles(who)).map((handle) => who.visitor.open(`${home()}/khoa/${handle}/xoa`)))
    const cookie = who.visitor.jar.header(new URL(home()))
    await Promise.all(asked.map((page) => post(page.url.href, formAt(page.text, '/xoa').fields, { cookie, origin: server.issuer })))
    expect(await keysOf(who)).toHaveLength(1)
  })

  test('W09: a session that was left open removes none and adds none: who it is shows it once more', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    onTestFinished(() => void vi.useRealTimers())
    const { who } = await withTwo()
    const [first = ''] = await handles(who)
    vi.setSystemTime(Date.now() + 301_000)
    for (const path of ['khoa-moi', `khoa/${first}/xoa`]) {
      expect([path, titleOf((await who.visitor.open(`${home()}/${path}`)).text)]).toEqual([path, expect.stringContaining('Xác nhận lại')])
    }
    const page = await who.visitor.open(`${home()}/khoa/${first}`)
    expect(titleOf((await fillIn(who.visitor, page, '/ten', { name: 'Khóa của Lan' })).text)).toContain('Xác nhận lại')
    expect((await server.house.passkeyNames.ofAccount(await accountOf(server, who))).size).toBe(0)
  })

  test('L01: a new name is on record, without the name', async () => {
    const { who } = await withTwo()
    const [first = ''] = await handles(who)
    await fillIn(who.visitor, await who.visitor.open(`${home()}/khoa/${first}`), '/ten', { name: 'Khóa của Lan' })
    const rows = await server.house.database.rows(sql<{ data: object }>`select data from audit_event where account_id = ${await accountOf(server, who)} and type = 'passkey.renamed'`)
    expect(rows).toEqual([{ data: { account: await accountOf(server, who), passkey: expect.any(String) } }])
  })
})
