import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { clientId, newId, proposalId, type AccountId, type ProposalId } from '#kernel/id.ts'
import { readClient } from '#domain/client/client.ts'
import { clientDigest, entryOf } from '#domain/client/entry.ts'
import { acts, subjectOf, type Act, type Change } from '#domain/proposal/change.ts'
import type { approvalEvidence } from '#domain/proposal/proposal.ts'
import type { ApprovalFault } from '#domain/proposal/verify.ts'
import { stageKey } from '#keys/ring-change.ts'
import { accountOf, enrol, get, type Enrolled } from '#test/support/journey.ts'
import { aDoubt } from '#test/support/chip-at-desk.ts'
import { approve, bootstrap, inFourWeeks } from '#test/support/officers.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

const portal = testClient({ name: 'portal' })
const secretive = testClient({ name: 'secretive', proof: 'client_secret_basic' })
const library = testClient({ name: 'library' })
const eid = join(import.meta.dirname, '../../bin/eid.cjs')
const soon = { timeout: 10_000, interval: 100 }

describe.skipIf(!engines.includes('servers'))('A01: `eid audit verify-approval`, beside a running server,', () => {
  let server: TestServer
  let first: Enrolled
  let second: Enrolled
  let proposer: AccountId
  let holder: AccountId
  beforeAll(async () => {
    server = await startServer({ engine: 'servers', clients: () => [portal.metadata, secretive.metadata], keys: { noticeHours: 0, publishedHours: 0 } })
    const party = await makeRelyingParty(portal.party(server.issuer))
    let third: Enrolled
    ;[first, second, third] = [await enrol(server, party), await enrol(server, party), await enrol(server, party)]
    await bootstrap(server, [first, 'super-admin'], [second, 'super-admin'])
    ;[proposer, holder] = [await accountOf(server, first), await accountOf(server, third)]
  })
  afterAll(() => server.close())

  /** A process of its own, as whoever doubts an approval runs it. */
  const verify = (id: string) => new Promise<{ code: number; out: string }>((done) => {
    execFile(process.execPath, [eid, 'audit', 'verify-approval', id, '--json'], { env: { ...process.env, ...server.env } }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : 0, out: `${stdout}${stderr}` })
    })
  })
  const faulty = (fault: ApprovalFault) => ({ code: 1, out: expect.stringContaining(`"fault":"${fault}"`) })
  const sound = { code: 0, out: expect.stringContaining('"fault":null') }

  async function propose(change: Change): Promise<ProposalId> {
    const proposal = { id: proposalId.parse(newId()), change, proposer, proposedAt: new Date(), reason: 'vì cần', through: 'command line' } as const
    await server.house.proposals.add(proposal, { type: 'proposal.made', proposal: proposal.id, act: change.act, subject: subjectOf(change), by: proposer })
    return proposal.id
  }
  async function sign(id: ProposalId): Promise<void> {
    const { text } = await approve(second, new URL(`${server.issuer}/quan-tri/phe-duyet/${id}`))
    expect(text).toContain('Đã phê duyệt')
  }
  async function approved(change: Change): Promise<ProposalId> {
    const id = await propose(change)
    await sign(id)
    return id
  }

  function clientOf(changes: Record<string, unknown> = {}) {
    const read = readClient({ ...library.metadata, ...changes }, { allowLocal: true })
    if ('fault' in read) throw new Error(read.fault)
    return read.client
  }
  async function changed(): Promise<Change> {
    const live = await server.house.clients.find(clientId.parse('library'))
    if (live === undefined) throw new Error('the library is not registered')
    return { act: 'client.change', client: live.id, from: clientDigest(live), entry: { ...entryOf(live), client_name: 'Thư viện mới' } }
  }
  async function suspended(): Promise<Change> {
    const client = clientId.parse('library')
    await server.house.clients.suspend(client, { by: { role: 'approver' }, at: new Date(), event: { type: 'client.suspended', client, by: proposer, reason: 'thử' } })
    return { act: 'client.resume', client }
  }
  async function staged() {
    const { kid } = (await stageKey(server.keyringFile, 'ES256', new Date())).jwk
    await expect.poll(async () => (await get(`${server.issuer}/jwks`)).text, soon).toContain(kid)
    return { kid, alg: 'ES256' }
  }
  /** Somebody's card that a third person has read, and that the state has not signed. */
  async function doubted(): Promise<Change> {
    const { reading, reference } = await aDoubt(server, { person: server.nextPerson(), officer: holder })
    return { act: 'doubt.end', readings: [{ id: reading, chip: 'sod.signature', at: new Date().toISOString(), by: holder, commune: 'phường Bến Thành', reference }] }
  }
  const grants = () => [{ account: holder, role: 'support', ends_on: inFourWeeks }] satisfies Extract<Change, { act: 'role.many' }>['grants']

  /** One of each kind; a kind that does not stand here does not compile. In the order in which one makes the next possible. */
  const changes = {
    'client.register': async () => ({ act: 'client.register', client: clientId.parse('library'), entry: entryOf(clientOf()) }),
    'client.change': changed,
    'client.resume': suspended,
    'client.end': async () => ({ act: 'client.end', client: clientId.parse('library') }),
    'client.secret': async () => ({ act: 'client.secret', client: clientId.parse('secretive'), keeps_days: 7 }),
    'role.grant': async () => ({ act: 'role.grant', role: { account: holder, role: 'auditor', ends_on: inFourWeeks } }),
    'role.many': async () => ({ act: 'role.many', grants: grants(), ends: [] }),
    'key.activate': async () => ({ act: 'key.activate', ...(await staged()), at: 'approval' }),
    'key.retire': async () => ({ act: 'key.retire', ...(await staged()) }),
    'key.revoke': async () => ({ act: 'key.revoke', ...(await staged()) }),
    'break-glass.seal': async () => ({ act: 'break-glass.seal' }),
    'doubt.end': doubted,
  } as const satisfies Record<Act, () => Promise<Change>>

  test('holds for an approval of every kind, and for none before it is given', async () => {
    const made: ProposalId[] = []
    for (const make of Object.values<() => Promise<Change>>(changes)) made.push(await approved(await make()))
    expect(made).toHaveLength(acts.length)
    for (const id of made) expect(await verify(id)).toEqual(sound)
    const waiting = await propose({ act: 'break-glass.seal' })
    expect(await verify(waiting)).toMatchObject(faulty('not-approved'))
    expect((await verify('00000000-0000-7000-8000-000000000000')).out).toContain('There is no proposal with this id.')
  }, 240_000)

  /** What somebody with the rights of the database writes into each column, and what that is found to be. */
  const alterations = {
    act: [[`'role.many'`, 'unreadable']],
    subject: [[`'another'`, 'unreadable']],
    change: [[`jsonb_set(change, '{role,role}', '"super-admin"')`, 'wrong-signature'], [`'{"act":"role.grant"}'`, 'unreadable'], [`'[]'`, 'unreadable']],
    proposer: [['gen_random_uuid()', 'wrong-signature'], ['decided_by', 'same-person']],
    through: [['null', 'wrong-signature'], [`'not a client'`, 'unreadable']],
    proposed_at: [[`proposed_at + interval '1 second'`, 'wrong-signature']],
    reason: [[`'khác'`, 'wrong-signature']],
    state: [[`'waiting', decided_by = null, decided_at = null, evidence = null`, 'gone'], [`'returned', evidence = null, decision_reason = 'x'`, 'gone']],
    decided_by: [['gen_random_uuid()', 'foreign-key'], ['null', 'unreadable']],
    decided_at: [[`decided_at - interval '1 day'`, 'unrecorded']],
    decision_reason: [[`'x'`, 'unreadable']],
    evidence: [[`evidence - 'signature'`, 'unreadable'], ['null', 'unreadable']],
  } as const satisfies Record<string, readonly (readonly [string, ApprovalFault])[]>

  /** The same for each member of the evidence, in the order in which it stands there. */
  const evidence = {
    passkey: [`"AAAA"`, 'foreign-key'],
    publicKey: [`"AAAA"`, 'foreign-key'],
    hardwareBound: [`true`, 'unrecorded'],
    rpId: [`"elsewhere.example"`, 'wrong-signature'],
    origin: [`"https://elsewhere.example"`, 'wrong-signature'],
    clientDataJSON: [`"e30"`, 'wrong-signature'],
    authenticatorData: [`"AAAA"`, 'wrong-signature'],
    signature: [`"AAAA"`, 'wrong-signature'],
  } as const satisfies Record<keyof typeof approvalEvidence.shape, readonly [string, ApprovalFault]>

  test('finds each column that was altered, also where what is left is no proposal, and a row that was taken away', async () => {
    const { database } = server.house
    const id = await approved({ act: 'role.grant', role: { account: holder, role: 'analyst', ends_on: inFourWeeks } })
    const columns = await database.rows(sql<{ name: string }>`select column_name as name from information_schema.columns where table_name = 'proposal' and table_schema = 'public'`)
    expect(columns.map(({ name }) => name).filter((name) => name !== 'id').toSorted()).toEqual(Object.keys(alterations).toSorted())
    await database.change(sql.raw(`create table kept_proposal as select * from proposal where id = '${id}'`))
    const before = 'alter table proposal disable trigger user; alter table proposal drop constraint if exists proposal_two_people; alter table proposal drop constraint if exists proposal_decided; alter table proposal drop constraint if exists proposal_signed; alter table proposal drop constraint if exists proposal_decided_with_reason'
    const as = (statement: string) => database.change(sql.raw(`do $$ begin ${before}; ${statement}; alter table proposal enable trigger user; end $$`))
    const restore = () => as(`delete from proposal where id = '${id}'; insert into proposal select * from kept_proposal`)
    const found = async (what: string, statement: string, fault: ApprovalFault) => {
      await as(`${statement} where id = '${id}'`)
      expect([what, await verify(id)]).toEqual([what, faulty(fault)])
      await restore()
    }
    for (const [column, all] of Object.entries(alterations)) {
      for (const [value, fault] of all) await found(`${column} = ${value}`, `update proposal set ${column} = ${value}`, fault)
    }
    for (const [member, [value, fault]] of Object.entries(evidence)) {
      await found(`evidence.${member}`, `update proposal set evidence = jsonb_set(evidence, '{${member}}', '${value}')`, fault)
    }
    await found('the whole row', 'delete from proposal', 'gone')
    expect(await verify(id)).toEqual(sound)
  }, 240_000)

  test('A02: does not hold where the key was named only later, or by nobody: it was put there by whoever could write keys', async () => {
    const id = await approved({ act: 'role.grant', role: { account: holder, role: 'support', ends_on: inFourWeeks } })
    const named = (statement: string) => server.house.database.change(sql.raw(`do $$ begin alter table officer_key disable trigger user; ${statement}; alter table officer_key enable trigger user; end $$`))
    expect(await verify(id)).toEqual(sound)
    await named(`update officer_key set named_at = named_at + interval '1 hour'`)
    expect(await verify(id)).toMatchObject(faulty('unnamed-key'))
    await named(`update officer_key set named_at = named_at - interval '1 hour'`)
    expect(await verify(id)).toEqual(sound)
    await named('delete from officer_key')
    expect(await verify(id)).toMatchObject(faulty('unnamed-key'))
  }, 60_000)
})
