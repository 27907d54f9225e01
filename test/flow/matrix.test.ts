import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountId } from '#kernel/id.ts'
import { permissions, type Permission } from '#domain/officer/permission.ts'
import type { Post } from '#domain/officer/post.ts'
import { roles, rolesOfPost, rolesOfSector, type Role } from '#domain/officer/role.ts'
import { routes } from '#web/routes.ts'
import { trustedCountry } from '#test/support/chip-at-desk.ts'
import { fillIn } from '#test/support/citizen.ts'
import { accountOf, enrol, get, post, tell, type Enrolled, type Told } from '#test/support/journey.ts'
import { allDay, inFourWeeks } from '#test/support/officers.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'
import { formAt, titleOf } from '#test/support/visitor.ts'

const [own, foreign] = [testClient({ name: 'own', sector: 'own.example' }), testClient({ name: 'foreign', sector: 'foreign.example' })]

/** Every route of the console, with a name in place of each parameter. */
const console = routes.flatMap(({ route, who }) => (isPermission(who) ? [{ route, who }] : []))
const writes = console.filter(({ route }) => route.startsWith('POST'))
const allowed = (permission: Permission, role: Role) => (permissions[permission] as readonly Role[]).includes(role)

function isPermission(who: (typeof routes)[number]['who']): who is Permission {
  return who !== 'anyone' && who !== 'citizen'
}

const noReason = { reason: '' }
/** Each form as its page sends it when nothing is typed: whole, and without the reason that would make it an act. */
const forms: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'POST /quan-tri/phe-duyet/:id/dong-y': { assertion: '{}' },
  'POST /quan-tri/phe-duyet/:id/tra-lai': noReason,
  'POST /quan-tri/phe-duyet/:id/rut-lai': noReason,
  'POST /quan-tri/dang-ky-ung-dung': noReason,
  'POST /quan-tri/ung-dung/:client/thay-doi': noReason,
  'POST /quan-tri/ung-dung/:client/tam-dung': { name: '', ...noReason },
  'POST /quan-tri/ung-dung/:client/hoat-dong-lai': noReason,
  'POST /quan-tri/ung-dung/:client/cham-dut': noReason,
  'POST /quan-tri/ung-dung/:client/khoa-bi-mat': noReason,
  'POST /quan-tri/ung-dung/:client/khoa-bi-mat/nhan': noReason,
  'POST /quan-tri/ung-dung/:client/khoa-bi-mat/thu-hoi': noReason,
  'POST /quan-tri/ung-dung/:client/lien-ket': {},
  'POST /quan-tri/khoa/:id/dung': { when: 'planned', at: '', ...noReason },
  'POST /quan-tri/khoa/:id/ngung': noReason,
  'POST /quan-tri/khoa/:id/thu-hoi': noReason,
  'POST /quan-tri/thong-bao/moi': { vi: '', en: '', startsAt: '', endsAt: '', ...noReason },
  'POST /quan-tri/thong-bao/:id/go': noReason,
  'POST /quan-tri/khan-cap': noReason,
  'POST /quan-tri/vai-tro/de-xuat': { number: '', sector: '', endsOn: '', ...noReason },
  'POST /quan-tri/vai-tro/:id/ket-thuc': noReason,
  'POST /quan-tri/can-bo/nhieu': { list: '', ...noReason },
  'POST /quan-tri/quay': { number: '', case: '' },
  'POST /quan-tri/quay/:id/ma': {},
  'POST /quan-tri/quay/:id/chip': {},
  'POST /quan-tri/quay/:id/chip/nghi-ngo': noReason,
  'POST /quan-tri/quay/:id/so': { same: 'yes' },
  'POST /quan-tri/quay/:id/tu-choi': {},
  'POST /quan-tri/to-chuc/:id/xem-xet': noReason,
  'POST /quan-tri/to-chuc/:id/cap': noReason,
  'POST /quan-tri/to-chuc/:id/tu-choi': {},
  'POST /quan-tri/nhat-ky/tra-cuu': { whom: '', case: '' },
  'POST /quan-tri/ket-noi/:id/tra-lai': { seen: '', ...noReason },
  'POST /quan-tri/ket-noi/:id/de-xuat': { seen: '', why: '' },
}
/** A field that no form has. */
const wrong = { 'khong-co-o-nay': 'x' }

/** `shut`: for want of the permission. `wrong`: for the form. `gone`: there is no such thing, or it is none of theirs. `open`: whatever the page says. */
type Outcome = 'shut' | 'wrong' | 'gone' | 'open'

/** By status and title together; what is neither, and a server that fails, is no answer to the question. */
function outcomeOf({ status, text }: Pick<Told, 'status' | 'text'>): Outcome {
  const title = titleOf(text)
  if (status === 403 && title.includes('không có quyền')) return 'shut'
  if (status === 400 && title.includes('biểu mẫu không đúng')) return 'wrong'
  if (status === 404) return 'gone'
  if ([200, 303, 409, 422].includes(status)) return 'open'
  throw new Error(`${status}: ${title}`)
}

describe('A03: the matrix of routes, roles, owners and posts', () => {
  let server: TestServer
  let officer: Enrolled
  let cookie: string
  let csrf: string

  beforeAll(async () => {
    const trusted = trustedCountry()
    server = await startServer({ clients: () => [own.metadata, foreign.metadata], env: trusted.env, files: trusted.files })
    officer = await enrol(server, await makeRelyingParty(own.party(server.issuer)))
    await be('auditor')
    await officer.visitor.open(`${server.issuer}/quan-tri`)
    cookie = officer.visitor.jar.header(new URL(server.issuer))
    // Bound to the session, so that one serves every form.
    csrf = formAt((await get(`${server.issuer}/tai-khoan/dang-xuat-moi-noi`, { cookie })).text, '/dang-xuat-moi-noi').fields['csrf'] ?? ''
  })
  afterAll(() => server.close())

  /** From now on this is the officer's only role, at this post where it needs one. */
  async function be(role: Role | undefined, at: Post = allDay) {
    const account = await accountOf(server, officer)
    await server.house.database.rows(sql`update officer_role set ended_at = now() where account_id = ${account} and ended_at is null`)
    if (role === undefined) return
    const sector = rolesOfSector.includes(role) ? 'own.example' : null
    const place = rolesOfPost.includes(role) ? JSON.stringify(at) : null
    await server.house.database.rows(sql`
      insert into officer_role (id, account_id, role, sector, post, since, ends_on) values (${randomUUID()}, ${account}, ${role}, ${sector}, ${place}::jsonb, now(), ${inFourWeeks})`)
  }

  const nobodys = (path: string) => (path.startsWith('/quan-tri/khoa/') ? 'x'.repeat(43) : accountId.parse(randomUUID()))
  const placed = (route: string, client: string, id?: string) => {
    const [method = '', path = ''] = route.split(' ')
    return { method, url: `${server.issuer}${path.replaceAll(':client', client).replaceAll(/:\w+/g, id ?? nobodys(path))}` }
  }

  type Asked = { client?: string; id?: string; form?: 'whole' | 'wrong' }
  async function outcome(route: string, { client = 'own', id, form = 'whole' }: Asked = {}): Promise<Outcome> {
    const { method, url } = placed(route, client, id)
    if (method === 'GET') return outcomeOf(await get(url, { cookie }))
    return outcomeOf(await send(route, url, { ...forms[route], ...(form === 'wrong' && wrong) }))
  }

  /** As a browser would send the form of this route, with a file where it takes one. */
  async function send(route: string, url: string, fields: Readonly<Record<string, string>>): Promise<Told> {
    const headers = { cookie, origin: server.issuer }
    if (!routes.some((one) => one.route === route && one.upload !== undefined)) return post(url, { csrf, ...fields }, headers)
    const body = new FormData()
    for (const [name, value] of Object.entries({ csrf, ...fields })) body.set(name, value)
    body.set('file', new Blob(['x']), 'x.csv')
    return tell(await fetch(url, { method: 'POST', body, headers }))
  }

  // A role of one sector is shut out of what belongs to the whole system, whatever the table gives it.
  const ofSector = ['console.open', 'client.read', 'client.propose', 'connection.review', 'link.read', 'statistics.read']
  const mayCome = (who: Permission, role: Role | undefined) => role !== undefined && allowed(who, role) && (!rolesOfSector.includes(role) || ofSector.includes(who))

  test('there are routes to look at, each names a permission that exists, and each form is known', () => {
    expect(console.length).toBeGreaterThanOrEqual(12)
    expect(console.filter(({ who }) => !(who in permissions))).toEqual([])
    expect(Object.keys(forms).toSorted()).toEqual(writes.map(({ route }): string => route).toSorted())
  })

  test.each([...roles, undefined])('%s opens what the table says and nothing else', async (role) => {
    await be(role)
    const told = []
    for (const { route, who } of console) told.push([route, who, (await outcome(route)) === 'shut'])
    expect(told).toEqual(console.map(({ route, who }) => [route, who, !mayCome(who, role)]))
  }, 30_000)

  test.each([...roles, undefined])('a wrong form of %s is refused for the form where the door is open, and for the permission where it is shut', async (role) => {
    await be(role)
    const told = []
    for (const { route } of writes) {
      const whole = await outcome(route)
      told.push([route, await outcome(route, { form: 'wrong' }), whole === 'gone' ? 'open' : whole])
    }
    expect(told).toEqual(writes.map(({ route, who }) => (mayCome(who, role) ? [route, 'wrong', 'open'] : [route, 'shut', 'shut'])))
  }, 30_000)

  test('what belongs to another sector is shut for a role of one sector, and its own is not', async () => {
    await be('client-admin')
    const ofClient = console.filter(({ route, who }) => route.includes(':client') && allowed(who, 'client-admin'))
    const told = []
    for (const { route } of ofClient) told.push([route, (await outcome(route)) === 'shut', (await outcome(route, { client: 'foreign' })) === 'shut'])
    expect(told).toEqual(ofClient.map(({ route }) => [route, false, true]))
  })

  test('what was begun in one commune is there for its officer at their post, and is none for an officer of another commune', async () => {
    const ofApplication = console.filter(({ route }) => route.includes('/quay/:id'))
    expect(ofApplication.length).toBeGreaterThanOrEqual(5)
    await be('enrolment-officer')
    const desk = `${server.issuer}/quan-tri/quay`
    const opened = await fillIn(officer.visitor, await officer.visitor.open(desk), '/quay', { number: server.nextPerson().number, case: '000.00.19.H29-261104-0001', purpose: 'level-2' })
    const id = opened.url.pathname.slice(opened.url.pathname.lastIndexOf('/') + 1)
    const [reference = ''] = /<span class="seq">[^<]+<\/span>/.exec((await get(desk, { cookie })).text) ?? []
    const at = async (post: Post) => {
      await be('enrolment-officer', post)
      const told = []
      for (const { route } of ofApplication) told.push([route, await outcome(route, { id })])
      return { told, listed: (await get(desk, { cookie })).text.includes(reference) }
    }
    const all = (is: Outcome, listed: boolean) => ({ told: ofApplication.map(({ route }) => [route, is]), listed })
    expect(reference).not.toBe('')
    expect(await at({ ...allDay, commune: 'xã Tân Nhựt' })).toEqual(all('gone', false))
    // The same desk by name, elsewhere, and another desk of the commune.
    expect(await at({ ...allDay, commune: 'phường Sài Gòn' })).toEqual(all('gone', false))
    expect(await at({ ...allDay, desk: 'Quầy 2' })).toEqual(all('open', true))
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
    expect(await outcome(refused.route)).toBe('shut')
    const [last] = await server.house.database.rows(sql<{ data: Record<string, unknown> }>`select data from audit_event where type = 'officer.refused' order by id desc limit 1`)
    expect(last?.data).toMatchObject({ by: await accountOf(server, officer), permission: refused.who, reason: 'not-allowed' })
  })
})
