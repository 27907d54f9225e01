import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountId } from '#kernel/id.ts'
import { permissions, type Permission } from '#domain/officer/permission.ts'
import { roles, rolesOfSector, type Role } from '#domain/officer/role.ts'
import { routes } from '#web/routes.ts'
import { accountOf, enrol, get, post, tell, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'
import { formAt, titleOf } from '#test/support/visitor.ts'

const [own, foreign] = [testClient({ name: 'own', sector: 'own.example' }), testClient({ name: 'foreign', sector: 'foreign.example' })]
const inFourWeeks = new Date(Date.now() + 28 * 86_400_000).toISOString().slice(0, 10)

/** Every route of the console, with a name in place of each parameter. */
const console = routes.flatMap(({ route, who }) => (isPermission(who) ? [{ route, who }] : []))
const allowed = (permission: Permission, role: Role) => (permissions[permission] as readonly Role[]).includes(role)

function isPermission(who: (typeof routes)[number]['who']): who is Permission {
  return who !== 'anyone' && who !== 'citizen'
}

describe('A03: the matrix of routes, roles and owners', () => {
  let server: TestServer
  let officer: Enrolled
  let cookie: string

  beforeAll(async () => {
    server = await startServer({ clients: () => [own.metadata, foreign.metadata] })
    officer = await enrol(server, await makeRelyingParty(own.party(server.issuer)))
    await be('auditor')
    await officer.visitor.open(`${server.issuer}/quan-tri`)
    cookie = officer.visitor.jar.header(new URL(server.issuer))
  })
  afterAll(() => server.close())

  /** From now on this is the officer's only role. */
  async function be(role: Role | undefined) {
    const account = await accountOf(server, officer)
    await server.house.database.rows(sql`update officer_role set ended_at = now() where account_id = ${account} and ended_at is null`)
    if (role === undefined) return
    const sector = rolesOfSector.includes(role) ? 'own.example' : null
    await server.house.database.rows(sql`
      insert into officer_role (id, account_id, role, sector, since, ends_on) values (${randomUUID()}, ${account}, ${role}, ${sector}, now(), ${inFourWeeks})`)
  }

  const placed = (route: string, client: string) => {
    const [method = '', path = ''] = route.split(' ')
    return { method, url: `${server.issuer}${path.replaceAll(':client', client).replaceAll(/:\w+/g, accountId.parse(randomUUID()))}` }
  }

  /** Whether the door was shut: the page that says so, with the status that goes with it. */
  async function isRefused(route: string, client = 'own'): Promise<boolean> {
    const { method, url } = placed(route, client)
    const told = method === 'GET' ? await get(url, { cookie }) : await send(route, url, { cookie, origin: server.issuer })
    return told.status === 403 && titleOf(told.text).includes('không có quyền')
  }

  /** As a browser would send the form of this route, with a file where it takes one. */
  async function send(route: string, url: string, headers: Record<string, string>) {
    if (!routes.some((one) => one.route === route && one.upload !== undefined)) return post(url, { csrf: await csrf() }, headers)
    const body = new FormData()
    body.set('csrf', await csrf())
    body.set('file', new Blob(['x']), 'x.csv')
    return tell(await fetch(url, { method: 'POST', body, headers }))
  }

  let known: string | undefined
  /** Bound to the session, so that one serves every form. */
  async function csrf(): Promise<string> {
    known ??= formAt((await get(`${server.issuer}/tai-khoan/dang-xuat-moi-noi`, { cookie })).text, '/dang-xuat-moi-noi').fields['csrf']
    if (known === undefined) throw new Error('no form on this page')
    return known
  }

  test('there are routes to look at, and each names a permission that exists', () => {
    expect(console.length).toBeGreaterThanOrEqual(12)
    expect(console.filter(({ who }) => !(who in permissions))).toEqual([])
  })

  test.each([...roles, undefined])('%s opens what the table says and nothing else', async (role) => {
    await be(role)
    const told = []
    for (const { route, who } of console) told.push([route, who, await isRefused(route)])
    // A role of one sector is shut out of what belongs to the whole system, whatever the table gives it.
    const forList = role !== undefined && rolesOfSector.includes(role) ? ['console.open', 'client.read', 'client.propose', 'connection.review', 'link.read', 'statistics.read'] : Object.keys(permissions)
    const expected = console.map(({ route, who }) => [route, who, role === undefined || !allowed(who, role) || !forList.includes(who)])
    expect(told).toEqual(expected)
  })

  test('what belongs to another sector is shut for a role of one sector, and its own is not', async () => {
    await be('client-admin')
    const ofClient = console.filter(({ route, who }) => route.includes(':client') && allowed(who, 'client-admin'))
    const told = []
    for (const { route } of ofClient) told.push([route, await isRefused(route, 'own'), await isRefused(route, 'foreign')])
    expect(told).toEqual(ofClient.map(({ route }) => [route, false, true]))
  })

  test('whoever is not signed in is led to sign in by every page, and no form of theirs is taken', async () => {
    const told = []
    for (const { route } of console) {
      const { method, url } = placed(route, 'own')
      const { status, headers } = method === 'GET' ? await get(url) : await post(url, {}, { origin: server.issuer })
      told.push([route, status, (headers.get('location') ?? '').includes('/authorize?')])
    }
    expect(told).toEqual(console.map(({ route }) => [route, 303, true]))
  })

  test('each refusal is on record, with who and what', async () => {
    await be('analyst')
    const refused = console.find(({ who }) => !allowed(who, 'analyst'))
    if (refused === undefined) throw new Error('an analyst may do everything')
    await isRefused(refused.route)
    const [last] = await server.house.database.rows(sql<{ data: Record<string, unknown> }>`select data from audit_event where type = 'officer.refused' order by id desc limit 1`)
    expect(last?.data).toMatchObject({ by: await accountOf(server, officer), permission: refused.who, reason: 'not-allowed' })
  })
})
