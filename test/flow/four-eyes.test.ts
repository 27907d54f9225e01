import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { entryOf } from '#domain/client/entry.ts'
import { proposalId } from '#kernel/id.ts'
import { approvalFault } from '#domain/proposal/verify.ts'
import { fillIn, requestOptions } from '#test/support/citizen.ts'
import { byItself } from '#test/support/five-seconds.ts'
import { addHardwareKey } from '#test/support/hardware-key.ts'
import { accountOf, enrol, get, post, signIn, type Enrolled } from '#test/support/journey.ts'
import { prove } from '#test/support/officers.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'
import { formAt, titleOf, type Stop } from '#test/support/visitor.ts'
import { readClient } from '#domain/client/client.ts'

const [portal, another] = [testClient({ name: 'portal' }), testClient({ name: 'another' })]
const inFourWeeks = new Date(Date.now() + 28 * 86_400_000).toISOString().slice(0, 10)

describe('what takes two people', () => {
  let server: TestServer
  let party: RelyingParty
  let first: Enrolled
  let second: Enrolled
  let third: Enrolled
  beforeAll(async () => {
    server = await startServer({ clients: () => [portal.metadata] })
    party = await makeRelyingParty(portal.party(server.issuer))
    ;[first, second, third] = [await enrol(server, party), await enrol(server, party), await enrol(server, party)]
    await server.house.officers.bootstrap([await wish(first), await wish(second)], new Date())
  })
  afterAll(() => server.close())

  const wish = async (who: Enrolled) => ({ account: await accountOf(server, who), role: 'super-admin', ends_on: inFourWeeks } as const)
  const at = (path: string) => `${server.issuer}/quan-tri${path}`
  const proposeRole = async (who: Enrolled, typed: Record<string, string>) =>
    fillIn(who.visitor, await who.visitor.open(at('/vai-tro/de-xuat')), '/de-xuat', { sector: '', endsOn: inFourWeeks, reason: 'thay người nghỉ', ...typed })
  const idOf = ({ url }: Stop) => proposalId.parse(url.pathname.split('/').at(-1))
  const assertion = (who: Enrolled, page: Stop) => JSON.stringify(who.citizen.authenticator.get(requestOptions(page)))
  const approve = async (who: Enrolled, url: URL) => {
    const page = await who.visitor.open(url)
    return fillIn(who.visitor, page, '/dong-y', { assertion: assertion(who, page) })
  }
  async function propose(who: Enrolled, change: Parameters<TestServer['house']['proposals']['add']>[0]['change']) {
    const by = await accountOf(server, who)
    const proposal = { id: proposalId.parse(crypto.randomUUID()), change, proposer: by, proposedAt: new Date(), reason: 'vì cần' }
    await server.house.proposals.add(proposal, { type: 'proposal.made', proposal: proposal.id, act: change.act, subject: 'x', by })
    return new URL(at(`/phe-duyet/${proposal.id}`))
  }

  test('A06: nobody is an officer by default: no page of the console opens, and the try is on record', async () => {
    for (const path of ['', '/phe-duyet', '/vai-tro', '/vai-tro/de-xuat']) {
      const page = await third.visitor.open(at(path))
      expect([path, page.status, titleOf(page.text)]).toEqual([path, 403, expect.stringContaining('không có quyền')])
    }
    const tried = await server.house.database.rows(sql`select data->>'permission' as permission from audit_event where type = 'officer.refused' and data->>'by' = ${await accountOf(server, third)}`)
    expect(tried).toHaveLength(4)
    expect((await get(at(''))).headers.get('location')).toContain('/authorize?')
  })

  test('A01: a role that one proposes and another approves with a key takes effect, and the signature can be checked', async () => {
    const proposed = await proposeRole(first, { number: third.citizen.number, role: 'auditor' })
    expect([proposed.status, proposed.text]).toEqual([200, expect.stringContaining('Một người khác sẽ quyết định')])
    expect(proposed.text).not.toContain('passkey-options')
    const page = await approve(second, proposed.url)
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Đã phê duyệt')])
    expect((await third.visitor.open(at(''))).status).toBe(200)
    const proposal = await server.house.proposals.find(idOf(proposed))
    const decision = proposal?.decision
    if (proposal === undefined || decision?.is !== 'approved') throw new Error('not approved')
    const passkey = await server.house.passkeys.find(decision.evidence.passkey)
    const known = { rp: { id: 'localhost', origin: server.issuer }, passkey }
    expect(await approvalFault(proposal, known)).toBeUndefined()
    expect(await approvalFault({ ...proposal, reason: 'khác' }, known)).toBe('wrong-signature')
    expect(await approvalFault({ ...proposal, decision: { ...decision, evidence: { ...decision.evidence, signature: decision.evidence.clientDataJSON } } }, known)).toBe('wrong-signature')
    expect(await approvalFault({ ...proposal, proposer: decision.by }, known)).toBe('same-person')
    expect(await approvalFault(proposal, { ...known, passkey: passkey && { ...passkey, account: proposal.proposer } })).toBe('foreign-key')
    expect(await approvalFault(proposal, { ...known, rp: { id: 'localhost', origin: 'https://elsewhere.example' } })).toBe('foreign-origin')
  })

  test('A02: a key that was put there after the role was given signs nothing: it is not asked for, and what it signs is an alarm', async () => {
    const proposed = await proposeRole(first, { number: third.citizen.number, role: 'registry-operator' })
    const key = await addHardwareKey(server, second.citizen, { named: false })
    const page = await second.visitor.open(proposed.url)
    const { challenge, allowCredentials } = requestOptions(page)
    expect(allowCredentials?.map(({ id }) => id)).toEqual([second.citizen.authenticator.credentials[0]?.id])
    await fillIn(second.visitor, page, '/dong-y', { assertion: JSON.stringify(key.get({ challenge, rpId: 'localhost' })) })
    const raised = await server.house.database.rows(sql`select kind from alarm where actor = ${await accountOf(server, second)}`)
    expect([(await server.house.proposals.find(idOf(proposed)))?.decision, raised]).toEqual([undefined, [{ kind: 'wrong-signature' }]])
    expect((await approve(second, proposed.url)).text).toContain('Đã phê duyệt')
  })

  test('A02: whoever holds an office adds no key by themselves, and is told how it is done', async () => {
    for (const path of ['khoa-bao-mat', 'khoa-moi']) {
      const page = await second.visitor.open(`${server.issuer}/tai-khoan/${path}`)
      expect([page.status, titleOf(page.text), page.text.includes('<form id="passkey"')]).toEqual([403, expect.stringContaining('không thêm ở đây'), false])
    }
    const before = (await server.house.passkeys.ofAccount(await accountOf(server, second))).length
    const { fields } = formAt((await second.visitor.open(`${server.issuer}/tai-khoan/dang-xuat-moi-noi`)).text, '/dang-xuat-moi-noi')
    expect((await second.visitor.submit(`${server.issuer}/tai-khoan/khoa-moi`, { csrf: fields['csrf'] ?? '', attestation: '{}' })).status).toBe(403)
    expect((await server.house.passkeys.ofAccount(await accountOf(server, second))).length).toBe(before)
  })

  test('A01: nobody approves their own, with any key, nor takes a role for themselves', async () => {
    const proposed = await proposeRole(first, { number: third.citizen.number, role: 'support' })
    // What the second one would sign, signed by the first.
    const asked = requestOptions(await second.visitor.open(proposed.url))
    const own = await fillIn(first.visitor, proposed, '/rut-lai', { reason: 'nhầm' }).then(() => proposeRole(first, { number: third.citizen.number, role: 'support' }))
    const { fields } = formAt(own.text, '/rut-lai')
    const cookie = first.visitor.jar.header(new URL(at('')))
    for (const { challenge } of [asked, requestOptions(await second.visitor.open(own.url))]) {
      const open = { challenge, rpId: 'localhost' }
      const told = await post(`${own.url.href}/dong-y`, { csrf: fields['csrf'] ?? '', assertion: JSON.stringify(first.citizen.authenticator.get(open)) }, { cookie, origin: server.issuer })
      expect([told.status, told.text]).toEqual([403, expect.stringContaining('Cần một người khác quyết định')])
    }
    const forOneself = await proposeRole(first, { number: first.citizen.number, role: 'approver' })
    expect([forOneself.status, titleOf(forOneself.text)]).toEqual([403, expect.stringContaining('Cần một người khác quyết định')])
    // Nor when somebody else proposes it and they are to be the second.
    const forSecond = await proposeRole(first, { number: second.citizen.number, role: 'approver' })
    expect((await second.visitor.open(forSecond.url)).text).not.toContain('/dong-y')
    const { fields: { csrf = '' } } = formAt((await second.visitor.open(at('/vai-tro/de-xuat'))).text, '/de-xuat')
    const decided = await second.visitor.submit(`${forSecond.url.href}/dong-y`, { csrf, assertion: JSON.stringify(second.citizen.authenticator.get({ challenge: 'AAAA', rpId: 'localhost' })) })
    expect([decided.status, titleOf(decided.text)]).toEqual([403, expect.stringContaining('Cần một người khác quyết định')])
  })

  test('A01: an assertion that was given for one proposal approves no other, and none again', async () => {
    const [one, other] = [await proposeRole(first, { number: third.citizen.number, role: 'analyst' }), await proposeRole(first, { number: third.citizen.number, role: 'support' })]
    const [page, otherPage] = [await second.visitor.open(one.url), await second.visitor.open(other.url)]
    const given = assertion(second, page)
    const crossed = await fillIn(second.visitor, otherPage, '/dong-y', { assertion: given })
    expect(crossed.text).toContain('passkey-options')
    expect((await server.house.proposals.find(idOf(other)))?.decision).toBeUndefined()
    await fillIn(second.visitor, page, '/dong-y', { assertion: given })
    const again = await fillIn(second.visitor, page, '/dong-y', { assertion: given })
    expect([again.status, titleOf(again.text)]).toEqual([409, expect.stringContaining('đã được quyết định')])
    expect((await server.house.officers.rolesOf(await accountOf(server, third))).filter(({ role }) => role === 'analyst')).toHaveLength(1)
  })

  test('A01: what was changed in the database after it was shown is not what was signed', async () => {
    const one = await proposeRole(first, { number: third.citizen.number, role: 'registry-operator' })
    const page = await second.visitor.open(one.url)
    const given = assertion(second, page)
    await server.house.database.transaction(async (db) => {
      await db.change(sql`alter table proposal disable trigger all`)
      await db.change(sql`update proposal set change = jsonb_set(change, '{role,role}', '"super-admin"') where id = ${idOf(one)}`)
      await db.change(sql`alter table proposal enable trigger all`)
    })
    const end = await fillIn(second.visitor, page, '/dong-y', { assertion: given })
    expect(end.text).toContain('passkey-options')
    expect((await server.house.officers.rolesOf(await accountOf(server, third))).map(({ role }) => role)).not.toContain('super-admin')
    await fillIn(second.visitor, await second.visitor.open(one.url), '/tra-lai', { reason: 'đã bị sửa' })
  })

  test('a proposal is returned with a reason, and withdrawn by who made it', async () => {
    const one = await proposeRole(first, { number: third.citizen.number, role: 'officer-manager' })
    const page = await second.visitor.open(one.url)
    expect((await fillIn(second.visitor, page, '/tra-lai', { reason: ' ' })).text).toContain('Hãy ghi lý do')
    expect((await fillIn(second.visitor, page, '/tra-lai', { reason: 'thiếu quyết định' })).text).toContain('thiếu quyết định')
    const other = await proposeRole(first, { number: third.citizen.number, role: 'officer-manager' })
    const unsaid = await fillIn(first.visitor, other, '/rut-lai', { reason: ' ' })
    expect([unsaid.status, unsaid.text]).toEqual([422, expect.stringContaining('Hãy ghi lý do')])
    const back = await fillIn(first.visitor, unsaid, '/rut-lai', { reason: 'ghi nhầm số' })
    expect([back.text, back.text]).toEqual([expect.stringContaining('Đã rút'), expect.stringContaining('ghi nhầm số')])
    expect((await server.house.officers.rolesOf(await accountOf(server, third))).map(({ role }) => role)).not.toContain('officer-manager')
  })

  test('A01: whoever has twenty proposals waiting is told so, in a sentence, and nothing more is put before others', async () => {
    const by = await accountOf(server, first)
    const mine = async () => (await server.house.proposals.waiting()).filter(({ proposer }) => proposer === by)
    const role = { account: await accountOf(server, third), role: 'analyst', ends_on: inFourWeeks } as const
    while ((await mine()).length < 20) await propose(first, { act: 'role.grant', role })
    const more = await proposeRole(first, { number: third.citizen.number, role: 'support' })
    expect([more.status, titleOf(more.text)]).toEqual([409, expect.stringContaining('quá nhiều đề xuất')])
    expect(await mine()).toHaveLength(20)
    for (const { id } of await mine()) await fillIn(first.visitor, await first.visitor.open(at(`/phe-duyet/${id}`)), '/rut-lai', { reason: 'thừa' })
    expect((await proposeRole(first, { number: third.citizen.number, role: 'support' })).status).toBe(200)
  })

  test('A05: a role that one person ends is over at the next click', async () => {
    const one = await proposeRole(first, { number: third.citizen.number, role: 'enrolment-officer', deskName: 'Quầy 1', commune: 'phường Bến Thành', shiftFrom: '07:30', shiftUntil: '17:00', shiftDays: '5' })
    await approve(second, one.url)
    const account = await accountOf(server, third)
    for (const { id } of await server.house.officers.rolesOf(account)) {
      const page = await second.visitor.open(at(`/vai-tro/${id}/ket-thuc`))
      await fillIn(second.visitor, page, '/ket-thuc', { reason: 'nghỉ việc' })
    }
    expect((await third.visitor.open(at(''))).status).toBe(403)
  })

  test('A01, A05: a client comes by two people, is stopped by one at once, and comes back by two', async () => {
    const read = readClient(another.metadata, { allowLocal: true })
    if ('fault' in read) throw new Error(read.fault)
    const { client } = read
    const url = await propose(first, { act: 'client.register', client: client.id, entry: entryOf(client) })
    const page = await second.visitor.open(url)
    expect(page.text).toContain('Địa chỉ nhận kết quả đăng nhập')
    expect((await approve(second, url)).text).toContain('Đã phê duyệt')
    const newcomer = await makeRelyingParty(another.party(server.issuer))
    expect((await signIn(newcomer, third)).claims.sub).toBeTruthy()
    await server.house.clients.suspend(client.id, { by: { role: 'approver' }, at: new Date(), event: { type: 'client.suspended', client: client.id, by: await accountOf(server, second), reason: 'x' } })
    await expect.poll(async () => newcomer.begin().then(() => 'begun', () => 'refused'), byItself).toBe('refused')
    await approve(second, await propose(first, { act: 'client.resume', client: client.id }))
    await expect.poll(async () => newcomer.begin().then(() => 'begun', () => 'refused'), byItself).toBe('begun')
  })
})

describe('officers with keys in attested hardware', () => {
  test('A01: somebody at work with a passkey that could be copied is asked for the security key, and comes in with it', async () => {
    const server = await startServer({ clients: () => [portal.metadata], env: { OFFICER_KEYS: 'attested' }, best: { level: 2, resistances: ['phr', 'phrh'] } })
    try {
      const party = await makeRelyingParty(portal.party(server.issuer))
      const [one, other] = [await enrol(server, party), await enrol(server, party)]
      const wanted = await Promise.all([one, other].map(async (who) => ({ account: await accountOf(server, who), role: 'super-admin', ends_on: inFourWeeks } as const)))
      await server.house.officers.bootstrap(wanted, new Date())
      const key = await addHardwareKey(server, one.citizen)
      const stranger = await one.visitor.open(`${server.issuer}/quan-tri`)
      expect([stranger.status, titleOf(stranger.text)]).toEqual([403, expect.stringContaining('chưa ở mức 2')])
      await prove(server, one, other)
      const door = await one.visitor.open(`${server.issuer}/quan-tri`)
      expect(door.text).toContain('Xác nhận bằng khóa bảo mật')
      const page = await fillIn(one.visitor, door, '/passkey', { assertion: JSON.stringify(key.get(requestOptions(door))) })
      expect([page.url.pathname, page.status]).toEqual(['/quan-tri', 200])

      // Nor does the key that could be copied approve anything once they are in.
      const [by, third] = [await accountOf(server, other), await accountOf(server, await enrol(server, party))]
      const proposal = {
        id: proposalId.parse(crypto.randomUUID()), change: { act: 'role.grant', role: { account: third, role: 'auditor', ends_on: inFourWeeks } }, proposer: by, proposedAt: new Date(), reason: 'vì cần',
      } as const
      await server.house.proposals.add(proposal, { type: 'proposal.made', proposal: proposal.id, act: 'role.grant', subject: third, by })
      const shown = await one.visitor.open(`${server.issuer}/quan-tri/phe-duyet/${proposal.id}`)
      const { challenge, allowCredentials } = requestOptions(shown)
      expect(allowCredentials?.map(({ id }) => id)).toEqual([key.credentials[0]?.id])
      await fillIn(one.visitor, shown, '/dong-y', { assertion: JSON.stringify(one.citizen.authenticator.get({ challenge, rpId: 'localhost' })) })
      expect((await server.house.proposals.find(proposal.id))?.decision).toBeUndefined()
      await fillIn(one.visitor, shown, '/dong-y', { assertion: JSON.stringify(key.get(requestOptions(shown))) })
      expect((await server.house.proposals.find(proposal.id))?.decision?.is).toBe('approved')
    } finally {
      await server.close()
    }
  })
})
