import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { endEverything } from '#domain/account/sign-out.ts'
import { agree, tap } from '#test/support/citizen.ts'
import { refusal } from '#test/support/counter.ts'
import { accountOf, arrive, authorize, enrol, get, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { makeVisitor } from '#test/support/visitor.ts'

const clients = {
  shop: testClient({ name: 'shop', metadata: { relying_party_class: 'B', purposes: [{ claims: ['name'], basis: 'consent', purpose: { vi: 'Ghi tên', en: 'Write the name' } }] } }),
  app: testClient({ name: 'app', proof: 'none', metadata: { grant_types: ['authorization_code', 'refresh_token'] } }),
}

describe.each(engines)('W12: what was ended, on %s,', (engine) => {
  let server: TestServer
  let shop: RelyingParty
  let app: RelyingParty

  beforeAll(async () => {
    server = await startServer({ engine, clients: () => Object.values(clients).map(({ metadata }) => metadata) })
    shop = await makeRelyingParty(clients.shop.party(server.issuer))
    app = await makeRelyingParty(clients.app.party(server.issuer))
  })
  afterEach(() => void vi.useRealTimers())
  afterAll(() => server.close())

  /** The clock of this process goes on; the databases keep theirs. */
  const later = (seconds: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })

  async function stay({ citizen, visitor }: Enrolled): Promise<string> {
    const { url, checks } = await app.begin({ scope: 'openid offline_access', prompt: 'consent' })
    const { url: answer } = await arrive(visitor, await visitor.open(url), citizen)
    return (await app.finish(answer, checks)).tokens.refresh_token ?? ''
  }

  const removesPasskey = async (who: Enrolled) => {
    const account = await accountOf(server, who)
    const [passkey] = await server.house.passkeys.ofAccount(account)
    if (passkey === undefined) throw new Error('a passkey')
    await server.house.passkeys.remove(passkey.id, new Date())
  }
  const endings = { 'the passkey is removed': removesPasskey, 'everything is signed out': async (who: Enrolled) => endEverything(server.house, await accountOf(server, who)) }

  test.each(Object.entries(endings))('does not come back through a page that was left open: %s, and then somebody presses Allow', async (_name, ends) => {
    const who = await enrol(server, shop)
    const thief = makeVisitor({ leaveAt })
    const consent = await tap(thief, await thief.open((await shop.begin({ scope: 'openid profile' })).url), who.citizen.authenticator)
    expect(consent.text).toContain('Ghi tên')
    later(2)
    await ends(who)
    const after = await agree(thief, consent)
    expect([after.url.origin, after.url.searchParams.has('code')]).toEqual([server.issuer, false])
  })

  test('is not renewed by a node that remembers the account as it was a moment ago', async () => {
    const who = await enrol(server, shop)
    const token = await stay(who)
    later(2)
    const account = await accountOf(server, who)
    await server.house.accounts.find(account)
    // As another node would have written it.
    await server.house.database.change(sql`update account set signed_out_at = ${new Date()} where id = ${account}`)
    expect(await refusal(app.refresh(token))).toBe('invalid_grant')
  })

  test('ends tokens by the sign-in behind them, however new they are', async () => {
    const who = await enrol(server, shop)
    const first = await stay(who)
    later(10)
    const second = await app.refresh(first)
    const bearer = { authorization: `Bearer ${second.access_token}` }
    expect((await get(`${server.issuer}/userinfo`, bearer)).status).toBe(200)
    // By a node whose clock is five seconds slow, or in a race with the rotation.
    const account = await accountOf(server, who)
    await server.house.database.change(sql`update account set signed_out_at = ${new Date(Date.now() - 5000)} where id = ${account}`)
    later(3)
    expect((await get(`${server.issuer}/userinfo`, bearer)).status).toBe(401)
    expect(await refusal(app.refresh(second.refresh_token ?? ''))).toBe('invalid_grant')
  })

  test('leaves alone whoever signs in afterwards', async () => {
    const who = await enrol(server, shop)
    await endEverything(server.house, await accountOf(server, who))
    later(1)
    const { answer, checks } = await authorize(shop, { ...who, visitor: makeVisitor({ leaveAt }) })
    expect((await shop.finish(answer, checks)).claims.sub).toEqual(expect.any(String))
  })
})
