import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { fillIn, tap } from '#test/support/citizen.ts'
import { byItself, withinFiveSeconds } from '#test/support/five-seconds.ts'
import { accountOf, enrol, get, isSignIn, post, signIn, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { formAt, makeVisitor, titleOf } from '#test/support/visitor.ts'

const client = testClient({ name: 'portal' })

describe.each(engines)('the holder locks their account, on %s:', (engine) => {
  let server: TestServer
  let portal: RelyingParty
  beforeAll(async () => {
    server = await startServer({ engine, clients: () => [client.metadata] })
    portal = await makeRelyingParty(client.party(server.issuer))
  })
  afterAll(() => server.close())

  const home = () => `${server.issuer}/tai-khoan`

  async function lockedBy(who: Enrolled) {
    const page = await who.visitor.open(`${home()}/khoa-tai-khoan`)
    return fillIn(who.visitor, page, '/khoa-tai-khoan')
  }
  /** The page that a good passkey of a locked account leads to. */
  async function metBy(who: Enrolled) {
    const visitor = makeVisitor({ leaveAt })
    const { url, checks } = await portal.begin()
    return { visitor, checks, page: await tap(visitor, await visitor.open(url), who.citizen.authenticator) }
  }
  const eventsOf = async (who: Enrolled) => {
    const rows = await server.house.database.rows(sql<{ type: string }>`select type from audit_event where account_id = ${await accountOf(server, who)} and type like 'account.%' order by id`)
    return rows.map(({ type }) => type)
  }

  test('W12: nobody is signed in any more, and what was given is dead', async () => {
    const who = await enrol(server, portal)
    const before = await signIn(portal, who)
    const page = await lockedBy(who)
    expect(titleOf(page.text)).toContain('Tài khoản của bạn đã khóa')
    await withinFiveSeconds(() => expect.poll(async () => (await get(`${server.issuer}/userinfo`, { authorization: `Bearer ${before.tokens.access_token}` })).status, byItself).toBe(401))
    expect(isSignIn(await who.visitor.open(home()))).toBe(true)
  })

  test('their passkey opens it again, and the sign-in they were in goes on', async () => {
    const who = await enrol(server, portal)
    await lockedBy(who)
    const { visitor, checks, page } = await metBy(who)
    expect([page.status, titleOf(page.text)]).toEqual([200, expect.stringContaining('Bạn đã khóa tài khoản này')])
    const end = await fillIn(visitor, page, '/mo-khoa')
    expect((await portal.finish(end.url, checks)).claims['sub']).toEqual(expect.any(String))
    expect(await eventsOf(who)).toEqual(['account.locked', 'account.unlocked'])
  })

  test('one proof opens it once, and only where it was given', async () => {
    const who = await enrol(server, portal)
    await lockedBy(who)
    const { visitor, page } = await metBy(who)
    const { action, fields } = formAt(page.text, '/mo-khoa')
    const target = new URL(action, page.url).href
    expect((await post(target, fields, { origin: server.issuer })).status).toBeGreaterThanOrEqual(400)
    const tries = await Promise.all([1, 2, 3].map(() => visitor.submit(new URL(target), fields, page.url).catch(() => undefined)))
    expect(tries.length).toBe(3)
    expect(await eventsOf(who)).toEqual(['account.locked', 'account.unlocked'])
    await lockedBy({ ...who, visitor: (await opened(who)) })
    expect((await visitor.submit(new URL(target), fields, page.url)).url.searchParams.has('code')).toBe(false)
    expect((await server.house.accounts.findNow(await accountOf(server, who)))?.account.locks).toHaveLength(1)
  })

  test('W09: a passkey that was removed since it was shown opens nothing', async () => {
    const who = await enrol(server, portal)
    const id = await accountOf(server, who)
    await lockedBy(who)
    const { visitor, page } = await metBy(who)
    const [passkey] = await server.house.passkeys.ofAccount(id)
    if (passkey === undefined) throw new Error('everybody has one')
    await server.house.passkeys.remove(passkey.id, new Date(), { type: 'passkey.removed', account: id, passkey: passkey.id, by: 'operator' })
    const end = await fillIn(visitor, page, '/mo-khoa')
    expect([isSignIn(end), (await server.house.accounts.findNow(id))?.account.locks.length, await eventsOf(who)]).toEqual([true, 1, ['account.locked']])
    const move = { to: 'unlock', ground: 'holder-request', by: 'holder', shown: { passkey: passkey.id, holdHours: 72 } } as const
    expect(await server.house.accounts.move(id, move, new Date())).toEqual({ is: 'refused', because: 'key-gone' })
  })

  /** Signed in once more. */
  async function opened(who: Enrolled) {
    const visitor = makeVisitor({ leaveAt })
    await signIn(portal, { citizen: who.citizen, visitor })
    return visitor
  }

  test('who has locked it too opens it; somebody else’s ground stays, and is not theirs to clear', async () => {
    const who = await enrol(server, portal)
    await lockedBy(who)
    const { visitor, page } = await metBy(who)
    await server.house.accounts.move(await accountOf(server, who), { to: 'lock', ground: 'competent-body', by: 'operator' }, new Date())
    const end = await fillIn(visitor, page, '/mo-khoa')
    expect([end.status, titleOf(end.text)]).toEqual([403, expect.stringContaining('Tài khoản đang khóa')])
    expect((await server.house.accounts.findNow(await accountOf(server, who)))?.account.locks.map(({ ground }) => ground)).toEqual(['competent-body'])
    expect(titleOf((await metBy(who)).page.text)).toContain('Tài khoản đang khóa')
  })
})
