import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { clientId, connectionId, newId, proposalId, sector, type AccountId, type ConnectionId } from '#kernel/id.ts'
import type { ClientEntry } from '#domain/client/entry.ts'
import type { Proposal } from '#domain/proposal/proposal.ts'
import { fillIn } from '#test/support/citizen.ts'
import { asTyped } from '#test/support/connection-form.ts'
import { makeClient, sandboxOf } from '#test/support/developer.ts'
import { accountOf, enrol, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { greenResults } from '#test/support/self-test-results.ts'
import { testClient } from '#test/support/test-clients.ts'
import type { Stop } from '#test/support/visitor.ts'

const portal = testClient({ name: 'portal' })
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
const entryOf = (id: string): ClientEntry => ({
  client_id: id, client_name: `Dịch vụ ${id}`, legal_name: { vi: 'Sở Y tế', en: 'Department of Health' }, sector: 'yte.example', relying_party_class: 'A', profile: 'fapi2',
  agreement: { number: '7/TT', signed_on: inDays(-10), ends_on: inDays(300) }, security_level: 3, contacts: ['ops@example.com'], jwks_uri: 'https://a.yte.example/jwks',
  redirect_uris: ['https://a.yte.example/callback'], post_logout_redirect_uris: [],
  purposes: [{ claims: ['name'], basis: 'law', reference: { vi: 'Luật', en: 'Law' }, purpose: { vi: 'Khám bệnh', en: 'Care' } }],
})
const green = { finishedAt: new Date(), results: greenResults }
const checklist = { 'self-test': 'yes', agreement: 'yes', 'security-level': 'yes', 'legal-basis': 'yes', 'redirect-hosts': 'yes', contacts: 'yes', logo: 'none', profile: 'yes' } as const

describe('a request to connect', () => {
  let server: TestServer
  let developer: Enrolled
  let reviewer: Enrolled
  let account: AccountId
  let reviewing: AccountId
  beforeAll(async () => {
    server = await startServer({ sandbox: true, clients: () => [portal.metadata] })
    const party = await makeRelyingParty(portal.party(server.issuer))
    ;[developer, reviewer] = [await enrol(server, party), await enrol(server, party)]
    ;[account, reviewing] = [await accountOf(server, developer), await accountOf(server, reviewer)]
    await server.house.officers.bootstrap([{ account: reviewing, role: 'super-admin', ends_on: inDays(28) }, { account, role: 'approver', ends_on: inDays(28) }], new Date())
  }, 60_000)
  afterAll(() => server.close())

  const open = ({ visitor }: Enrolled, path: string) => visitor.open(`${server.issuer}${path}`)
  const csrfOf = ({ text }: Stop) => [...text.matchAll(/name="csrf" value="([^"]+)"/g)].at(-1)?.[1] ?? ''
  let names = 0

  async function submitted(more: Partial<{ sector: string }> = {}): Promise<{ id: ConnectionId; entry: ClientEntry; tried: Awaited<ReturnType<typeof makeClient>>['id'] }> {
    const { connections } = server.house
    const tried = (await makeClient(sandboxOf(server), account)).id
    const id = connectionId.parse(newId())
    const entry = { ...entryOf(`dich-vu-${(names += 1)}`), ...more }
    await connections.add({ id, owner: account, tried, entry, state: 'draft', createdAt: new Date() })
    await connections.save(id, { entry, sector: sector.parse(entry.sector) })
    await connections.submit(id, { at: new Date(), selfTest: green, event: { type: 'connection.submitted', connection: id, tried, by: account } })
    return { id, entry, tried }
  }
  const proposalBy = (proposer: AccountId, entry: ClientEntry): Proposal => ({
    id: proposalId.parse(newId()), change: { act: 'client.register', client: clientId.parse(entry['client_id']), entry }, proposer, proposedAt: new Date(), reason: 'x', decision: undefined,
  })
  async function proposed() {
    const one = await submitted()
    const proposal = proposalBy(reviewing, one.entry)
    expect(await server.house.connections.propose(one, { proposal, checklist, events: [] })).toBe(true)
    return { ...one, proposal }
  }

  describe('A01: three people stand between it and a live client, whatever way somebody goes', () => {
    test('its owner does not propose it', async () => {
      const one = await submitted()
      await expect(server.house.connections.propose(one, { proposal: proposalBy(account, one.entry), checklist, events: [] })).rejects.toThrow(/never by its owner/)
      expect((await server.house.connections.find(one.id))?.state).toBe('submitted')
    })

    test('nor is it the proposal of another than who reviewed it', async () => {
      const [one, other] = [await proposed(), await submitted()]
      await expect(server.house.database.change(sql`update connection set reviewed_by = ${crypto.randomUUID()} where id = ${one.id}`)).rejects.toThrow(/proposed by whoever reviewed it/)
      await expect(server.house.database.change(sql`update connection set state = 'proposed', checklist = '{}', proposal = ${one.proposal.id} where id = ${other.id}`)).rejects.toThrow()
    })

    test.each(['approved', 'returned'] as const)('nor is its owner the second person: the database knows nothing %s by them', async (is) => {
      const { proposal } = await proposed()
      const said = is === 'approved' ? sql`evidence = '{}'` : sql`decision_reason = 'x'`
      await expect(server.house.database.change(sql`update proposal set state = ${is}, decided_by = ${account}, decided_at = now(), ${said} where id = ${proposal.id}`)).rejects.toThrow(/not the second person/)
      expect((await server.house.proposals.find(proposal.id))?.decision).toBeUndefined()
    })

    test('A04: an owner who tries is refused, and on record', async () => {
      const { proposal } = await proposed()
      const page = await open(developer, '/nha-phat-trien')
      for (const [path, more] of [['dong-y', { assertion: '{}' }], ['tra-lai', { reason: 'x' }]] as const) {
        const told = await developer.visitor.submit(`${server.issuer}/quan-tri/phe-duyet/${proposal.id}/${path}`, { csrf: csrfOf(page), ...more }, page.url)
        expect([path, told.status]).toEqual([path, 403])
      }
      const events = await server.house.database.rows(sql<{ data: object }>`select data from audit_event where type = 'officer.refused' and data->>'proposal' = ${proposal.id}`)
      const refusal = { data: { by: account, permission: 'client.approve', reason: 'own-proposal' } }
      expect(events).toMatchObject([refusal, refusal])
    })
  })

  describe('A01: what the reviewer says is about what they read', () => {
    test.each([['/de-xuat', { why: 'đủ' }], ['/tra-lai', { reason: 'thiếu' }]])('%s of a page from before it was edited does nothing', async (action, said) => {
      const { id, entry, tried } = await submitted()
      const page = await open(reviewer, `/quan-tri/ket-noi/${id}`)
      const { connections } = server.house
      const other = { ...entry, redirect_uris: ['https://b.yte.example/callback'] }
      await connections.sendBack({ id, entry }, { by: reviewing, at: new Date(), reason: 'x' }, { type: 'connection.returned', connection: id, owner: account, by: reviewing })
      await connections.save(id, { entry: other, sector: sector.parse('yte.example') })
      await connections.submit(id, { at: new Date(), selfTest: green, event: { type: 'connection.submitted', connection: id, tried, by: account } })
      const told = await fillIn(reviewer.visitor, page, action, said)
      expect([told.status, told.text.includes('nội dung đã đổi'), told.text.includes('b.yte.example')]).toEqual([409, true, true])
      expect((await connections.find(id))?.state).toBe('submitted')
      expect(await connections.sendBack({ id, entry }, { by: reviewing, at: new Date(), reason: 'x' }, { type: 'connection.returned', connection: id, owner: account, by: reviewing })).toBe(false)
      expect((await fillIn(reviewer.visitor, told, action, said)).status).toBe(200)
    })
  })

  test('of one client there is one at a time, also while it waits for a second person; where there are two it is said in a sentence', async () => {
    const { id, tried, proposal } = await proposed()
    const list = await open(developer, '/nha-phat-trien/ket-noi')
    const again = await developer.visitor.submit(`${server.issuer}/nha-phat-trien/ket-noi`, { csrf: csrfOf(list), client: tried }, list.url)
    expect(again.url.pathname).toBe(`/nha-phat-trien/ket-noi/${id}`)
    // From before that was ruled out.
    await server.house.database.change(sql`insert into connection (id, owner, tried, entry, created_at) values (${newId()}, ${account}, ${tried}, '{}', now())`)
    await server.house.database.change(sql`update proposal set state = 'withdrawn', decided_by = proposer, decided_at = now() where id = ${proposal.id}`)
    const told = await fillIn(reviewer.visitor, await open(reviewer, `/quan-tri/ket-noi/${id}`), '/tra-lai', { reason: 'thiếu' })
    expect([told.status, told.text]).toEqual([409, expect.stringContaining('không còn ở bước đó')])
  })

  test.each([
    ['d', { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'GEHEIM-d' }, 'Đây là khóa riêng'],
    ['k', { kty: 'oct', k: 'GEHEIM-k' }, 'Đây là khóa riêng'],
    ['p', { kty: 'RSA', n: 'n', p: 'GEHEIM-p' }, 'jwks.keys.1.p là bí mật'],
  ])('K08: the private part %s of a key that was typed into it is refused and kept nowhere, and what no field asks for is not taken', async (_part, key, says) => {
    const tried = (await makeClient(sandboxOf(server), account)).id
    const id = connectionId.parse(newId())
    await server.house.connections.add({ id, owner: account, tried, entry: entryOf('x'), state: 'draft', createdAt: new Date() })
    const write = async (more: Record<string, string>) => fillIn(developer.visitor, await open(developer, `/nha-phat-trien/ket-noi/${id}`), '/luu', { ...asTyped(entryOf('x')), ...more })
    const told = await write({ jwksUri: '', jwks: JSON.stringify({ keys: [{ kty: 'EC' }, key] }) })
    expect([told.status, told.text.includes(says)]).toEqual([422, true])
    expect((await server.house.connections.find(id))?.entry).toEqual(entryOf('x'))
    await write({ advanced: JSON.stringify({ client_secret: 'GEHEIM-s' }) })
    expect(JSON.stringify((await server.house.connections.find(id))?.entry)).not.toContain('GEHEIM')
    expect((await write({ client_secret: 'GEHEIM-s' })).status).toBe(400)
  })

  test('A03: a reviewer of one organisation is told of its requests, page by page, however many others wait', async () => {
    const own: ConnectionId[] = []
    for (const of of ['khac.example', 'rieng.example', 'khac.example', 'rieng.example', 'rieng.example']) {
      const { id } = await submitted({ sector: of })
      if (of === 'rieng.example') own.push(id)
    }
    const within = [sector.parse('rieng.example')]
    const search = (reach: 'all' | typeof within, offset = 0, most = 2) =>
      server.house.connections.search({ within: reach, state: 'waiting', overdueBefore: new Date(0), order: 'oldest', offset, most })
    const [first, rest] = [await search(within), await search(within, 2)]
    expect([first, rest].map((page) => page.rows.map(({ id }) => id))).toEqual([own.slice(0, 2), own.slice(2)])
    expect([first.all, await search([], 0, 9), (await search('all', 0, 500)).rows.length >= 5]).toEqual([3, { rows: [], all: 0 }, true])
    const page = await open(reviewer, '/quan-tri/ket-noi?to=rieng.example')
    expect([own.map((id) => page.text.includes(id)), page.text.includes('1–3 trong 3')]).toEqual([[true, true, true], true])
  })

  test('X05: a developer who begins and removes without end is told to wait', async () => {
    const busy = await enrol(server, await makeRelyingParty(portal.party(server.issuer)))
    const page = await open(busy, '/nha-phat-trien')
    const statuses = new Set<number>()
    for (let turn = 0; turn <= server.house.rules.limits['developer-acts-per-account'].points; turn += 1) {
      const told = await busy.visitor.submit(`${server.issuer}/nha-phat-trien/thu-nobody/xoa`, { csrf: csrfOf(page) }, page.url)
      statuses.add(told.status)
    }
    expect([...statuses]).toEqual([200, 429])
    const list = await open(busy, '/nha-phat-trien/ket-noi')
    expect((await busy.visitor.submit(`${server.issuer}/nha-phat-trien/ket-noi`, { csrf: csrfOf(page), client: 'x' }, list.url)).status).toBe(429)
    expect(list.status).toBe(200)
  }, 60_000)
})
