import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId, proposalId, type ProposalId } from '#kernel/id.ts'
import type { Role } from '#domain/officer/role.ts'
import { challengeOf, digestOf, type Decision, type Proposal } from '#domain/proposal/proposal.ts'
import { tellAltered } from '#domain/proposal/watch.ts'
import { proposals } from '#storage/postgres/proposals.ts'
import { fillIn } from '#test/support/citizen.ts'
import { openAs } from '#test/support/database-users.ts'
import { accountOf, enrol, type Enrolled } from '#test/support/journey.ts'
import { approve, bootstrap, inFourWeeks } from '#test/support/officers.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

const portal = testClient({ name: 'portal' })

/** The console has broken in, and its user of the database is somebody's who writes by themselves: each statement is one that the tables take. */
describe.skipIf(!engines.includes('servers'))('A01: a role that is written into the database, beside two planes,', () => {
  let server: TestServer
  let first: Enrolled
  let second: Enrolled
  let low: Enrolled
  let thief: Enrolled
  let friend: Enrolled
  beforeAll(async () => {
    server = await startServer({ engine: 'servers', apart: true, clients: () => [portal.metadata] })
    const party = await makeRelyingParty(portal.party(server.issuer))
    ;[first, second, low, thief, friend] = [await enrol(server, party), await enrol(server, party), await enrol(server, party), await enrol(server, party), await enrol(server, party)]
    await bootstrap(server, [first, 'super-admin'], [second, 'super-admin'], [low, 'analyst'])
  })
  afterAll(() => server.close())

  type Writing = { to: Enrolled; role: Role; by: Enrolled; /** Whether their key has signed it. */ signs: boolean }
  /** With the console's user of the database, and a program of one's own: a proposal, its approval, its event and its role. */
  async function write({ to, role, by, signs }: Writing): Promise<ProposalId> {
    const store = proposals(await openAs(server.house.database, 'console'), server.house.keyring.sealer, { mostWaiting: 20 })
    const [account, proposer, decider, at] = [await accountOf(server, to), await accountOf(server, first), await accountOf(server, by), new Date()]
    const proposal: Proposal = { id: proposalId.parse(newId()), change: { act: 'role.grant', role: { account, role, ends_on: inFourWeeks } }, proposer, proposedAt: at, reason: 'x' }
    const event = { proposal: proposal.id, act: 'role.grant', subject: account } as const
    await store.add(proposal, { type: 'proposal.made', ...event, by: proposer })
    const [key] = await server.house.passkeys.ofAccount(decider)
    if (key === undefined) throw new Error('no key')
    const { clientDataJSON, authenticatorData, signature } = signs ? by.citizen.authenticator.get({ challenge: challengeOf(proposal), rpId: 'localhost' }).response : { clientDataJSON: 'e30', authenticatorData: 'AA', signature: 'AA' }
    const evidence = { passkey: key.id, publicKey: Buffer.from(key.publicKey).toString('base64url'), hardwareBound: false, rpId: 'localhost', origin: server.issuer, clientDataJSON, authenticatorData, signature }
    const decision: Extract<Decision, { is: 'approved' }> = { is: 'approved', by: decider, at, evidence }
    const effect = { is: 'role', grant: { id: newId(), account, role, since: at, endsOn: inFourWeeks }, proposal: proposal.id } as const
    expect(await store.decide(proposal, { decision, effect, event: { type: 'proposal.approved', ...event, proposer, by: decider, digest: digestOf(decision) } })).toBe('done')
    return proposal.id
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

  test('with a signature that nobody gave, opens no page of the console from the first request on, and is an alarm once, before any hour has passed', async () => {
    const id = await write({ to: thief, role: 'super-admin', by: second, signs: false })
    expect([await rolesOf(thief), await statuses(thief), await altered()]).toEqual([['super-admin'], new Set([403]), [[id, 'wrong-signature']]])
    const alarms = await server.house.database.rows(sql<{ kind: string }>`select kind from alarm where actor = 'clock'`)
    expect(alarms).toEqual([{ kind: 'altered' }])
    expect(await hour()).toBe(0)
  }, 60_000)

  test('with a signature of whoever was given their own so, or may decide no roles, opens none either', async () => {
    const before = await altered()
    const made = [await write({ to: friend, role: 'auditor', by: thief, signs: true }), await write({ to: friend, role: 'super-admin', by: low, signs: true })]
    expect([await rolesOf(friend), await statuses(friend)]).toEqual([['auditor', 'super-admin'], new Set([403])])
    expect((await altered()).slice(before.length)).toEqual(made.map((id) => [id, 'not-in-office']))
  }, 60_000)

  test('does nothing to those that two people have given: they open what they did, and are told of by nobody', async () => {
    const before = await altered()
    const form = await first.visitor.open(`${server.issuer}/quan-tri/vai-tro/de-xuat`)
    const proposed = await fillIn(first.visitor, form, '/de-xuat', { number: low.citizen.number, role: 'auditor', sector: '', endsOn: inFourWeeks, reason: 'cần' })
    expect((await approve(second, proposed.url)).text).toContain('Đã phê duyệt')
    for (const path of ['', '/nhat-ky', '/nhat-ky']) expect((await low.visitor.open(`${server.issuer}/quan-tri${path}`)).status).toBe(200)
    expect([await hour(), await altered(), await rows('proposal.restored')]).toEqual([0, before, []])
  }, 60_000)
})
