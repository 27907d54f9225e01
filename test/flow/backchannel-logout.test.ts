import { setTimeout as pause } from 'node:timers/promises'
import { compactDecrypt, createRemoteJWKSet, decodeProtectedHeader, exportJWK, generateKeyPair, jwtVerify, type CryptoKey } from 'jose'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { accountId, passkeyId, type AccountId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { personalNumber } from '#domain/registry/person.ts'
import { endEverything } from '#domain/account/sign-out.ts'
import { queues } from '#storage/jobs/boss.ts'
import { tap, useAnother } from '#test/support/citizen.ts'
import { authorize, enrol, get, signIn, type Enrolled } from '#test/support/journey.ts'
import { mailsIn } from '#test/support/mailbox.ts'
import { listen, manners, type ListeningParty } from '#test/support/listening-party.ts'
import { reachedBy } from '#test/support/reached.ts'
import { makeRelyingParty, type RelyingParty, type SignedIn } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient, type TestClient } from '#test/support/test-clients.ts'
import { hiddenFields, makeVisitor, type Stop, type Visitor } from '#test/support/visitor.ts'

type Service = { client: TestClient; party: RelyingParty; listens: ListeningParty }

/** Metadata of a client whose ID tokens are sealed for this key. */
const secretly = (key: object) => ({ jwks: { keys: [key] }, id_token_encrypted_response_alg: 'ECDH-ES', id_token_encrypted_response_enc: 'A256GCM' })

/** The aim is ten seconds (P19); a busy test machine has more. */
const soon = { timeout: 30_000 }

describe.each(engines)('back-channel logout, on %s,', (engine) => {
  let server: TestServer
  const services = new Map<string, Service>()
  let secret: CryptoKey
  const of = (name: string): Service => {
    const found = services.get(name)
    if (found === undefined) throw new Error(`no service ${name}`)
    return found
  }

  beforeAll(async () => {
    const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256' })
    secret = privateKey
    const sealed = { ...(await exportJWK(publicKey)), kid: 'for-us', use: 'enc', alg: 'ECDH-ES' }
    const wanted = { edwards: manners.well, sealed: manners.well, portal: manners.well, tax: manners.well, quiet: manners.well, ...manners }
    const listening = await Promise.all(Object.entries(wanted).map(async ([name, manner]) => [name.replaceAll(' ', '-'), await listen(manner)] as const))
    const clients = listening.map(([name, listens]) => [name, listens, testClient({
      name,
      alg: name === 'edwards' ? 'EdDSA' : 'ES256',
      // Its one registered key is for sealing.
      proof: name === 'sealed' ? 'client_secret_basic' : 'private_key_jwt',
      metadata: {
        ...(name !== 'quiet' && { backchannel_logout_uri: `${listens.address}/out` }),
        backchannel_logout_session_required: name !== 'tax',
        ...(name === 'sealed' && secretly(sealed)),
      },
    })] as const)
    server = await startServer({ engine, env: { OUTBOUND_ALLOW: 'localhost' }, clients: () => clients.map(([, , { metadata }]) => metadata) })
    for (const [name, listens, client] of clients) {
      services.set(name, { client, listens, party: await makeRelyingParty(client.party(server.issuer)) })
    }
  })
  afterAll(async () => {
    await server.close()
    await Promise.all([...services.values()].map(({ listens }) => listens.close()))
  })

  /** Signs out as the person's browser does, from the form of the page. */
  async function signOut(visitor: Visitor, url: URL | string, choice: Record<string, string> = { logout: 'yes' }): Promise<Stop> {
    const end = await press(visitor, await visitor.open(url), choice)
    expect(end.status).toBeLessThan(400)
    return end
  }

  function press(visitor: Visitor, page: Stop, choice: Record<string, string>): Promise<Stop> {
    const action = /<form[^>]*action="([^"]+)"[^>]*>\s*<input type="hidden" name="xsrf"/.exec(page.text)?.[1] ?? ''
    return visitor.submit(new URL(action, page.url), { ...hiddenFields(page.text.slice(page.text.indexOf('name="xsrf"') - 40)), ...choice }, page.url)
  }

  const tokens = (name: string) => of(name).listens.told.map(({ form }) => form.get('logout_token') ?? '')
  const verified = (name: string, token: string) =>
    jwtVerify(token, createRemoteJWKSet(new URL('/jwks', server.issuer)), { issuer: server.issuer, audience: name, typ: 'logout+jwt' })

  /** What this service was told about this person, every token of it verified. */
  async function toldAbout(name: string, about: SignedIn | undefined) {
    const all = await Promise.all(tokens(name).map((token) => verified(name, token)))
    return all.map(({ payload }) => payload).filter(({ sub }) => sub === about?.claims.sub)
  }
  const hears = (name: string, about: SignedIn | undefined, times = 1) => expect.poll(async () => (await toldAbout(name, about)).length, soon).toBe(times)

  async function accountOf({ citizen }: Enrolled): Promise<AccountId> {
    const passkey = await server.house.passkeys.find(passkeyId.parse(citizen.authenticator.credentials[0]?.id))
    return accountId.parse(passkey?.account)
  }
  const alive = async ({ tokens: { access_token: token } }: SignedIn) => (await get(`${server.issuer}/userinfo`, { authorization: `Bearer ${token}` })).status === 200
  const knows = async (name: string, visitor: Visitor) => (await visitor.open((await of(name).party.begin({ prompt: 'none' })).url)).url.searchParams.has('code')
  // pg-boss keeps jobs of its own there, which wait for their minute.
  const queued = () => server.house.database.rows(sql`select id from job.job where name in (${queues.signals}, ${queues.undelivered}) and state in ('created', 'active')`)
  const sessionsOf = async (who: Enrolled) => reachedBy(server.house.database, await accountOf(who))

  async function atBoth(): Promise<{ who: Enrolled; portal: SignedIn; tax: SignedIn }> {
    const who = await enrol(server, of('portal').party)
    return { who, portal: await signIn(of('portal').party, who), tax: await signIn(of('tax').party, who) }
  }

  test('P18: is advertised, with sessions', async () => {
    const { json } = await get(`${server.issuer}/.well-known/openid-configuration`)
    expect(json).toMatchObject({ backchannel_logout_supported: true, backchannel_logout_session_supported: true })
  })

  test('P19: every service that asked to hears of it, in a token of its own that is typed, short and its own', async () => {
    const { who, portal, tax } = await atBoth()
    await signIn(of('quiet').party, who)
    await signOut(who.visitor, `${server.issuer}/end-session`)
    await hears('portal', portal)
    await hears('tax', tax)
    // Once: not by the library in the person's own request as well.
    await expect.poll(async () => (await queued()).length, soon).toBe(0)
    expect(await toldAbout('portal', portal)).toHaveLength(1)
    const [first] = await toldAbout('portal', portal)
    const [second] = await toldAbout('tax', tax)
    expect(first).toEqual({
      iss: server.issuer, aud: 'portal', sub: portal.claims.sub, sid: portal.claims['sid'], jti: expect.any(String),
      iat: expect.any(Number), exp: expect.any(Number), events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    })
    expect((first?.exp ?? 0) - (first?.iat ?? 0)).toBeLessThanOrEqual(120)
    // It did not ask for the session, so it is told of the person (OpenID Connect Back-Channel Logout 1.0 §2.4).
    expect(second).not.toHaveProperty('sid')
    expect(second?.sub).not.toBe(first?.sub)
    expect(of('quiet').listens.told).toEqual([])
    expect(of('portal').listens.told[0]).toMatchObject({ path: '/out', headers: { 'content-type': 'application/x-www-form-urlencoded' } })
    expect(await sessionsOf(who)).toEqual([])
  })

  test('P19: the token is signed with the algorithm of the client, and sealed for it like its ID tokens', async () => {
    const who = await enrol(server, of('edwards').party)
    const edwards = await signIn(of('edwards').party, who)
    await authorize(of('sealed').party, who)
    await signOut(who.visitor, `${server.issuer}/end-session`)
    await hears('edwards', edwards)
    expect(tokens('edwards').map((token) => decodeProtectedHeader(token))).toEqual([expect.objectContaining({ alg: 'EdDSA', typ: 'logout+jwt' })])
    await expect.poll(() => tokens('sealed').length, soon).toBe(1)
    const { plaintext, protectedHeader } = await compactDecrypt(tokens('sealed')[0] ?? '', secret)
    expect(protectedHeader).toMatchObject({ alg: 'ECDH-ES', enc: 'A256GCM', kid: 'for-us' })
    expect((await verified('sealed', new TextDecoder().decode(plaintext))).payload).toMatchObject({ aud: 'sealed', sid: expect.any(String) })
  })

  test('P19: leaving one service tells that one', async () => {
    const { who, portal, tax } = await atBoth()
    await signOut(who.visitor, of('portal').party.signOutUrl(portal), { logout: '' })
    await hears('portal', portal)
    expect(await toldAbout('tax', tax)).toEqual([])
    expect((await sessionsOf(who)).map(({ client }) => client)).toEqual(['tax'])
  })

  const ways: readonly { logout: string; left: readonly string[] }[] = [{ logout: 'yes', left: [] }, { logout: '', left: ['tax'] }]
  test.each(ways)('P19: a sign-out (logout: "$logout") that cannot be written down is not done, and pressing again does it', async ({ logout, left }) => {
    const { who, portal } = await atBoth()
    const page = await who.visitor.open(of('portal').party.signOutUrl(portal))
    vi.spyOn(server.house.serviceSessions, 'end').mockRejectedValueOnce(new Problem('service.unavailable'))
    expect((await press(who.visitor, page, { logout })).status).toBe(503)
    expect(await sessionsOf(who)).toHaveLength(2)
    expect((await press(who.visitor, page, { logout })).status).toBeLessThan(400)
    await hears('portal', portal)
    expect((await sessionsOf(who)).map(({ client }) => client)).toEqual(left)
    expect(await knows('portal', who.visitor)).toBe(left.length > 0)
  })

  test('P19: a sign-out that leaves neither everything nor a service ends nothing, and nobody is told', async () => {
    const { who } = await atBoth()
    await signOut(who.visitor, `${server.issuer}/end-session`, { logout: '' })
    expect((await sessionsOf(who)).map(({ client }) => client)).toEqual(['portal', 'tax'])
  })

  test('P19: one that is slow, fails, hangs, redirects or answers without end holds up neither the person nor the others', async () => {
    const who = await enrol(server, of('portal').party)
    const names = ['never', 'without-end', 'badly', 'elsewhere', 'slowly', 'badly-at-first', 'well', 'tax', 'portal']
    const at: Record<string, SignedIn> = {}
    for (const name of names) at[name] = await signIn(of(name).party, who)
    // Waiting for one that hangs would take the library two and a half seconds.
    const began = performance.now()
    await signOut(who.visitor, `${server.issuer}/end-session`)
    expect(performance.now() - began).toBeLessThan(2400)
    for (const name of ['well', 'tax', 'portal', 'slowly', 'without-end']) await hears(name, at[name])
    await hears('badly-at-first', at['badly-at-first'], 3)
    const [one, other] = await toldAbout('badly-at-first', at['badly-at-first'])
    expect(one?.jti).not.toBe(other?.jti)
    expect(of('elsewhere').listens.told.every(({ path }) => path === '/out')).toBe(true)
    const waiting = await server.house.database.rows(sql<{ client: string }>`select data->>'client' as client from job.job where state <> 'completed' and data->>'kind' = 'logout' order by 1`)
    expect(waiting.map(({ client }) => client)).toEqual(['badly', 'elsewhere', 'never'])
  })

  test('P19: another person signing in on the same browser ends the first one there', async () => {
    const { who: first, portal, tax } = await atBoth()
    const second = await enrol(server, of('portal').party)
    const asked = await first.visitor.open((await of('portal').party.begin({ prompt: 'login' })).url)
    const page = await tap(first.visitor, await useAnother(first.visitor, asked), second.citizen.authenticator)
    const action = /<form[^>]*action="([^"]+)"/.exec(page.text)?.[1] ?? ''
    const end = await first.visitor.submit(new URL(action, page.url), hiddenFields(page.text), page.url)
    expect(end.url.searchParams.has('code')).toBe(true)
    await hears('portal', portal)
    await hears('tax', tax)
  })

  const grounds = { 'a lock': (id: AccountId) => server.house.accounts.move(id, { to: 'lock', ground: 'competent-body', by: 'operator' }, new Date()), 'signing out everywhere': (id: AccountId) => endEverything(server.house, id) }

  test.each(Object.entries(grounds))('W12: %s ends every session of the person on every browser, and the services hear of it', async (_name, act) => {
    const { who, portal, tax } = await atBoth()
    const elsewhere = { ...who, visitor: makeVisitor({ leaveAt }) }
    const there = await signIn(of('portal').party, elsewhere)
    await act(await accountOf(who))
    await hears('portal', portal, 2)
    await hears('tax', tax)
    await expect.poll(async () => Promise.all([alive(portal), alive(tax), alive(there), knows('portal', who.visitor), knows('tax', elsewhere.visitor)]), soon)
      .toEqual([false, false, false, false, false])
    await server.house.accounts.move(await accountOf(who), { to: 'unlock', ground: 'competent-body', by: 'operator' }, new Date())
    expect(await knows('portal', who.visitor)).toBe(false)
    expect((await signIn(of('portal').party, who)).claims.sub).toBe(portal.claims.sub)
    expect(await knows('portal', who.visitor)).toBe(true)
  })

  test('W12: signing out everywhere ends what nobody wrote down as well', async () => {
    const { who, portal } = await atBoth()
    const unspent = await authorize(of('tax').party, who)
    const account = await accountOf(who)
    await server.house.database.change(sql`delete from service_session where account_id = ${account}`)
    // What began in the very second is told by name alone.
    await pause(1100)
    await endEverything(server.house, account)
    await expect.poll(async () => Promise.all([alive(portal), knows('portal', who.visitor)]), soon).toEqual([false, false])
    await expect(of('tax').party.finish(unspent.answer, unspent.checks)).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  test('W12: removing a passkey ends the sessions that it opened', async () => {
    const { who, portal, tax } = await atBoth()
    await server.house.passkeys.remove(passkeyId.parse(who.citizen.authenticator.credentials[0]?.id), new Date())
    await hears('portal', portal)
    await hears('tax', tax)
    await expect.poll(async () => Promise.all([alive(portal), alive(tax), knows('portal', who.visitor)]), soon).toEqual([false, false, false])
  })

  test('P19: when the registry says that somebody has died, the services hear of it and nobody writes to the person', async () => {
    const { who, portal, tax } = await atBoth()
    const person = await server.house.registry.findByNumber(personalNumber.parse(who.citizen.number))
    if (person === undefined) throw new Error('nobody has this number')
    const mails = () => mailsIn(server.mailDir).filter(({ to }) => to === who.citizen.email).length
    // Of the account itself they were told.
    await expect.poll(mails, soon).toBe(2)
    const before = mails()
    const died = { ...person, life: { status: 'deceased', on: '2026-01-02' } as const, source: { ...person.source, version: person.source.version + 1 } }
    const everQueued = () => server.house.database.rows(sql`select id from job.job where data->>'kind' <> 'sweep' order by id`)
    await server.house.registry.importAll((async function* () { yield [died] })())
    await hears('portal', portal)
    await hears('tax', tax)
    // Within five seconds (W12): this process remembers accounts for two.
    await expect.poll(() => alive(portal), soon).toBe(false)
    expect(mails()).toBe(before)
    // The same file again says nothing new, so nobody is told anything again.
    const told = await everQueued()
    await server.house.registry.importAll((async function* () { yield [died] })())
    expect(await everQueued()).toEqual(told)
  })
})
