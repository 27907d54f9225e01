import { sql, type RawBuilder } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountId, passkeyId } from '#kernel/id.ts'
import { fillIn, tap } from '#test/support/citizen.ts'
import { byItself, withinFiveSeconds } from '#test/support/five-seconds.ts'
import { authorize, enrol, get, isSignIn, signIn, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { makeVisitor, titleOf } from '#test/support/visitor.ts'

const client = testClient({ name: 'portal' })

describe.each(engines)('an account, on %s,', (engine) => {
  let server: TestServer
  let portal: RelyingParty

  beforeAll(async () => {
    server = await startServer({ engine, clients: () => [client.metadata] })
    portal = await makeRelyingParty(client.party(server.issuer))
  })
  afterAll(() => server.close())

  async function accountOf({ citizen }: Enrolled) {
    const passkey = await server.house.passkeys.find(passkeyId.parse(citizen.authenticator.credentials[0]?.id))
    return accountId.parse(passkey?.account)
  }
  const change = (statement: RawBuilder<unknown>) => server.house.database.change(statement)

  /** No program can do this, so the rule that forbids it stands aside for a moment. */
  const issuedAgain = (id: string) => sql.raw(`do $$ begin
    alter table account disable trigger account_moves; update account set state = 'issued' where id = '${id}'; alter table account enable trigger account_moves; end $$`)
  const states = {
    locked: { title: 'Tài khoản đang khóa', become: (id: string) => sql`insert into account_lock (account_id, ground, since) values (${id}, 'competent-body', now())` },
    expired: { title: 'Tài khoản đã hết hạn', become: (id: string) => sql`update account set expires_on = '2020-01-01' where id = ${id}` },
    'of somebody who died': {
      title: 'Không đăng nhập được bằng tài khoản này',
      become: (id: string) => sql`update person set life = 'deceased' where id = (select person_id from account where id = ${id})`,
    },
    'that was never activated': { title: 'Tài khoản chưa được kích hoạt', become: (id: string) => issuedAgain(id) },
    'whose person died, whatever the registry says since': { title: 'Không đăng nhập được bằng tài khoản này', become: (id: string) => sql`update account set state = 'deceased' where id = ${id}` },
  }

  test.each(Object.entries(states))('%s cannot sign in, is told so, and W12: what it had is dead within five seconds of what another process did', async (_name, { title, become }) => {
    const who = await enrol(server, portal)
    const before = await signIn(portal, who)
    const unspent = await authorize(portal, who)
    const id = await accountOf(who)
    await change(become(id))

    const bearer = { authorization: `Bearer ${before.tokens.access_token}` }
    await withinFiveSeconds(() => expect.poll(async () => (await get(`${server.issuer}/userinfo`, bearer)).status, byItself).toBe(401))
    await expect(portal.finish(unspent.answer, unspent.checks)).rejects.toMatchObject({ error: 'invalid_grant' })
    expect((await who.visitor.open((await portal.begin({ prompt: 'none' })).url)).url.searchParams.get('error')).toBe('login_required')

    const page = await who.visitor.open((await portal.begin()).url)
    expect(isSignIn(page)).toBe(true)
    const told = await tap(who.visitor, page, who.citizen.authenticator)
    expect([told.status, titleOf(told.text)]).toEqual([403, expect.stringContaining(title)])
    const refused = await server.house.database.rows(sql<{ reason: string }>`select data->>'reason' as reason from audit_event where type = 'login.refused' and account_id = ${id}`)
    expect(refused).toHaveLength(1)
  })

  test('W12: locked by this process is locked at once', async () => {
    const who = await enrol(server, portal)
    const { tokens } = await signIn(portal, who)
    const bearer = { authorization: `Bearer ${tokens.access_token}` }
    expect((await get(`${server.issuer}/userinfo`, bearer)).status).toBe(200)
    await server.house.accounts.move(await accountOf(who), { to: 'lock', ground: 'terms-breach', by: 'operator' }, new Date())
    expect((await get(`${server.issuer}/userinfo`, bearer)).status).toBe(401)
    expect((await who.visitor.open((await portal.begin({ prompt: 'none' })).url)).url.searchParams.get('error')).toBe('login_required')
  })

  test('opens again when the last lock goes, to who signs in anew: no session outlives a lock', async () => {
    const who = await enrol(server, portal)
    const id = await accountOf(who)
    await server.house.accounts.move(id, { to: 'lock', ground: 'terms-breach', by: 'operator' }, new Date())
    await server.house.accounts.move(id, { to: 'lock', ground: 'card-expired', by: 'registry' }, new Date())
    await server.house.accounts.move(id, { to: 'unlock', ground: 'card-expired', by: 'registry' }, new Date())
    // Ended in the middle of it, the sign-in that this begins is over too, and the next one asks.
    const asked = () => expect.poll(async () => isSignIn(await who.visitor.open((await portal.begin()).url)), byItself).toBe(true)
    await asked()
    await server.house.accounts.move(id, { to: 'unlock', ground: 'terms-breach', by: 'operator' }, new Date())
    await asked()
    expect((await signIn(portal, who)).claims.sub).toEqual(expect.any(String))
  })

  test('locked between the tap and the consent gives no code', async () => {
    const who = { ...(await enrol(server, portal)), visitor: makeVisitor({ leaveAt }) }
    const page = await who.visitor.open((await portal.begin({ scope: 'openid address' })).url)
    const consent = await tap(who.visitor, page, who.citizen.authenticator)
    expect(consent.text).toContain('/consent"')
    await server.house.accounts.move(await accountOf(who), { to: 'lock', ground: 'competent-body', by: 'operator' }, new Date())
    const end = await fillIn(who.visitor, consent, '/consent', { choice: 'allow' })
    expect(end.url.searchParams.has('code')).toBe(false)
    expect(end.url.href).not.toContain('code=')
  })

  test('a sign-in that is over is said to be over, and cannot be finished again', async () => {
    const who = { ...(await enrol(server, portal)), visitor: makeVisitor({ leaveAt }) }
    const page = await who.visitor.open((await portal.begin()).url)
    expect((await tap(who.visitor, page, who.citizen.authenticator)).url.searchParams.has('code')).toBe(true)
    const back = await who.visitor.open(page.url)
    expect([back.status, titleOf(back.text)]).toEqual([400, expect.stringContaining('Trang này không còn dùng được')])
    const again = await tap(who.visitor, page, who.citizen.authenticator)
    expect([again.status, again.url.searchParams.has('code')]).toEqual([400, false])
    const nowhere = await who.visitor.open(`${server.issuer}/interaction/${'x'.repeat(21)}`)
    expect(nowhere.status).toBe(400)
  })

  test('leaving goes back to the service with access_denied, state and iss, from each page that offers it', async () => {
    const visitor = makeVisitor({ leaveAt })
    for (const page of ['', '/register', '/no-passkey']) {
      const { url, checks } = await portal.begin()
      const first = await visitor.open(url)
      const { url: end } = await fillIn(visitor, await visitor.open(`${first.url.href}${page}`), '/cancel')
      expect(Object.fromEntries(end.searchParams)).toMatchObject({ error: 'access_denied', state: checks.state, iss: server.issuer })
    }
  })
})
