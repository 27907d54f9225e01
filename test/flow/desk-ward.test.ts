import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dayInVietnam } from '#kernel/clock.ts'
import type { AccountId } from '#kernel/id.ts'
import type { Person } from '#domain/registry/person.ts'
import { agree, creationOptions, fillIn, requestOptions, tap } from '#test/support/citizen.ts'
import { atDesk } from '#test/support/at-desk.ts'
import { actFor, aFamily, askedForWhom, grownUp, openWards, type Family } from '#test/support/family.ts'
import { accountOf, enrol, signIn, type Enrolled } from '#test/support/journey.ts'
import { makeAuthenticator } from '#test/support/authenticator.ts'
import { seat } from '#test/support/officers.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { makeVisitor, titleOf } from '#test/support/visitor.ts'

const names = [{ claims: ['name', 'birthdate', 'verified_claims'], basis: 'consent', purpose: { vi: 'Nhập học', en: 'Enrolment' } }]
const plain = {
  school: testClient({ name: 'school', metadata: { in_name_of: ['ward'], purposes: names } }),
  bank: testClient({ name: 'bank' }),
}
const yearsAgo = (years: number) => `${Number(dayInVietnam(new Date()).slice(0, 4)) - years}-01-01`
/** One family a story, so that none disturbs another. */
const families = [...Array.from({ length: 9 }, (_, at) => aFamily(at + 401)), aFamily(410, { child: { birthDate: yearsAgo(5) } })]
const all = ['card-seen', 'face-compared', 'representative-seen']

describe.each(engines)('level 2 at the desk of somebody whom a representative stands for, on %s:', (engine) => {
  let server: TestServer
  let bank: RelyingParty
  let school: RelyingParty
  let officer: Enrolled
  const left = [...families]
  const nextFamily = (): Family => {
    const family = left.shift()
    if (family === undefined) throw new Error('no family is left')
    return family
  }
  beforeAll(async () => {
    server = await startServer({ engine, clients: () => Object.values(plain).map(({ metadata }) => metadata), env: { OFFICER_KEYS: 'any' }, people: families.flatMap((family) => Object.values(family)) })
    bank = await makeRelyingParty(plain.bank.party(server.issuer))
    school = await makeRelyingParty(plain.school.party(server.issuer))
    officer = await enrol(server, bank)
    await seat(server, officer)
  }, 180_000)
  afterAll(() => server.close())

  const desk = () => atDesk(server, officer)
  const accountFor = async ({ number }: Pick<Person, 'number'>) => {
    const person = await server.house.registry.findByNumber(number)
    return person && server.house.accounts.findByPerson(person.id)
  }
  async function told(...people: readonly Person[]) {
    await server.house.registry.importAll((async function* batch() { yield people.map((person) => ({ ...person, source: { ...person.source, version: person.source.version + 1 } })) })())
  }
  /** From the number to the question on the phone. */
  async function asked(person: Person) {
    const found = await desk().find(person.number)
    const { page, code } = await desk().makeCode(found, ...all)
    const { phone, page: waiting } = await desk().typeCode(code)
    const comparing = await officer.visitor.open(page.url)
    const answering = await desk().sameNumber(page)
    return { found, page, phone, waiting, comparing, answering }
  }
  const evidenceOf = (account: AccountId | undefined) => server.house.database.rows(sql<{ kind: string; representative: string | null }>`select kind, representative from account_evidence where account_id = ${account} order by kind`)
  const finished = async (account: AccountId | undefined) => (await server.house.database.rows(sql<{ data: Record<string, unknown> }>`select data from audit_event where type = 'desk.finished' and account_id = ${account}`)).map(({ data }) => data)

  test('a child and its mother come together: she confirms with her own passkey, the account is at level 2 at once, and services hear it', async () => {
    const family = nextFamily()
    const mother = await grownUp(server, bank, family.mother)
    const { found, page, phone, waiting, comparing, answering } = await asked(family.child)
    // Whose phone the officer is to look at.
    expect([comparing.text, answering.text].map((text) => [text.includes('điện thoại của người đại diện'), text.includes('Người đại diện đang xác nhận'), text.includes('điện thoại của người dân')])).toEqual([[true, false, false], [false, true, false]])
    // Who may act, to be compared with the card of whoever came; the father has no account.
    expect([found.text.includes(family.mother.name), found.text.includes(family.father.name), found.text.includes('value="representative-seen"')]).toEqual([true, false, true])
    // Nobody has looked her up: her number stands there by its end alone (A04).
    expect([found.text.includes(`•••• ${family.mother.number.slice(-4)}`), found.text.replaceAll(' ', '').includes(family.mother.number)]).toEqual([true, false])
    // Whoever types a code does not learn whose it is before the officer has said that it is this phone.
    expect([waiting.text.includes('của người bạn đại diện lên mức 2'), waiting.text.includes(family.child.name)]).toEqual([true, false])
    const { asked: question, end } = await desk().answer(phone, mother.citizen)
    expect([question.text.includes(family.child.name), titleOf(end.text)]).toEqual([true, expect.stringContaining('Người bạn đại diện đã ở mức 2')])
    expect(titleOf((await officer.visitor.open(page.url)).text)).toContain('Tài khoản đã ở mức 2')
    const [account, by] = [await accountFor(family.child), await accountOf(server, mother)]
    expect([account?.level, account?.state, await server.house.passkeys.ofAccount(account?.id ?? by)]).toEqual([2, 'active', []])
    expect(await evidenceOf(account?.id)).toEqual([
      { kind: 'card-seen', representative: null }, { kind: 'face-compared', representative: null }, { kind: 'representative-passkey', representative: by }, { kind: 'representative-seen', representative: null },
    ])
    expect(await finished(account?.id)).toMatchObject([{ representative: by, by: await accountOf(server, officer), kinds: ['card-seen', 'face-compared', 'representative-seen', 'representative-passkey'] }])
    expect((await server.house.holderNotices.ofAccount(by))[0]?.occasion).toEqual({ of: 'ward-raised' })
    const { visitor, page: whom, checks } = await askedForWhom(school, mother, { scope: 'openid profile' })
    const { url } = await agree(visitor, await actFor(visitor, whom, family.child.name))
    expect((await school.finish(url, checks)).claims).toMatchObject({ act: { sub: expect.any(String) } })
    expect((await desk().find(family.child.number)).text).toContain('Tài khoản đã ở mức 2')
  })

  test('every tick is needed, and nobody else confirms: not a neighbour at level 2, not a new passkey; a mother at level 1 is no representative yet', async () => {
    const family = nextFamily()
    await enrol(server, bank, ({ number }) => number === family.mother.number)
    expect((await desk().find(family.child.number)).text).toContain('Chưa có người đại diện nào làm được việc này')
    const [father, neighbour] = [await grownUp(server, bank, family.father), await grownUp(server, bank, family.neighbour)]
    const found = await desk().find(family.child.number)
    for (const seen of [['card-seen', 'face-compared'], ['face-compared', 'representative-seen'], ['card-seen', 'representative-seen']]) expect((await desk().makeCode(found, ...seen)).page.status).toBe(422)
    const { phone, page } = await asked(family.child)
    const lying = await phone.open(`${server.issuer}/m2/xac-nhan`)
    const strange = neighbour.citizen.authenticator.get({ ...requestOptions(lying), allowCredentials: [] })
    expect((await fillIn(phone, lying, '/m2/xac-nhan', { assertion: JSON.stringify(strange) })).text).toContain('id="passkey"')
    const made = makeAuthenticator({ rpId: 'localhost', origin: server.issuer })
    const question = await phone.open(`${server.issuer}/m2/xac-nhan`)
    const other = makeVisitor({ leaveAt })
    const own = server.nextPerson()
    const theirs = await desk().makeCode(await desk().find(own.number), 'card-seen', 'face-compared')
    await fillIn(other, await other.open(`${server.issuer}/m2`), '/m2', { code: theirs.code ?? '' })
    await desk().sameNumber(theirs.page)
    const options = creationOptions(await other.open(`${server.issuer}/m2/xac-nhan`))
    await fillIn(phone, question, '/m2/xac-nhan', { attestation: JSON.stringify(made.create(options)) })
    expect(await accountFor(family.child)).toBeUndefined()
    const { end } = await desk().answer(phone, father.citizen)
    expect([titleOf(end.text), titleOf((await officer.visitor.open(page.url)).text)]).toEqual([expect.stringContaining('đã ở mức 2'), expect.stringContaining('đã ở mức 2')])
  })

  test('A04: an officer raises no child of their own, not with the passkey of the other parent either', async () => {
    const family = nextFamily()
    const mother = await grownUp(server, bank, family.mother)
    await grownUp(server, bank, family.father)
    await seat(server, mother)
    expect((await atDesk(server, mother).find(family.child.number)).text).toContain('Chưa có người đại diện nào làm được việc này')
    expect((await desk().find(family.child.number)).text).toContain('value="representative-seen"')
  })

  test('whom the register names no more, when it comes to it, raises nobody', async () => {
    const family = nextFamily()
    const mother = await grownUp(server, bank, family.mother)
    const { phone } = await asked(family.child)
    await told({ ...family.child, relations: [{ kind: 'legal-representative', name: family.neighbour.name, number: family.neighbour.number }] })
    expect((await desk().answer(phone, mother.citizen)).end.text).not.toContain('đã ở mức 2')
    expect(await accountFor(family.child)).toBeUndefined()
  })

  test('a representative whose account was closed meanwhile raises nobody', async () => {
    const family = nextFamily()
    const mother = await grownUp(server, bank, family.mother)
    const { phone } = await asked(family.child)
    await server.house.accounts.move(await accountOf(server, mother), { to: 'lock', ground: 'competent-body', by: 'operator' }, new Date())
    expect((await desk().answer(phone, mother.citizen)).end.text).not.toContain('đã ở mức 2')
    expect(await accountFor(family.child)).toBeUndefined()
  })

  test('somebody under guardianship comes with their guardian, and the account of before goes on', async () => {
    const family = nextFamily()
    const mother = await grownUp(server, bank, family.mother)
    await openWards(server, mother)
    const before = await accountFor(family.grandmother)
    const { phone } = await asked(family.grandmother)
    expect(titleOf((await desk().answer(phone, mother.citizen)).end.text)).toContain('đã ở mức 2')
    expect(await accountFor(family.grandmother)).toMatchObject({ id: before?.id, level: 2 })
    expect((await desk().find(family.grandmother.number, 'recovery')).text).toContain('không có khóa riêng')
  })

  test('what somebody registered at home in the name of who came under guardianship later does not open level 2 once that is over', async () => {
    const family = nextFamily()
    const mother = await grownUp(server, bank, family.mother)
    const { grandmother } = family
    let { version } = grandmother.source
    const toldOf = (changes: Partial<Person>) => told({ ...grandmother, ...changes, source: { ...grandmother.source, version: (version += 1) } })
    await toldOf({ guardianship: null, relations: [] })
    const stranger = await enrol(server, bank, ({ number }) => number === grandmother.number)
    const account = await accountOf(server, stranger)
    await toldOf({})
    const { found, phone } = await asked(grandmother)
    expect(found.text).toContain('Khóa, mã khôi phục, địa chỉ liên hệ và phiên đăng nhập đã có của tài khoản đều bị hủy')
    expect(titleOf((await desk().answer(phone, mother.citizen)).end.text)).toContain('đã ở mức 2')
    await toldOf({ guardianship: null, relations: [] })
    expect(await accountFor(grandmother)).toMatchObject({ id: account, level: 2 })
    expect([await server.house.passkeys.ofAccount(account), await server.house.contactStore.ofAccount(account)]).toEqual([[], []])
    const visitor = makeVisitor({ leaveAt })
    expect((await tap(visitor, await visitor.open((await bank.begin()).url), stranger.citizen.authenticator)).text).not.toContain('code=')
    expect((await desk().find(grandmother.number)).text).toContain('value="card-seen"')
  })

  test('at fourteen they take the account over at a desk with a passkey of their own; their mother’s opens it no more', async () => {
    const family = nextFamily()
    const mother = await grownUp(server, bank, family.mother)
    const { phone } = await asked(family.child)
    await desk().answer(phone, mother.citizen)
    const account = await accountFor(family.child)
    expect(account?.level).toBe(2)

    const grown: Person = { ...family.child, birthDate: yearsAgo(14) }
    await told(grown)
    expect((await askedForWhom(school, mother)).page.text).not.toContain(grown.name)
    const found = await desk().find(grown.number)
    expect(found.text).not.toContain('representative-seen')
    const { page, code } = await desk().makeCode(found, 'card-seen', 'face-compared')
    const { phone: own } = await desk().typeCode(code)
    await desk().sameNumber(page)
    const question = await own.open(`${server.issuer}/m2/xac-nhan`)
    const citizen = { ...server.citizen(grown), number: grown.number }
    // A passkey is made, and none that there is will do.
    expect(question.text).toContain('data-act="create"')
    expect(titleOf((await desk().answer(own, citizen, 'make')).end.text)).toContain('Bạn đã ở mức 2')
    expect(await accountFor(grown)).toMatchObject({ id: account?.id, level: 2 })
    expect((await signIn(school, { citizen, visitor: makeVisitor({ leaveAt }) })).claims['sub']).toEqual(expect.any(String))
    expect((await askedForWhom(school, mother)).page.text).not.toContain(grown.name)
  })

  test('who turned fourteen while the phone was asked is not raised by their mother', async () => {
    const family = nextFamily()
    const mother = await grownUp(server, bank, family.mother)
    const { phone } = await asked(family.child)
    const question = await phone.open(`${server.issuer}/m2/xac-nhan`)
    await told({ ...family.child, birthDate: yearsAgo(14) })
    expect(question.text).toContain(family.child.name)
    expect((await desk().answer(phone, mother.citizen)).end.text).not.toContain('đã ở mức 2')
    expect(await accountFor(family.child)).toBeUndefined()
  })

  test('under six there is no level 2, whoever comes along (Decree 69/2024 Art 7)', async () => {
    const family = nextFamily()
    await grownUp(server, bank, family.mother)
    expect((await desk().find(family.child.number)).text).toContain('không thuộc diện được cấp mức 2')
  })
})
