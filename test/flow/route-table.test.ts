import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectionId, newId, sector, type AccountId } from '#kernel/id.ts'
import { apiScopeNames, apiScopes } from '#domain/api/scope.ts'
import { permissions, type Permission } from '#domain/officer/permission.ts'
import { roles, rolesOfSector, type Role } from '#domain/officer/role.ts'
import { endpoints } from '#web/api/endpoints.ts'
import { mountApi } from '#web/api/serve.ts'
import { mount, type Mounting } from '#web/router.ts'
import { routes } from '#web/routes.ts'
import { fillIn } from '#test/support/citizen.ts'
import { makeClient, sandboxOf } from '#test/support/developer.ts'
import { accountOf, enrol, get, post, type Enrolled } from '#test/support/journey.ts'
import { inFourWeeks } from '#test/support/officers.ts'
import { makeProgram, type Program } from '#test/support/program.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { greenResults } from '#test/support/self-test-results.ts'
import { testClient } from '#test/support/test-clients.ts'
import { formAt, titleOf } from '#test/support/visitor.ts'

const robot = testClient({ name: 'robot', profile: 'fapi2', sector: 'robot.example', metadata: { redirect_uris: [], response_types: [], grant_types: ['client_credentials'] } })
const [own, foreign] = [testClient({ name: 'own' }), testClient({ name: 'foreign' })]
const idle = () => async () => undefined
const mounting = (more: Mounting['more'] = []) => mount({ plane: 'all', production: false, more, leftOut: [] }, idle)

/** A form that lacks its fields is refused before anybody looks whose it is. */
const refusedWith = (route: string) => (route.startsWith('GET') ? [403, 404] : [400, 403, 404])

/** What the router of the server has, and not what a list says: method and path of each layer. */
function tableOf({ stack }: ReturnType<typeof mount>): readonly string[] {
  return stack.flatMap(({ path, methods }) => methods.filter((method) => method !== 'HEAD').map((method) => `${method} ${String(path)}`))
}

const table = tableOf(mounting())
const under = (place: string) => table.filter((route) => route.split(' ')[1] === place || route.includes(` ${place}/`))
const [ofConsole, ofDevelopers] = [under('/quan-tri'), under('/nha-phat-trien')]
const ofApi = tableOf(mountApi({ issuer: 'https://id.example' }, idle)).filter((route) => !route.includes('{*nowhere}') && !route.endsWith('/openapi.json'))
const needs = (route: string) => routes.find((one) => one.route === route)?.who
const allows = (permission: Permission, role: Role) => (permissions[permission] as readonly Role[]).includes(role)

describe('A03: the table of routes that the server mounts', () => {
  let server: TestServer
  let officer: Enrolled
  let other: AccountId
  let cookie: string
  let csrf: string
  let program: Program
  const ids = { foreignProposal: newId(), ownProposal: newId(), foreignRequest: connectionId.parse(newId()), ownRequest: connectionId.parse(newId()), ownClient: '', othersClient: '', ownDraft: connectionId.parse(newId()), othersDraft: connectionId.parse(newId()) }

  beforeAll(async () => {
    server = await startServer({ sandbox: true, clients: (issuer) => [own.metadata, foreign.metadata, { ...robot.metadata, resources: [`${issuer}/api/v1`] }] })
    const party = await makeRelyingParty(own.party(server.issuer))
    officer = await enrol(server, party)
    other = await accountOf(server, await enrol(server, party))
    await be('auditor')
    await officer.visitor.open(`${server.issuer}/quan-tri`)
    cookie = officer.visitor.jar.header(new URL(server.issuer))
    csrf = formAt((await get(`${server.issuer}/tai-khoan/dang-xuat-moi-noi`, { cookie })).text, '/dang-xuat-moi-noi').fields['csrf'] ?? ''
    await seed()
    const found = (await server.house.clients.list()).find(({ id }) => id === 'robot')
    if (found === undefined) throw new Error('no program')
    await server.house.clients.put({ ...found, own: { ...found.own, acts_for: { officer: await accountOf(server, officer), until: inFourWeeks, scopes: apiScopeNames } } })
    program = await makeProgram(server.issuer, robot, apiScopeNames.join(' '))
  })
  afterAll(() => server.close())

  async function seed() {
    const { database: db, connections } = server.house
    const mine = await accountOf(server, officer)
    for (const [id, client] of [[ids.ownProposal, 'own'], [ids.foreignProposal, 'foreign']] as const) {
      await db.change(sql`insert into proposal (id, act, subject, change, proposer, proposed_at, reason) values (${id}, 'client.end', ${client}, ${JSON.stringify({ act: 'client.end', client })}::jsonb, ${other}, now(), 'x')`)
    }
    const beside = sandboxOf(server)
    ids.ownClient = (await makeClient(beside, mine)).id
    ids.othersClient = (await makeClient(beside, other)).id
    const selfTest = { finishedAt: new Date(), results: greenResults }
    for (const [id, owner, of, sent] of [[ids.ownRequest, other, 'own.example', true], [ids.foreignRequest, other, 'foreign.example', true], [ids.ownDraft, mine, 'own.example', false], [ids.othersDraft, other, 'own.example', false]] as const) {
      const { id: tried } = await makeClient(beside, owner)
      await connections.add({ id, owner, tried, entry: {}, state: 'draft', createdAt: new Date() })
      await connections.save(id, { entry: { client_name: 'Mới' }, sector: sector.parse(of) })
      if (sent) await connections.submit(id, { at: new Date(), selfTest, event: { type: 'connection.submitted', connection: id, tried, by: owner } })
    }
  }

  /** From now on this is the officer's only role. */
  async function be(role: Role | undefined) {
    const account = await accountOf(server, officer)
    await server.house.database.change(sql`update officer_role set ended_at = now() where account_id = ${account} and ended_at is null`)
    if (role === undefined) return
    await server.house.database.change(sql`insert into officer_role (id, account_id, role, sector, since, ends_on)
      values (${randomUUID()}, ${account}, ${role}, ${rolesOfSector.includes(role) ? 'own.example' : null}, now(), ${inFourWeeks})`)
  }

  const at = (route: string, whose: 'own' | 'foreign' = 'own') => {
    const [method = '', path = ''] = route.split(' ')
    const id = path.startsWith('/quan-tri/phe-duyet/') ? ids[`${whose}Proposal`]
      : path.startsWith('/quan-tri/ket-noi/') ? ids[`${whose}Request`]
      : path.startsWith('/nha-phat-trien/ket-noi/') ? (whose === 'own' ? ids.ownDraft : ids.othersDraft)
      : path.startsWith('/nha-phat-trien/') ? (whose === 'own' ? ids.ownClient : ids.othersClient) : randomUUID()
    return { method, url: `${server.issuer}${path.replace(':client', whose).replaceAll(/:\w+/g, id)}` }
  }
  async function ask(route: string, whose: 'own' | 'foreign' = 'own') {
    const { method, url } = at(route, whose)
    if (method === 'GET') return get(url, { cookie })
    if (!routes.some((one) => one.route === route && one.upload !== undefined)) return post(url, { csrf }, { cookie, origin: server.issuer })
    const body = new FormData()
    body.set('csrf', csrf)
    body.set('file', new Blob(['x']), 'x.csv')
    const response = await fetch(url, { method: 'POST', body, headers: { cookie, origin: server.issuer } })
    return { status: response.status, text: await response.text() }
  }

  test('is there, and every page of the console names a permission of the table of permissions', () => {
    expect([ofConsole.length > 40, ofDevelopers.length > 15, ofApi.length]).toEqual([true, true, endpoints.length])
    expect(ofConsole.filter((route) => !Object.hasOwn(permissions, needs(route) ?? ''))).toEqual([])
    expect(ofDevelopers.filter((route) => needs(route) !== 'citizen')).toEqual([])
  })

  test('a route without a permission is not mounted: the server does not start with it', () => {
    type OneMore = Mounting['more'][number]
    const made = (route: OneMore['route'], who: OneMore['who']): OneMore => ({ route, who, asks: false, signs: false, run: async () => ({ redirect: '/' }) })
    for (const who of ['anyone', 'citizen'] as const) {
      for (const route of ['GET /quan-tri', 'GET /quan-tri/moi', 'POST /quan-tri/ung-dung/:client/moi'] as const) expect(() => mounting([made(route, who)])).toThrow('names no permission')
    }
    expect(() => mounting([made('GET /nha-phat-trien/moi', 'anyone')])).toThrow('open to anybody')
    expect(tableOf(mounting([made('GET /quan-tri/moi', 'role.read'), made('GET /nha-phat-trien/moi', 'citizen'), made('GET /quan-trix', 'anyone')]))).toHaveLength(table.length + 3)
  })

  test('a stranger is led to sign in by every one of them, and nothing they send is taken', async () => {
    for (const route of [...ofConsole, ...ofDevelopers]) {
      const { method, url } = at(route)
      const { status, headers } = method === 'GET' ? await get(url) : await post(url, {}, { origin: server.issuer })
      expect([route, status, headers.get('location')]).toEqual([route, 303, expect.stringContaining('/authorize?')])
    }
    for (const route of ofApi) {
      const { method, url } = at(route)
      expect([route, (await fetch(url, { method })).status]).toEqual([route, 401])
    }
  })

  test('whoever is no officer, and whose role has ended, gets none of the console', async () => {
    await be(undefined)
    for (const route of ofConsole) {
      const { status, text } = await ask(route)
      expect([route, status, titleOf(text)]).toEqual([route, 403, expect.stringContaining('không có quyền')])
    }
  })

  test('what belongs to another organisation is as good as none for who administers one, and its own is there', async () => {
    await be('client-admin')
    const owned = ofConsole.filter((route) => /:client|\/phe-duyet\/:id|\/ket-noi\/:id/.test(route))
    expect(owned.length).toBeGreaterThan(15)
    for (const route of owned) {
      const { status } = await ask(route, 'foreign')
      expect([route, status]).toEqual([route, expect.toSatisfy((told: number) => refusedWith(route).includes(told))])
    }
    for (const route of ['GET /quan-tri/ung-dung/:client', 'GET /quan-tri/phe-duyet/:id', 'GET /quan-tri/ket-noi/:id']) expect([route, (await ask(route)).status]).toEqual([route, 200])
  })

  test('what belongs to another developer is as good as none, and one’s own is there', async () => {
    const owned = ofDevelopers.filter((route) => route.includes(':'))
    expect(owned.length).toBeGreaterThan(10)
    for (const route of owned) {
      const { status } = await ask(route, 'foreign')
      // What is gone is removed again without a word.
      expect([route, status]).toEqual([route, expect.toSatisfy((told: number) => (route.endsWith('/xoa') ? [303, 404] : refusedWith(route)).includes(told))])
    }
    for (const route of ['GET /nha-phat-trien/:id', 'GET /nha-phat-trien/ket-noi/:id']) expect([route, (await ask(route)).status]).toEqual([route, 200])
    const page = await officer.visitor.open(`${server.issuer}/nha-phat-trien/${ids.ownClient}/xoa`)
    const { action, fields } = formAt(page.text, '/xoa')
    await officer.visitor.submit(new URL(action.replace(ids.ownClient, ids.othersClient), page.url), fields, page.url)
    expect((await sandboxOf(server).sandbox.clients.mine(other)).map(({ id }) => id)).toContain(ids.othersClient)
    expect((await fillIn(officer.visitor, page, '/xoa')).status).toBe(200)
  })

  test.each([...roles, undefined])('the API opens to a program that acts for %s what the table says, and nothing else', async (role) => {
    await be(role)
    for (const { method, at: path, scope } of endpoints) {
      const told = async (client: string) => {
        const { status } = await program.call(method, path.replace('{client}', client).replace('{proposal}', ids.ownProposal), method === 'POST' ? { body: {} } : {})
        return status === 403 ? 'refused' : 'open'
      }
      const may = role !== undefined && allows(apiScopes[scope].permission, role)
      expect([path, await told('own'), await told('foreign')]).toEqual([path, may ? 'open' : 'refused', may && !(role === 'client-admin' && path.includes('{client}')) ? 'open' : 'refused'])
    }
  })
})
