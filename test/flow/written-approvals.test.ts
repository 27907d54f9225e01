import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientId, newId, proposalId, type ProposalId } from '#kernel/id.ts'
import type { Role } from '#domain/officer/role.ts'
import { subjectOf, type Change } from '#domain/proposal/change.ts'
import type { Effect } from '#domain/proposal/effect.ts'
import { digestOf, type Proposal } from '#domain/proposal/proposal.ts'
import { tellAltered } from '#domain/proposal/watch.ts'
import { proposals } from '#storage/postgres/proposals.ts'
import { fillIn } from '#test/support/citizen.ts'
import { openAs } from '#test/support/database-users.ts'
import { accountOf, enrol, type Enrolled } from '#test/support/journey.ts'
import { approve, bootstrap, inFourWeeks } from '#test/support/officers.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { approvalBy } from '#test/support/signed-approval.ts'
import { testClient } from '#test/support/test-clients.ts'

const portal = testClient({ name: 'portal' })
const secretive = testClient({ name: 'secretive', proof: 'client_secret_basic' })
const eid = join(import.meta.dirname, '../../bin/eid.cjs')

/** The console has broken in, and its user of the database is somebody's who writes by themselves: each statement is one that the tables take. */
describe.skipIf(!engines.includes('servers'))('A01: what is written into the database as if two people had decided it, beside two planes,', () => {
  let server: TestServer
  let first: Enrolled
  let second: Enrolled
  let low: Enrolled
  let thief: Enrolled
  let friend: Enrolled
  beforeAll(async () => {
    server = await startServer({ engine: 'servers', apart: true, clients: () => [portal.metadata, secretive.metadata] })
    const party = await makeRelyingParty(portal.party(server.issuer))
    ;[first, second, low, thief, friend] = [await enrol(server, party), await enrol(server, party), await enrol(server, party), await enrol(server, party), await enrol(server, party)]
    await bootstrap(server, [first, 'super-admin'], [second, 'super-admin'], [low, 'analyst'])
  })
  afterAll(() => server.close())

  type Writing = { change: Change; by: Enrolled; /** Whether their key has signed it. */ signs: boolean; effectOf: (proposal: ProposalId, at: Date) => Effect }
  /** With the console's user of the database, and a program of one's own: a proposal of the first, its approval, its event and what it does. */
  async function writeApproved({ change, by, signs, effectOf }: Writing): Promise<ProposalId> {
    const store = proposals(await openAs(server.house.database, 'console'), server.house.keyring.sealer, { mostWaiting: 20 })
    const [proposer, at] = [await accountOf(server, first), new Date()]
    const proposal: Proposal = { id: proposalId.parse(newId()), change, proposer, proposedAt: at, reason: 'x' }
    const event = { proposal: proposal.id, act: change.act, subject: subjectOf(change) } as const
    await store.add(proposal, { type: 'proposal.made', ...event, by: proposer })
    const signed = await approvalBy(server, by.citizen.authenticator, proposal, at)
    const decision = signs ? signed : { ...signed, evidence: { ...signed.evidence, clientDataJSON: 'e30', authenticatorData: 'AA', signature: 'AA' } }
    expect(await store.decide(proposal, { decision, effect: effectOf(proposal.id, at), event: { type: 'proposal.approved', ...event, proposer, by: decision.by, digest: digestOf(decision) } })).toBe('done')
    return proposal.id
  }
  async function write({ to, role, ...how }: { to: Enrolled; role: Role } & Pick<Writing, 'by' | 'signs'>): Promise<ProposalId> {
    const account = await accountOf(server, to)
    return writeApproved({
      ...how, change: { act: 'role.grant', role: { account, role, ends_on: inFourWeeks } },
      effectOf: (proposal, at) => ({ is: 'role', grant: { id: newId(), account, role, since: at, endsOn: inFourWeeks }, proposal }),
    })
  }
  const statuses = async ({ visitor }: Enrolled) => {
    const answers: number[] = []
    for (const path of ['', '/vai-tro', '/vai-tro/de-xuat', '/nhat-ky', '/ung-dung', '/khoa']) answers.push((await visitor.open(`${server.issuer}/quan-tri${path}`)).status)
    return new Set(answers)
  }
  const rows = async <Row>(type: string) => (await server.house.database.rows(sql<{ data: Row }>`select data from audit_event where type = ${type} order by id`)).map(({ data }) => data)
  const altered = async () => (await rows<{ proposal: string; reason: string }>('proposal.altered')).map(({ proposal, reason }) => [proposal, reason])
  /** What the hourly look tells. */
  const hour = () => tellAltered({ ...server.house, rp: { id: 'localhost', origin: server.issuer } })
  const rolesOf = async (who: Enrolled) => (await server.house.officers.rolesOf(await accountOf(server, who))).map(({ role }) => role)

  test('a role with a signature that nobody gave opens no page of the console from the first request on, and is an alarm once, before any hour has passed', async () => {
    const id = await write({ to: thief, role: 'super-admin', by: second, signs: false })
    expect([await rolesOf(thief), await statuses(thief), await altered()]).toEqual([['super-admin'], new Set([403]), [[id, 'wrong-signature']]])
    const alarms = await server.house.database.rows(sql<{ kind: string }>`select kind from alarm where actor = 'clock'`)
    expect(alarms).toEqual([{ kind: 'altered' }])
    expect(await hour()).toBe(0)
  })

  test('a role with a signature of whoever was given their own so, or may decide no roles, opens none either', async () => {
    const before = await altered()
    const made = [await write({ to: friend, role: 'auditor', by: thief, signs: true }), await write({ to: friend, role: 'super-admin', by: low, signs: true })]
    expect([await rolesOf(friend), await statuses(friend)]).toEqual([['auditor', 'super-admin'], new Set([403])])
    expect((await altered()).slice(before.length)).toEqual(made.map((id) => [id, 'not-in-office']))
  })

  test('another secret of a client is not collected, and a key of the emergency not made', async () => {
    const before = await altered()
    const secret = `${server.issuer}/quan-tri/ung-dung/secretive/khoa-bi-mat/nhan`
    const change = { act: 'client.secret', client: clientId.parse('secretive'), keeps_days: 7 } as const
    const made = await writeApproved({ change, by: second, signs: false, effectOf: () => ({ is: 'secret', client: change.client }) })
    expect([(await first.visitor.open(secret)).status, (await altered()).slice(before.length)]).toEqual([404, [[made, 'wrong-signature']]])
    const proposed = await fillIn(first.visitor, await first.visitor.open(secret.replace('/nhan', '')), '/khoa-bi-mat', { reason: 'đổi định kỳ' })
    await approve(second, proposed.url)
    expect((await fillIn(first.visitor, await first.visitor.open(secret), '/nhan', { reason: 'nhận' })).status).toBe(200)

    const sealing = { change: { act: 'break-glass.seal' } as const, by: second, effectOf: () => ({ is: 'nothing' }) as const }
    const run = async (id: string) => promisify(execFile)(process.execPath, [eid, 'officer', 'break-glass', 'seal', id, '--json'], { env: { ...process.env, ...server.env } }).then(({ stdout }) => stdout, String)
    expect(await run(await writeApproved({ ...sealing, signs: false }))).toContain('This approval does not hold')
    expect(await run(await writeApproved({ ...sealing, signs: true }))).toContain('"key":')
  })

  test('does nothing to roles that two people have given: they open what they did, and are told of by nobody', async () => {
    const before = await altered()
    const form = await first.visitor.open(`${server.issuer}/quan-tri/vai-tro/de-xuat`)
    const proposed = await fillIn(first.visitor, form, '/de-xuat', { number: low.citizen.number, role: 'auditor', sector: '', endsOn: inFourWeeks, reason: 'cần' })
    expect((await approve(second, proposed.url)).text).toContain('Đã phê duyệt')
    for (const path of ['', '/nhat-ky', '/nhat-ky']) expect((await low.visitor.open(`${server.issuer}/quan-tri${path}`)).status).toBe(200)
    expect([await hour(), await altered(), await rows('proposal.restored')]).toEqual([0, before, []])
  })
})
