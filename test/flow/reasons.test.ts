import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applicationId, clientId, connectionId, newId, organisationId, passkeyId, proposalId, sector, type AccountId } from '#kernel/id.ts'
import type { Change } from '#domain/proposal/change.ts'
import { selfTestNames } from '#domain/self-test/self-test.ts'
import { routes } from '#web/routes.ts'
import { organisationCode } from '#domain/organisation/organisation.ts'
import { personalNumber } from '#domain/registry/person.ts'
import { registered } from '#test/support/company.ts'
import { accountOf, enrol, type Enrolled } from '#test/support/journey.ts'
import { bootstrap, hire, inFourWeeks } from '#test/support/officers.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

const clients = { own: testClient({ name: 'own' }), stopped: testClient({ name: 'stopped' }), secretly: testClient({ name: 'secretly', proof: 'client_secret_basic' }) }
const writes = routes.flatMap(({ route }) => (route.startsWith('POST /quan-tri') ? [route] : []))

/** What asks for something else in its place. */
const otherwise: Readonly<Record<string, string>> = {
  'POST /quan-tri/phe-duyet/:id/dong-y': 'signs the reason that the proposer gave, with the rest',
  'POST /quan-tri/nhat-ky/tra-cuu': 'asks for the number of a case and its ground',
  'POST /quan-tri/quay': 'asks for the number of a case and what the person came for',
  'POST /quan-tri/quay/:id/ma': 'asks what the officer has seen',
  'POST /quan-tri/quay/:id/chip': 'lets a reader in for the application that has a case and a purpose',
  'POST /quan-tri/quay/:id/so': 'asks whether two numbers are the same',
  'POST /quan-tri/quay/:id/tu-choi': 'asks for one of the grounds on which the law lets a desk refuse',
  'POST /quan-tri/to-chuc/:id/tu-choi': 'asks for one of the grounds on which the authority refuses',
  'POST /quan-tri/ung-dung/:client/lien-ket': 'changes nothing: an organisation asks about its own subjects, which is on record',
}

/** A form on a page: what a browser would send of it when nothing is typed, and what can be typed. */
function formOf(page: string, ending: string): { action: string; sent: Record<string, string>; names: readonly string[] } {
  const form = [...page.matchAll(/<form\b[^>]*>[^]*?<\/form>/g)].map(([text]) => text).find((text) => new RegExp(`action="[^"]*${ending}"`).test(text)) ?? ''
  const name = (tag: string) => /\bname="([^"]*)"/.exec(tag)?.[1] ?? ''
  const inputs = [...form.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag).filter((tag) => !/type="(radio|checkbox)"/.test(tag))
  const texts = [...form.matchAll(/<textarea\b[^>]*>/g)].map(([tag]) => name(tag))
  const sent = Object.fromEntries([...inputs.map((tag) => [name(tag), /\bvalue="([^"]*)"/.exec(tag)?.[1] ?? '']), ...texts.map((one) => [one, ''])])
  return { action: /action="([^"]*)"/.exec(form)?.[1] ?? '', sent, names: texts }
}

describe('every write of the console asks for a reason', () => {
  let server: TestServer
  let officer: Enrolled
  const ids: Record<string, string> = {}
  beforeAll(async () => {
    server = await startServer({ clients: () => Object.values(clients).map(({ metadata }) => metadata) })
    const party = await makeRelyingParty(clients.own.party(server.issuer))
    ;[officer] = [await enrol(server, party)]
    const colleague = await enrol(server, party)
    await bootstrap(server, [officer, 'super-admin'], [officer, 'auditor'], [colleague, 'approver'])
    await hire(server, officer, 'client-admin', 'own.example')
    await seed(await accountOf(server, officer), await accountOf(server, colleague))
    await seedFiles(await enrol(server, party), await accountOf(server, colleague))
  })
  afterAll(() => server.close())

  async function seed(mine: AccountId, other: AccountId) {
    const { proposals, connections, database: db } = server.house
    const add = async (change: Change, proposer: AccountId) => {
      const proposal = { id: proposalId.parse(newId()), change, proposer, proposedAt: new Date(), reason: 'x' }
      await proposals.add(proposal, { type: 'proposal.made', proposal: proposal.id, act: change.act, subject: 'x', by: proposer })
      return proposal
    }
    const end = { act: 'client.end', client: clientId.parse('own') } as const
    ids['/phe-duyet/rut-lai'] = (await add(end, mine)).id
    ids['/phe-duyet/tra-lai'] = (await add(end, other)).id
    const secret = await add({ act: 'client.secret', client: clientId.parse('secretly'), keeps_days: 7 }, mine)
    const evidence = { passkey: passkeyId.parse('AAAA'), publicKey: 'AA', hardwareBound: true, rpId: 'x', origin: 'x', clientDataJSON: 'AA', authenticatorData: 'AA', signature: 'AA' }
    await proposals.decide(secret, { decision: { is: 'approved', by: other, at: new Date(), evidence }, event: { type: 'proposal.approved', proposal: secret.id, act: 'client.secret', subject: 'secretly', proposer: mine, by: other } })
    await db.change(sql`update client set state = 'suspended' where id = 'stopped'`)
    const request = connectionId.parse(newId())
    const tried = clientId.parse('tried')
    const selfTest = { finishedAt: new Date(), results: selfTestNames.map((name) => ({ test: name, passed: true, saw: 'refused' as const, status: 400 })) }
    await connections.add({ id: request, owner: other, tried, entry: {}, state: 'draft', createdAt: new Date() })
    await connections.save(request, { entry: { client_name: 'Mới' }, sector: sector.parse('moi.example') })
    await connections.submit(request, { at: new Date(), selfTest, event: { type: 'connection.submitted', connection: request, tried, by: other } })
    ids['/ket-noi'] = request
    ids['/vai-tro'] = (await server.house.officers.rolesOf(other))[0]?.id ?? ''
    ids['/khoa'] = /"kid":"([^"]+)"/.exec(await (await fetch(`${server.issuer}/jwks`)).text())?.[1] ?? ''
    ids['/thong-bao'] = newId()
    await db.change(sql`insert into banner (id, kind, text_vi, text_en, starts_at, ends_at, set_by, reason) values (${ids['/thong-bao']}, 'information', 'a', 'a', now(), ${inFourWeeks}::date, ${mine}, 'x')`)
  }

  /** Two organisations have applied, and the application of one has been examined. */
  async function seedFiles(applicant: Enrolled, someoneElse: AccountId) {
    const { organisations, registry } = server.house
    const person = await registry.findByNumber(personalNumber.parse(applicant.citizen.number))
    if (person === undefined) throw new Error('nobody has this number')
    const by = { person: person.id, account: await accountOf(server, applicant), at: new Date() }
    for (const [ending, code] of [['/xem-xet', '0100000001'], ['/cap', '0100000002']] as const) {
      const organisation = { id: organisationId.parse(newId()), code: organisationCode.parse(code), name: `Công ty ${code}`, state: 'operating' as const, representatives: [{ number: person.number, name: person.name, since: '2020-01-01' }], source: { version: 1, confirmedAt: '2026-11-01T00:00:00Z' } }
      await registered(server, organisation)
      const id = applicationId.parse(newId())
      await organisations.apply(organisation.id, { id, reference: id.slice(-9) }, by)
      if (ending === '/cap') await organisations.examine(id, { account: someoneElse, at: new Date(), reason: 'x' })
      ids[`/to-chuc${ending}`] = id
    }
  }

  /** Where the form of a route stands, for something that it may be done to. */
  function pageOf(route: string): string {
    const path = route.replace('POST ', '')
    const [, room = ''] = /^\/quan-tri(\/[^/]+)/.exec(path) ?? []
    const client = path.endsWith('/hoat-dong-lai') ? 'stopped' : path.includes('khoa-bi-mat') ? 'secretly' : 'own'
    const place = path.replace(':client', client).replace(':id', ids[`${room}${path.slice(path.lastIndexOf('/'))}`] ?? ids[room] ?? '')
    return routes.some((one) => one.route === `GET ${path}`) ? place : place.slice(0, place.lastIndexOf('/'))
  }

  const asked = writes.filter((route) => !Object.hasOwn(otherwise, route))

  test('there are such writes, and each that asks for something else is one of them', () => {
    expect(asked.length).toBeGreaterThanOrEqual(18)
    expect(Object.keys(otherwise).filter((route) => !writes.some((one) => one === route))).toEqual([])
  })

  test.each(asked)('%s has a field for it, and without one is refused with that field', async (route) => {
    const page = await officer.visitor.open(`${server.issuer}${pageOf(route)}`)
    expect([page.status, page.url.pathname]).toEqual([200, pageOf(route)])
    const ending = route.slice(route.lastIndexOf('/'))
    const { action, sent, names } = formOf(page.text, ending)
    expect([action, names.filter((name) => ['reason', 'why'].includes(name))]).toEqual([expect.stringMatching(/^\/quan-tri/), [expect.any(String)]])
    const counted = async () => (await server.house.database.first(sql<{ count: number }>`select count(*) as count from audit_event`))?.count
    const before = await counted()
    for (const reason of ['', ' \t\r\n ']) {
      const told = await officer.visitor.submit(new URL(action, page.url), { ...sent, ...Object.fromEntries(names.filter((name) => ['reason', 'why'].includes(name)).map((name) => [name, reason])) }, page.url)
      expect([[400, 422].includes(told.status), told.text.includes('Hãy ghi lý do')]).toEqual([true, true])
      expect(formOf(told.text, ending).names.some((name) => ['reason', 'why'].includes(name))).toBe(true)
    }
    expect(await counted()).toBe(before)
  })
})
