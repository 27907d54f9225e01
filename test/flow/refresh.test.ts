import { ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { passkeyId } from '#kernel/id.ts'
import { personalNumber } from '#domain/registry/person.ts'
import { arrive, enrol, post, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty, type SignedIn } from '#test/support/relying-party.ts'
import { reachedBy } from '#test/support/reached.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

const grant_types = ['authorization_code', 'refresh_token']
const clients = {
  app: testClient({ name: 'app', proof: 'none', metadata: { grant_types } }),
  bank: testClient({ name: 'bank', profile: 'fapi2', metadata: { grant_types } }),
  portal: testClient({ name: 'portal' }),
}

/** Signs in and is allowed to go on while the person is away (OIDC Core §11). */
async function stay(at: RelyingParty, { citizen, visitor }: Enrolled): Promise<SignedIn & { refreshToken: string }> {
  const { url, checks } = await at.begin({ scope: 'openid offline_access', prompt: 'consent' })
  const page = await visitor.open(url)
  expect(page.text).toContain('khi bạn không có mặt')
  const { url: answer } = await arrive(visitor, page, citizen)
  const signedIn = await at.finish(answer, checks)
  return { ...signedIn, refreshToken: signedIn.tokens.refresh_token ?? '' }
}

describe.each(engines)('P10: refresh tokens, on %s,', (engine) => {
  let server: TestServer
  let someone: Enrolled
  let app: RelyingParty
  let bank: RelyingParty
  let portal: RelyingParty

  beforeAll(async () => {
    server = await startServer({ engine, clients: () => Object.values(clients).map(({ metadata }) => metadata) })
    app = await makeRelyingParty(clients.app.party(server.issuer))
    bank = await makeRelyingParty(clients.bank.party(server.issuer))
    portal = await makeRelyingParty(clients.portal.party(server.issuer))
    someone = await enrol(server, portal)
  })
  afterAll(() => server.close())

  const about = (at: RelyingParty, token: string) => at.call(new URL('/userinfo', server.issuer), token).then(
    ({ status }) => status, (refused: unknown) => (refused instanceof WWWAuthenticateChallengeError ? refused.status : 0))

  test('are given only to clients that may have them, and only where the person said so', async () => {
    const { url, checks } = await app.begin({ scope: 'openid offline_access' })
    const { url: answer } = await arrive(someone.visitor, await someone.visitor.open(url), someone.citizen)
    expect((await app.finish(answer, checks)).tokens.refresh_token).toBeUndefined()
    const asked = await portal.begin({ scope: 'openid offline_access', prompt: 'consent' })
    const { url: other } = await arrive(someone.visitor, await someone.visitor.open(asked.url), someone.citizen)
    expect((await portal.finish(other, asked.checks)).tokens.refresh_token).toBeUndefined()
  })

  test('of a public client are replaced at each use; a used one ends the whole family', async () => {
    const { refreshToken, tokens } = await stay(app, someone)
    const second = await app.refresh(refreshToken)
    expect(second.refresh_token).not.toBe(refreshToken)
    expect(await about(app, second.access_token)).toBe(200)
    await expect(app.refresh(refreshToken)).rejects.toMatchObject({ error: 'invalid_grant' })
    await expect(app.refresh(second.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' })
    expect([await about(app, tokens.access_token), await about(app, second.access_token)]).toEqual([401, 401])
  })

  test('of which one is used by twenty at once are worth nothing to any but one, and to that one not for long', async () => {
    const { refreshToken } = await stay(app, someone)
    const uses = await Promise.allSettled(Array.from({ length: 20 }, () => app.refresh(refreshToken)))
    expect(uses.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1)
    const again = uses.flatMap((use) => (use.status === 'fulfilled' ? [use.value.refresh_token ?? ''] : []))
    for (const token of again) await expect(app.refresh(token)).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  test('of a confidential client stay the same and are bound to its key (FAPI 2.0 §5.3.2.1)', async () => {
    const { refreshToken } = await stay(bank, someone)
    const [one, two] = [await bank.refresh(refreshToken), await bank.refresh(refreshToken)]
    expect([one.refresh_token ?? refreshToken, two.refresh_token ?? refreshToken]).toEqual([refreshToken, refreshToken])
    expect(await about(bank, two.access_token)).toBe(200)
    const thief = await makeRelyingParty(clients.app.party(server.issuer))
    await expect(thief.refresh(refreshToken)).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  test('outlive the session; what the client revokes is dead at once, with all that came of it', async () => {
    const { refreshToken, tokens } = await stay(bank, someone)
    const fresh = await bank.refresh(refreshToken)
    await bank.revoke(refreshToken)
    await expect(bank.refresh(refreshToken)).rejects.toMatchObject({ error: 'invalid_grant' })
    expect([await about(bank, tokens.access_token), await about(bank, fresh.access_token)]).toEqual([401, 401])
  })

  test('of somebody else are not revoked, and nobody is told', async () => {
    const { refreshToken } = await stay(bank, someone)
    await app.revoke(refreshToken)
    expect((await bank.refresh(refreshToken)).access_token).toBeTypeOf('string')
  })

  test('W12: of a locked account are refused', async () => {
    const locked = await enrol(server, portal)
    const { refreshToken } = await stay(app, locked)
    const person = await server.house.registry.findByNumber(personalNumber.parse(locked.citizen.number))
    const account = person && (await server.house.accounts.findByPerson(person.id))
    if (account === undefined) throw new Error('an account')
    await server.house.accounts.move(account.id, { to: 'lock', ground: 'competent-body', by: 'operator' }, new Date())
    await expect(app.refresh(refreshToken)).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  test('W12: that a removed passkey opened are dead, also when their session is long over', async () => {
    const holder = await enrol(server, portal)
    const { refreshToken } = await stay(bank, holder)
    const person = await server.house.registry.findByNumber(personalNumber.parse(holder.citizen.number))
    const account = person && (await server.house.accounts.findByPerson(person.id))
    if (account === undefined) throw new Error('an account')
    const [passkey] = await server.house.passkeys.ofAccount(account.id)
    const over = { account: account.id, reason: 'signed-out' as const, at: new Date() }
    for (const { session } of await reachedBy(server.house.database, account.id)) await server.house.serviceSessions.end({ ...over, session })
    await server.house.passkeys.remove(passkey?.id ?? passkeyId.parse('none'), new Date(Date.now() + 1000))
    // Within five seconds: a process remembers accounts for two.
    const told = () => bank.refresh(refreshToken).then(() => 'alive', (refused: unknown) => (refused instanceof ResponseBodyError ? refused.error : 'something else'))
    await expect.poll(told, { timeout: 10_000 }).toBe('invalid_grant')
  })

  test('narrow what they give when asked for less, and never widen it', async () => {
    const { refreshToken } = await stay(bank, someone)
    expect((await bank.refresh(refreshToken, { scope: 'openid' })).scope).toBe('openid')
    const told = await post(`${server.issuer}/token`, { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: 'app' })
    expect(told.json['error']).toBe('invalid_grant')
    await expect(bank.refresh(refreshToken, { scope: 'openid profile' })).rejects.toMatchObject({ error: 'invalid_scope' })
  })
})
