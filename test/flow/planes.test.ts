import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { accountId, applicationId, clientId, mandateId, newId, organisationId } from '#kernel/id.ts'
import { printedReference, referenceOf } from '#domain/notice/reference.ts'
import { organisationCode } from '#domain/organisation/organisation.ts'
import { personalNumber } from '#domain/registry/person.ts'
import { signingAt } from '#app/signing.ts'
import { readRing } from '#keys/keyring.ts'
import { makeLog } from '#observe/log.ts'
import { protocolRoutes } from '#oidc/routes.ts'
import { stageKey } from '#keys/ring-change.ts'
import { makeBoss, queues } from '#storage/jobs/boss.ts'
import { choreNames } from '#storage/jobs/chores.ts'
import { planeOf } from '#web/declared.ts'
import { endpoints } from '#web/api/endpoints.ts'
import { routes } from '#web/routes.ts'
import { fillIn } from '#test/support/citizen.ts'
import { registered } from '#test/support/company.ts'
import { makeUser } from '#test/support/database-users.ts'
import { byItself, withinFiveSeconds } from '#test/support/five-seconds.ts'
import { accountOf, enrol, get, isSignIn, post, signIn, type Enrolled } from '#test/support/journey.ts'
import { mailsIn } from '#test/support/mailbox.ts'
import { startEid } from '#test/support/node-process.ts'
import { approve, bootstrap, inFourWeeks } from '#test/support/officers.ts'
import { makeProgram } from '#test/support/program.ts'
import { asked } from '#test/support/redis-server.ts'
import { asRedisUser } from '#test/support/redis-users.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'
import { formAt } from '#test/support/visitor.ts'

const portal = testClient({ name: 'portal' })
const robot = testClient({ name: 'robot', profile: 'fapi2', metadata: { redirect_uris: [], response_types: [], grant_types: ['client_credentials'] } })

describe.skipIf(!engines.includes('servers'))('A02: two planes, each a process with its own user of the database', () => {
  let server: TestServer
  const lines: string[] = []
  const log = makeLog({ level: 'warn', to: { write: (line) => void lines.push(line) } })
  let party: RelyingParty
  let first: Enrolled
  let second: Enrolled
  beforeAll(async () => {
    server = await startServer({ engine: 'servers', apart: true, log, clients: (issuer) => [portal.metadata, { ...robot.metadata, resources: [`${issuer}/api/v1`] }] })
    party = await makeRelyingParty(portal.party(server.issuer))
    ;[first, second] = [await enrol(server, party), await enrol(server, party)]
    await bootstrap(server, [first, 'super-admin'], [second, 'super-admin'])
  })
  afterAll(() => server.close())

  const planes = () => {
    if (server.planes === undefined) throw new Error('one process')
    return server.planes
  }
  const at = (plane: 'citizen' | 'console', path: string) => `http://localhost:${planes()[plane].port}${path}`
  const filled = (path: string) => path.replaceAll(/:\w+/g, 'x')

  test('a citizen registers, signs in again and sees their account at the one, with rights that reach no further', async () => {
    const who = await enrol(server, party)
    const { claims } = await signIn(party, who)
    expect(claims.sub).toMatch(/./)
    expect((await who.visitor.open(`${server.issuer}/tai-khoan`)).status).toBe(200)
    expect((await who.visitor.open(`${server.issuer}/tai-khoan/lich-su`)).status).toBe(200)
  })

  test('two officers propose and approve at the other, by the session of the one', async () => {
    const proposed = await fillIn(first.visitor, await first.visitor.open(`${server.issuer}/quan-tri/vai-tro/de-xuat`), '/de-xuat', { number: (await enrol(server, party)).citizen.number, role: 'auditor', sector: '', endsOn: inFourWeeks, reason: 'thay người nghỉ' })
    expect([proposed.status, proposed.url.pathname]).toEqual([200, expect.stringContaining('/quan-tri/phe-duyet/')])
    const approved = await approve(second, proposed.url)
    expect([approved.status, approved.text]).toEqual([200, expect.stringContaining('Đã phê duyệt')])
    const ended = await fillIn(first.visitor, await first.visitor.open(`${server.issuer}/quan-tri/ung-dung/portal/cham-dut`), '/cham-dut', { reason: 'ngừng' })
    expect((await second.visitor.open(ended.url)).text).toContain('/dong-y')
  })

  test('a program has its token from the one and works at the other', async () => {
    const found = (await server.house.clients.list()).find(({ id }) => id === 'robot')
    if (found === undefined) throw new Error('no program')
    await server.house.clients.put({ ...found, own: { ...found.own, acts_for: { officer: await accountOf(server, first), until: inFourWeeks, scopes: ['clients.read'] } } })
    const program = await makeProgram(server.issuer, robot, 'clients.read')
    expect((await program.call('GET', '/clients')).status).toBe(200)
  })

  test('what is of the console is not there for everybody, however it is written', async () => {
    const cookie = first.visitor.jar.header(new URL(server.issuer))
    const ofConsole = routes.filter((route) => planeOf(route) === 'console').map(({ route }) => route.split(' '))
    expect(ofConsole.length).toBeGreaterThan(40)
    for (const [method = '', path = ''] of ofConsole) {
      for (const written of [path, path.toUpperCase(), `${path}/`, path.replace('quan-tri', 'quan%2Dtri'), `/${path}`]) {
        const url = at('citizen', filled(written))
        const { status } = method === 'GET' ? await get(url, { cookie }) : await post(url, { csrf: '' }, { cookie, origin: server.issuer })
        expect([method, written, status]).toEqual([method, written, expect.toSatisfy((told: number) => told === 404 || told === 400)])
      }
    }
    for (const { method, at: path } of endpoints) expect([path, (await fetch(at('citizen', `/api/v1${path}`), { method })).status]).toEqual([path, 404])
    expect((await get(at('citizen', '/api/v1/openapi.json'))).status).toBe(404)
    // Nor is anybody there given the time that readers of chips have to send what they read.
    expect((await post(at('citizen', '/quay/doc-chip/question'), {})).json).toMatchObject({ status: 404 })
    expect((await get(at('console', '/quan-tri'), { cookie })).status).toBe(200)
  })

  test('what is for everybody is not there at the console: no page, no protocol, no key set', async () => {
    const ofCitizens = routes.filter((route) => planeOf(route) === 'citizen').map(({ route }) => route.split(' '))
    expect(ofCitizens.length).toBeGreaterThan(80)
    for (const [method = '', path = ''] of ofCitizens) {
      const url = at('console', filled(path))
      expect([path, (method === 'GET' ? await get(url) : await post(url, {}, { origin: server.issuer })).status]).toEqual([path, 404])
    }
    for (const path of [...Object.values(protocolRoutes), '/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']) {
      expect([path, (await get(at('console', path))).status, (await post(at('console', path), {})).status]).toEqual([path, 404, 404])
    }
    expect((await get(at('console', '/readyz'))).status).toBe(200)
  })

  test('what is told later and done at its hour is carried out by the console, with its rights', async () => {
    const { email } = first.citizen
    expect(mailsIn(server.mailDir).filter(({ to }) => to === email).length).toBeGreaterThan(0)
    await signIn(party, second)
    await fillIn(second.visitor, await second.visitor.open(`${server.issuer}/tai-khoan/dang-xuat-moi-noi`), '/dang-xuat-moi-noi')
    const boss = makeBoss(server.house.database)
    for (const chore of choreNames) await boss.send(queues.chores, { chore }, { singletonKey: `now-${chore}` })
    await boss.send(queues.signals, { kind: 'sweep' })
    const states = () => server.house.database.rows(sql<{ name: string; state: string; count: number }>`select name, state::text, count(*)::int as count from job.job where name in ('signal', 'chore', 'undelivered') group by 1, 2 order by 1, 2`)
    await expect.poll(states, { timeout: 40_000, interval: 500 }).toEqual([{ name: 'chore', state: 'completed', count: expect.toSatisfy((count: number) => count >= choreNames.length) }, { name: 'signal', state: 'completed', count: expect.any(Number) }])
  }, 60_000)

  test('K03, L02: a new key is published by the one only after the other has said it in the public log', async () => {
    const published = async () => (await get(`${server.issuer}/jwks`)).text
    const said = async (kid: string) => (await server.house.database.rows(sql`select 1 from transparency_entry where kind = 'key.staged' and entry like ${`%${kid}%`}`)).length
    const { jwk: { kid } } = await stageKey(server.keyringFile, 'ES256', new Date())
    await expect.poll(published, { timeout: 15_000 }).toContain(kid)
    expect(await said(kid)).toBe(1)
    await planes().console.stop()
    const { jwk: { kid: next } } = await stageKey(server.keyringFile, 'ES256', new Date())
    await pause(5000)
    expect([await published(), await said(next)]).toEqual([expect.not.stringContaining(next), 0])
    // As the first process of the console does when it starts again.
    await server.house.sayKeys(signingAt((await readRing(server.keyringFile)).signing, await server.house.keyChanges.list(), new Date()))
    await expect.poll(published, { timeout: 15_000 }).toContain(next)
  }, 60_000)

  /** An organisation that this person represents alone, and a mandate that they gave to somebody just now. */
  async function givenBy(who: Enrolled) {
    const { organisations, registry } = server.house
    const person = await registry.findByNumber(personalNumber.parse(who.citizen.number))
    if (person === undefined) throw new Error('nobody has this number')
    const [by, organisation, application, mandate] = [{ person: person.id, account: await accountOf(server, who), at: new Date() }, organisationId.parse(newId()), applicationId.parse(newId()), mandateId.parse(newId())]
    const representatives = [{ number: person.number, name: person.name, since: '2020-01-01' }]
    await registered(server, { id: organisation, code: organisationCode.parse('0200000077'), name: 'Công ty A', state: 'operating', representatives, source: { version: 1, confirmedAt: '2026-11-01T00:00:00Z' } })
    await organisations.apply(organisation, { id: application, reference: printedReference(referenceOf(randomBytes(8))) }, by)
    for (const act of ['examine', 'issue'] as const) await organisations[act](application, { account: accountId.parse(randomUUID()), at: new Date(), reason: 'đủ' })
    await organisations.move(organisation, { to: 'activate', by: 'representative' }, by)
    const { citizen: { number, name } } = second
    await organisations.offer({ id: mandate, organisation, role: 'accountant', scope: { services: [clientId.parse('portal')], sectors: [] }, startsOn: '2026-11-01', endsOn: '2027-10-31', named: { number: personalNumber.parse(number), name } }, by)
    return async () => (await organisations.mandatesOf(organisation, 1))[0]?.state
  }

  test('W12: a lost device closes the account at once, also while no process of the console runs; what else it ends follows when one does', async () => {
    await planes().console.stop()
    const who = await enrol(server, party)
    const { tokens } = await signIn(party, who)
    const mandate = await givenBy(who)
    const [told] = await server.house.holderNotices.ofAccount(await accountOf(server, who))
    if (told === undefined) throw new Error('everybody was told of their account')
    const [year = '', month = '', day = ''] = who.citizen.birthDate.split('-')
    const { fields } = formAt((await get(`${server.issuer}/mat-thiet-bi`)).text, '/mat-thiet-bi')
    const said = { ...fields, number: who.citizen.number, birthDay: day, birthMonth: month, birthYear: year, shown: printedReference(told.reference) }
    expect((await post(`${server.issuer}/mat-thiet-bi`, said, { origin: server.issuer, 'sec-fetch-site': 'same-origin' })).status).toBe(303)
    const locks = async () => (await server.house.accounts.findNow(await accountOf(server, who)))?.account.locks.map(({ ground, lost }) => [ground, lost])
    expect(await locks()).toEqual([['holder-request', true]])
    await withinFiveSeconds(() => expect.poll(async () => (await get(`${server.issuer}/userinfo`, { authorization: `Bearer ${tokens.access_token}` })).status, byItself).toBe(401))
    await withinFiveSeconds(() => expect.poll(async () => isSignIn(await who.visitor.open(`${server.issuer}/tai-khoan`)), byItself).toBe(true))
    expect([await mandate(), mailsIn(server.mailDir).filter(({ to, subject }) => to === who.citizen.email && subject.includes('khóa')).length]).toEqual(['offered', 0])

    const url = new URL(String(server.env['DATABASE_URL']))
    url.username = await makeUser('console')
    const back = await server.another({ PLANE: 'console', DATABASE_URL: url.href })
    onTestFinished(() => back.close())
    await expect.poll(mandate, { timeout: 20_000 }).toBe('ended')
    const notices = async () => (await server.house.holderNotices.ofAccount(await accountOf(server, who))).filter(({ occasion }) => occasion.of === 'account-locked').length
    await expect.poll(notices, { timeout: 20_000 }).toBe(1)
    expect(await locks()).toEqual([['holder-request', true]])
  }, 90_000)

  test('nothing that either did in all this was more than it may', () => {
    expect(lines.filter((line) => line.includes('permission denied'))).toEqual([])
  })

  test('with the user of the owner neither plane starts, and eid database grants says that all is as it should be', async () => {
    for (const PLANE of ['citizen', 'console']) await expect(server.another({ PLANE })).rejects.toThrow('may do too much')
    const told = startEid(['database', 'grants', '--json'], { ...server.env })
    expect([await told.exit, told.said()]).toEqual([0, `${JSON.stringify({ dryRun: false, statements: [] })}\n`])
  })

  test('what the others of this file did at Redis, no user of either plane was refused; and the other plane’s keys are out of reach', async () => {
    const url = String(inject('redis'))
    const log = await asked(url, (client) => client.call('ACL', 'LOG'))
    expect(JSON.stringify(log)).not.toMatch(/eid_citizen|eid_console/)
    for (const [plane, foreign] of [['citizen', 'api-proof'], ['console', 'AuthorizationCode']] as const) {
      const words = [['GET', `eid:${foreign}:x`], ['KEYS', '*'], ['FLUSHALL']]
      for (const [word = '', ...rest] of words) await expect(asked(asRedisUser(url, plane), (client) => client.call(word, ...rest)), word).rejects.toThrow('NOPERM')
    }
    await asked(url, (client) => client.call('ACL', 'LOG', 'RESET'))
  })
})
