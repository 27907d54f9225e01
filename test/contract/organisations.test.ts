import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { accountId, applicationId, clientId, mandateId, newId, organisationId, type AccountId, type OrganisationId } from '#kernel/id.ts'
import type { Declaration } from '#domain/organisation/declared.ts'
import { organisationCode, type Organisation } from '#domain/organisation/organisation.ts'
import type { FileSearch } from '#domain/organisation/search.ts'
import type { OrganisationStore } from '#domain/organisation/store.ts'
import { personalNumber, type Person } from '#domain/registry/person.ts'
import { makeSealer } from '#keys/sealer.ts'
import { accounts } from '#storage/postgres/accounts.ts'
import { auditLog } from '#storage/postgres/audit.ts'
import type { Database } from '#storage/postgres/db.ts'
import { organisationDirectory } from '#storage/postgres/organisation-directory.ts'
import { organisationGrants, organisations } from '#storage/postgres/organisations.ts'
import { registry } from '#storage/postgres/registry.ts'
import { databases } from '#test/support/engines.ts'
import { anAccount, aPerson } from '#test/support/made-up.ts'

const sealer = makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) })
const at = new Date('2026-11-25T03:04:05.678Z')
const fifty = Array.from({ length: 50 }, (_, index) => index)

describe.each(Object.entries(databases))('organisations on %s', (_name, open) => {
  let db: Database
  let store: OrganisationStore
  let numbers = 100_000
  beforeEach(async () => {
    db = await open()
    store = organisations(db, sealer, { now: () => at })
  })

  async function somebody(name: string): Promise<{ person: Person; account: AccountId }> {
    numbers += 1
    const person = aPerson({ name, number: personalNumber.parse(`079303${numbers}`) })
    await registry(db, sealer).importAll((async function* one() { yield [person] })())
    const account = anAccount({ person: person.id, level: 2 })
    await accounts(db, sealer).open({ account })
    return { person, account: account.id }
  }
  type Somebody = Awaited<ReturnType<typeof somebody>>
  const by = ({ person, account }: Somebody, when = at) => ({ person: person.id, account, at: when })

  let codes = 0
  const organisation = (representatives: readonly Somebody[], changes: Partial<Organisation> = {}): Organisation => {
    codes += 1
    return {
      id: organisationId.parse(newId()), code: organisationCode.parse(`01${String(codes).padStart(8, '0')}`), name: 'Công ty TNHH An Khang', state: 'operating',
      representatives: representatives.map(({ person: { number, name } }) => ({ number, name, since: '2020-01-01' })), source: { version: 1, confirmedAt: '2026-11-01T00:00:00Z' }, ...changes,
    }
  }
  const importing = (...all: readonly Organisation[]) => store.importAll((async function* batch() { yield all })())
  const opening = () => ({ id: applicationId.parse(newId()), reference: randomUUID().slice(0, 9) })
  const newer = (one: Organisation, changes: Partial<Organisation>): Organisation => ({ ...one, ...changes, source: { ...one.source, version: one.source.version + 1 } })
  const events = async (type: string) => (await db.rows(sql`select 1 from audit_event where type = ${type}`)).length
  const notices = async ({ account }: Somebody) => (await db.rows(sql<{ of: string }>`select occasion->>'of' as of from notice where account_id = ${account} and occasion->>'of' <> 'account-opened' order by id`)).map(({ of }) => of)

  /** With an active account, by the acts that lead there. */
  async function active(first: Somebody, ...others: readonly Somebody[]): Promise<Organisation> {
    const one = organisation([first, ...others])
    await importing(one)
    const { id } = opening()
    expect(await store.apply(one.id, { id, reference: id.slice(-9) }, by(first))).toBe(true)
    for (const other of others) expect(await store.answer(one.id, true, by(other))).toBe(true)
    expect(await store.examine(id, { account: accountId.parse(randomUUID()), at, reason: 'x' })).toBe('done')
    expect(await store.issue(id, { account: accountId.parse(randomUUID()), at, reason: 'x' })).toBe('done')
    expect((await store.move(one.id, { to: 'activate', by: 'representative' }, by(first))).is).toBe('moved')
    return one
  }
  const offered = async (of: OrganisationId, giver: Somebody, named: { number: Person['number']; name: string }) => {
    const id = mandateId.parse(randomUUID())
    const done = await store.offer({ id, organisation: of, role: 'accountant', scope: { services: [clientId.parse('thue')], sectors: [] }, startsOn: '2026-11-01', endsOn: '2026-12-31', named }, by(giver))
    return { id, done }
  }

  test('an import puts them in, replaces what is newer, and a second time changes nothing', async () => {
    const [first, second] = [await somebody('Lê Thị Thu Hà'), await somebody('Đỗ Văn Bình')]
    const one = organisation([first, second])
    expect(await importing(one)).toEqual({ inserted: 1, replaced: 0 })
    expect(await importing({ ...one, id: organisationId.parse(newId()), representatives: one.representatives.toReversed() })).toEqual({ inserted: 0, replaced: 0 })
    expect(await importing({ ...one, representatives: one.representatives.slice(0, 1) })).toEqual({ inserted: 0, replaced: 1 })
    expect(await importing(one)).toEqual({ inserted: 0, replaced: 1 })
    expect(await importing(newer(one, { name: 'Công ty Cổ phần An Khang' }))).toEqual({ inserted: 0, replaced: 1 })
    expect(await importing(one)).toEqual({ inserted: 0, replaced: 0 })
    const known = await store.findByCode(one.code)
    expect(known?.organisation).toMatchObject({ id: one.id, name: 'Công ty Cổ phần An Khang' })
    expect(known?.representatives.map(({ person, name }) => [person, name])).toEqual(expect.arrayContaining([[first.person.id, 'Lê Thị Thu Hà'], [second.person.id, 'Đỗ Văn Bình']]))
    expect(await store.representedBy(first.person.id)).toEqual([one.id])
    expect(await importing(newer(newer(one, {}), { state: 'dissolved' }))).toMatchObject({ replaced: 1 })
    expect(await importing({ ...newer(one, { state: 'operating' }), source: { version: 9, confirmedAt: '2026-11-01T00:00:00Z' } })).toMatchObject({ replaced: 0 })
  })

  test('D03: no number and no name of a representative or of whom a mandate names stands readable in the database', async () => {
    const giver = await somebody('Lê Thị Thu Hà')
    const one = await active(giver)
    await offered(one.id, giver, { number: personalNumber.parse('079080999999'), name: 'Đỗ Văn Bình' })
    const dump = JSON.stringify([await db.rows(sql`select encode(number, 'escape') as a, encode(name, 'escape') as b from organisation_representative`), await db.rows(sql`select encode(number, 'escape') as a, encode(name, 'escape') as b from mandate`)])
    for (const word of [giver.person.number, '079080999999', 'Bình']) expect(dump).not.toContain(word)
  })

  test('of fifty applications at once one is open, and the file is complete when the last representative has agreed', async () => {
    const [first, second] = [await somebody('Lê Thị Thu Hà'), await somebody('Đỗ Văn Bình')]
    const one = organisation([first, second])
    await importing(one)
    const done = await Promise.all(fifty.map(() => store.apply(one.id, opening(), by(first))))
    expect(done.filter(Boolean)).toHaveLength(1)
    expect((await store.find(one.id))?.application).toMatchObject({ state: 'consenting', agreed: [first.person.id] })
    expect(await notices(second)).toEqual(['organisation-asks'])
    const answers = await Promise.all(fifty.map(() => store.answer(one.id, true, by(second))))
    expect(answers.filter(Boolean)).toHaveLength(1)
    // Three working days after a Wednesday.
    expect((await store.find(one.id))?.application).toMatchObject({ state: 'waiting', dueOn: '2026-11-30' })
  })

  let declarations = 0
  const declaring = (changes: Partial<Declaration> = {}): Declaration => {
    declarations += 1
    return {
      code: organisationCode.parse(`05${String(declarations).padStart(8, '0')}`), name: 'Hội Khuyến học Tân Tiến', kind: 'association', address: 'Số 1, đường Lê Lợi, Hà Nội',
      papers: { number: '1234/QĐ-UBND', issuer: 'Ủy ban nhân dân thành phố Hà Nội', issuedOn: '2020-01-02' }, others: [], ...changes,
    }
  }
  async function declared(who: Somebody, what: Declaration) {
    const [id, { id: application, reference }] = [organisationId.parse(newId()), opening()]
    return { id, application, done: await store.declare(what, { organisation: id, id: application, reference }, by(who)) }
  }
  const officer = () => ({ account: accountId.parse(randomUUID()), at, reason: 'x' })
  const papers = 'Bản chính 1234/QĐ-UBND'

  test('what no register knows is pending until two officers have seen to it: fifteen days, no number of anybody, no account, and no step without papers', async () => {
    const [first, second] = [await somebody('Lê Thị Thu Hà'), await somebody('Đỗ Văn Bình')]
    const what = declaring({ others: [{ number: second.person.number, name: 'đỗ văn bình' }] })
    const { id, application, done } = await declared(first, what)
    expect([done, await notices(second), await events('organisation.declared')]).toEqual(['done', ['organisation-asks'], 1])
    expect([await store.representedBy(second.person.id), await store.findByCode(what.code), await store.apply(id, opening(), by(first))]).toEqual([[id], undefined, false])
    expect(await store.answer(id, true, by(second))).toBe(true)
    expect((await store.find(id))?.application).toMatchObject({ state: 'waiting', dueOn: '2026-12-10' })
    expect([await store.examine(application, officer()), await store.examine(application, { ...officer(), papers: '' })]).toEqual(['papers', 'papers'])
    await expect(db.change(sql`update organisation_application set state = 'examined', examined_by = ${randomUUID()} where id = ${application}`)).rejects.toThrow('nobody has seen the papers')
    await expect(db.change(sql`update organisation set pending = false where id = ${id}`)).rejects.toThrow('nothing was issued')
    await expect(db.change(sql`insert into organisation_account (organisation_id, state, issued_at) values (${id}, 'issued', now())`)).rejects.toThrow('pending has no account')
    expect(await store.examine(application, { ...officer(), papers })).toBe('done')
    expect(await store.findApplication(application)).toMatchObject({ declared: { kind: 'association', papers: what.papers, pending: true }, application: { papersSeen: papers } })
    expect(await db.rows(sql`select data->>'papers' as papers from audit_event where type = 'organisation.examined'`)).toEqual([{ papers }])
    await expect(db.change(sql`update organisation_papers_seen set reference = 'x'`)).rejects.toThrow('stays')
    expect(await store.issue(application, officer())).toBe('done')
    expect((await store.findByCode(what.code))?.declared?.pending).toBe(false)
    expect((await store.move(id, { to: 'activate', by: 'representative' }, by(first))).is).toBe('moved')
    await expect(db.change(sql`update organisation set pending = true where id = ${id}`)).rejects.toThrow('stays so')
    expect((await declared(second, { ...what, others: [] })).done).toBe('known')
  })

  test('of fifty declarations of one number at once by one person one is open; what others declare stands in nobody’s way, and of two one is established', async () => {
    const [first, second] = [await somebody('Lê Thị Thu Hà'), await somebody('Đỗ Văn Bình')]
    const what = declaring()
    const done = await Promise.all(fifty.map(() => declared(first, what)))
    expect(done.filter((one) => one.done === 'done')).toHaveLength(1)
    expect(done.filter((one) => one.done === 'under-way')).toHaveLength(49)
    const files = [done.find((one) => one.done === 'done')?.application, (await declared(second, what)).application].flatMap((one) => one ?? [])
    for (const file of files) expect(await store.examine(file, { ...officer(), papers })).toBe('done')
    expect((await Promise.all(files.map((file) => store.issue(file, officer())))).toSorted()).toEqual(['done', 'registered'])
  })

  test('the registration goes before what is pending, and takes over what is established', async () => {
    const [first, second] = [await somebody('Lê Thị Thu Hà'), await somebody('Đỗ Văn Bình')]
    const [early, late] = [declaring(), declaring()]
    const [before, after] = [await declared(first, early), await declared(first, late)]
    for (const { application } of [before, after]) await store.examine(application, { ...officer(), papers })
    expect(await store.issue(after.application, officer())).toBe('done')
    expect(await importing(organisation([second], { code: early.code }), organisation([second], { code: late.code }))).toEqual({ inserted: 1, replaced: 1 })
    expect(await store.issue(before.application, officer())).toBe('registered')
    expect((await store.findByCode(early.code))?.declared).toBeUndefined()
    expect([(await store.find(after.id))?.organisation.name, await store.representsNow(after.id, by(first)), await store.representsNow(after.id, by(second))]).toEqual(['Công ty TNHH An Khang', false, true])
  })

  test('W10: whoever is named by a name that is not theirs is not asked, and whoever names them sees no difference', async () => {
    const [first, second] = [await somebody('Lê Thị Thu Hà'), await somebody('Đỗ Văn Bình')]
    const { id, done } = await declared(first, declaring({ others: [{ number: second.person.number, name: 'Nguyễn Văn Bình' }, { number: personalNumber.parse('079303999999'), name: 'Nguyễn Văn An' }] }))
    expect([done, await notices(second), await store.representedBy(second.person.id), await store.answer(id, true, by(second))]).toEqual(['done', [], [], false])
    expect((await store.find(id))?.application).toMatchObject({ state: 'consenting', agreed: [first.person.id] })
  })

  test('a refusal ends it, and the consent of a stranger counts for nothing', async () => {
    const [first, second, stranger] = [await somebody('Lê Thị Thu Hà'), await somebody('Đỗ Văn Bình'), await somebody('Trần Thị Bảy')]
    const one = organisation([first, second])
    await importing(one)
    expect(await store.apply(one.id, opening(), by(stranger))).toBe(false)
    expect(await store.apply(one.id, opening(), by(first))).toBe(true)
    expect(await store.answer(one.id, true, by(stranger))).toBe(false)
    expect(await store.answer(one.id, true, by(first))).toBe(false)
    expect(await store.answer(one.id, false, by(second))).toBe(true)
    expect(await store.answer(one.id, true, by(second))).toBe(false)
    expect((await store.find(one.id))?.application?.state).toBe('declined')
    expect(await notices(first)).toEqual(['organisation-declined'])
    expect(await store.apply(one.id, opening(), by(second))).toBe(true)
  })

  test('the table of applications has what came to the authority by its state, finds it without marks, and an older one is still there', async () => {
    const [first, second, officer, other] = [await somebody('Lê Thị Thu Hà'), await somebody('Đỗ Văn Bình'), await somebody('Cán bộ Một'), await somebody('Cán bộ Hai')]
    const directory = organisationDirectory(db)
    const [late, fresh, asking] = [organisation([first], { name: 'Hợp tác xã Đồng Tâm' }), organisation([first]), organisation([first, second])]
    await importing(late, fresh, asking)
    // Of two in one millisecond nobody could say which came last.
    const daysAgo = (days: number) => new Date(at.getTime() - days * 86_400_000)
    const openingOf = (days: number) => ({ ...opening(), id: applicationId.parse(newId(daysAgo(days).getTime())) })
    const [old, examined, young] = [openingOf(40), openingOf(30), openingOf(0)]
    const at2 = (officerOf: Somebody) => ({ account: officerOf.account, at })
    expect(await store.apply(late.id, old, by(first, daysAgo(40)))).toBe(true)
    expect(await store.refuse(old.id, { ...at2(officer), reason: 'data-differ' })).toBe('done')
    expect(await store.apply(late.id, examined, by(first, daysAgo(30)))).toBe(true)
    expect(await store.examine(examined.id, { ...at2(other), reason: 'x' })).toBe('done')
    for (const [one, application] of [[fresh, young], [asking, opening()]] as const) expect(await store.apply(one.id, application, by(first))).toBe(true)
    const found = async (wish: Partial<FileSearch>) => {
      const { rows, all } = await directory.search({ state: 'open', today: '2026-11-25', order: 'due', offset: 0, most: 50, ...wish })
      expect(rows).toHaveLength(all)
      return rows.map(({ application }) => application.id)
    }
    expect(await found({})).toEqual([examined.id, young.id])
    expect(await found({ order: 'newest' })).toEqual([young.id, examined.id])
    for (const [state, ids] of [['overdue', [examined.id]], ['waiting', [young.id]], ['examined', [examined.id]], ['refused', [old.id]], ['issued', []], ['withdrawn', []], ['all', [old.id, examined.id, young.id]]] as const) {
      expect([state, await found({ state })]).toEqual([state, ids])
    }
    expect(await found({ state: 'all', text: 'hop tac xa dong' })).toEqual([old.id, examined.id])
    expect(await found({ state: 'all', text: fresh.code })).toEqual([young.id])
    expect(await found({ state: 'all', text: '%' })).toEqual([])
    expect((await directory.search({ state: 'all', today: '2026-11-25', order: 'due', offset: 2, most: 1 })).rows[0]?.organisation).toEqual({ id: fresh.id, code: fresh.code, name: fresh.name })
    const { application } = (await store.findApplication(old.id)) ?? {}
    expect([application?.state, application?.refusal, (await store.find(late.id))?.application?.state]).toEqual(['refused', 'data-differ', 'examined'])
  })

  test('A03: two officers decide, neither of them about an organisation of their own; of fifty decisions one counts', async () => {
    const [first, officer, other] = [await somebody('Lê Thị Thu Hà'), await somebody('Cán bộ Một'), await somebody('Cán bộ Hai')]
    const one = organisation([first])
    await importing(one)
    const { id, reference } = opening()
    await store.apply(one.id, { id, reference }, by(first))
    expect(await store.issue(id, { account: other.account, at, reason: 'x' })).toBe('over')
    expect(await store.examine(id, { account: first.account, at, reason: 'x' })).toBe('own')
    expect(await store.examine(id, { account: officer.account, at, reason: 'x' })).toBe('done')
    expect(await store.issue(id, { account: officer.account, at, reason: 'x' })).toBe('same')
    expect(await store.issue(id, { account: first.account, at, reason: 'x' })).toBe('own')
    const done = await Promise.all(fifty.map(() => store.issue(id, { account: other.account, at, reason: 'x' })))
    expect(done.filter((is) => is === 'done')).toHaveLength(1)
    expect(await events('organisation.issued')).toBe(1)
    await expect(db.change(sql`update organisation_application set state = 'refused', refusal = 'data-differ' where id = ${id}`)).rejects.toThrow('final')
    await expect(db.change(sql`update organisation_account set state = 'dissolved' where organisation_id = ${one.id}`)).resolves.toBe(1)
    await expect(db.change(sql`update organisation_account set state = 'active' where organisation_id = ${one.id}`)).rejects.toThrow('stays so')
  })

  test('representatives who changed while the file lay have to agree too', async () => {
    const [first, second] = [await somebody('Lê Thị Thu Hà'), await somebody('Đỗ Văn Bình')]
    const one = organisation([first])
    await importing(one)
    const { id, reference } = opening()
    await store.apply(one.id, { id, reference }, by(first))
    await store.examine(id, { account: accountId.parse(randomUUID()), at, reason: 'x' })
    await importing(newer(one, { representatives: organisation([first, second]).representatives }))
    expect(await store.issue(id, { account: accountId.parse(randomUUID()), at, reason: 'x' })).toBe('consent-missing')
  })

  test('W10: an offer to nobody is kept like any other, and only whom it names by number and name sees it', async () => {
    const [giver, named, namesake] = [await somebody('Lê Thị Thu Hà'), await somebody('Đỗ Văn Bình'), await somebody('Trần Thị Bảy')]
    const one = await active(giver)
    const right = await offered(one.id, giver, { number: named.person.number, name: 'do van binh' })
    const wrongName = await offered(one.id, giver, { number: namesake.person.number, name: 'Đỗ Văn Bình' })
    const nobody = await offered(one.id, giver, { number: personalNumber.parse('079080999999'), name: 'Đỗ Văn Bình' })
    expect([right.done, wrongName.done, nobody.done]).toEqual([true, true, true])
    expect((await store.mandatesFor(named.person.id)).map(({ id }) => id)).toEqual([right.id])
    expect(await store.mandatesFor(namesake.person.id)).toEqual([])
    expect([await store.accept(wrongName.id, by(namesake)), await store.accept(right.id, by(namesake)), await store.accept(nobody.id, by(named))]).toEqual([false, false, false])
    expect(await notices(named)).toEqual(['mandate-offered'])
    expect(await notices(namesake)).toEqual([])
  })

  test('of fifty who take a mandate and end it at once it ends in one state, and its end is final', async () => {
    const [giver, named] = [await somebody('Lê Thị Thu Hà'), await somebody('Đỗ Văn Bình')]
    const one = await active(giver)
    const { id } = await offered(one.id, giver, named.person)
    const done = await Promise.all(fifty.map((index) => (index % 2 === 0 ? store.accept(id, by(named)) : store.end(id, { ...by(giver), forOrganisation: true }))))
    expect(done.filter((_, index) => index % 2 === 1).filter(Boolean)).toHaveLength(1)
    expect((await store.mandatesOf(one.id, 10))[0]?.state).toBe('ended')
    expect([await store.accept(id, by(named)), await store.end(id, { ...by(giver), forOrganisation: true })]).toEqual([false, false])
    expect(await events('mandate.ended')).toBe(1)
    await expect(db.change(sql`update mandate set state = 'accepted', ended_at = null where id = ${id}`)).rejects.toThrow('stays so')
  })

  test('A04: nobody ends the mandate of another organisation, and nobody widens one', async () => {
    const [giver, named, stranger] = [await somebody('Lê Thị Thu Hà'), await somebody('Đỗ Văn Bình'), await somebody('Trần Thị Bảy')]
    const [one] = [await active(giver), await active(stranger)]
    const { id } = await offered(one.id, giver, named.person)
    expect(await store.accept(id, by(named))).toBe(true)
    expect(await store.end(id, { ...by(stranger), forOrganisation: true })).toBe(false)
    await expect(db.change(sql`update mandate set services = array['ngan-hang'] where id = ${id}`)).rejects.toThrow('does not change')
    expect((await offered(one.id, stranger, named.person)).done).toBe(false)
  })

  test('W12: a lock, the end of a representation and a dissolution end what was opened in its name, tell the services, and leave the person signed in elsewhere', async () => {
    const [giver, named] = [await somebody('Lê Thị Thu Hà'), await somebody('Đỗ Văn Bình')]
    const one = await active(giver)
    await db.change(sql`insert into client (id, own, registered) values ('thue', '{"sector":"thue.example","in_name_of":["organisation"]}', '{"backchannel_logout_uri":"https://thue.example/out"}')`)
    const { id } = await offered(one.id, giver, named.person)
    await store.accept(id, by(named))
    const sessions = async () => (await db.rows(sql<{ client_id: string }>`select client_id from service_session order by client_id`)).map(({ client_id: client }) => client)
    const insert = async () => {
      await db.change(sql`delete from service_session`)
      await db.change(sql`insert into service_session (account_id, session_uid, client_id, sid, grant_id, since, ends_at, organisation_id, mandate_id) values
        (${named.account}, 's', 'thue', 'x', 'g', ${at}, ${at}, ${one.id}, ${id}), (${named.account}, 's', 'bank', 'y', 'h', ${at}, ${at}, null, null)`)
    }
    const signals = async () => (await db.rows(sql<{ data: Record<string, unknown> }>`select data from job.job where data->>'kind' in ('session-end', 'logout') order by data->>'kind'`)).map(({ data }) => data)

    await insert()
    expect(await store.follow(at)).toBe(0)
    expect(await store.follow(new Date('2027-01-02T00:00:00Z'))).toBe(1)
    expect(await sessions()).toEqual(['bank'])
    const [told, ended] = await signals()
    expect([told, ended]).toEqual([expect.objectContaining({ kind: 'logout', client: 'thue', sid: 'x' }), { kind: 'session-end', grants: ['g'] }])

    await insert()
    await store.move(one.id, { to: 'lock', ground: 'competent-body', by: 'operator' }, { at })
    expect(await sessions()).toEqual(['bank'])
    await store.move(one.id, { to: 'unlock', ground: 'competent-body', by: 'operator' }, { at })

    await insert()
    await importing(newer(one, { representatives: [] }))
    expect(await sessions()).toEqual(['bank'])

    await insert()
    await importing(newer(newer(one, {}), { state: 'dissolved' }))
    expect([await sessions(), (await store.find(one.id))?.account?.state]).toEqual([['bank'], 'dissolved'])
    expect(await events('organisation.dissolved')).toBe(1)
  })

  test('W12: what a mandate opened ends with it, though another one covers the same service; and what the session had opened in the first name ends too, and is told', async () => {
    const [giver, named] = [await somebody('Lê Thị Thu Hà'), await somebody('Đỗ Văn Bình')]
    const one = await active(giver)
    await db.change(sql`insert into client (id, own, registered) values ('thue', '{"sector":"thue.example","in_name_of":["organisation"]}', '{"backchannel_logout_uri":"https://thue.example/out"}')`)
    const [first, second] = [await offered(one.id, giver, named.person), await offered(one.id, giver, named.person)]
    for (const { id } of [first, second]) expect(await store.accept(id, by(named))).toBe(true)
    const begin = (session: string, { grant, mandate }: { grant: string; mandate?: typeof first.id }) => auditLog(db, { now: () => at }).begin({
      account: named.account, ...(mandate && { organisation: one.id, mandate }), session, client: clientId.parse('thue'), sid: `sid of ${session}`, grant, since: at, endsAt: new Date('2099-01-01T00:00:00Z'),
    }, [])
    await begin('stays', { grant: 'by the first', mandate: first.id })
    await begin('other', { grant: 'by the second', mandate: second.id })
    // In one browser: by the first mandate, then as oneself.
    await begin('goes on', { grant: 'by the first, earlier', mandate: first.id })
    await begin('goes on', { grant: 'own' })
    expect(await store.end(first.id, { ...by(giver), forOrganisation: true })).toBe(true)
    const left = (await db.rows(sql<{ grant_id: string }>`select grant_id from service_session union all select grant_id from service_session_earlier order by grant_id`)).map(({ grant_id: grant }) => grant)
    expect(left).toEqual(['by the second', 'own'])
    const signals = (await db.rows(sql<{ data: { kind: string; sid?: string; grants?: string[] } }>`select data from job.job where data->>'kind' in ('session-end', 'logout')`)).map(({ data }) => data)
    expect(signals.flatMap(({ sid }) => sid ?? []).toSorted()).toEqual(['sid of goes on', 'sid of stays'])
    expect(signals.flatMap(({ grants }) => grants ?? []).toSorted()).toEqual(['by the first', 'by the first, earlier'])
  })

  test('W12: what a legal representative opened ends when they are none any more, though a mandate of theirs covers the service', async () => {
    const [giver, named] = [await somebody('Lê Thị Thu Hà'), await somebody('Đỗ Văn Bình')]
    const one = await active(giver, named)
    await db.change(sql`insert into client (id, own, registered) values ('thue', '{"sector":"thue.example","in_name_of":["organisation"]}', '{}')`)
    const { id } = await offered(one.id, giver, named.person)
    expect(await store.accept(id, by(named))).toBe(true)
    await db.change(sql`insert into service_session (account_id, session_uid, client_id, sid, grant_id, since, ends_at, organisation_id, mandate_id) values
      (${named.account}, 's', 'thue', 'x', 'by law', ${at}, ${at}, ${one.id}, null), (${named.account}, 't', 'thue', 'y', 'by mandate', ${at}, ${at}, ${one.id}, ${id})`)
    const left = async () => (await db.rows(sql<{ grant_id: string }>`select grant_id from service_session order by grant_id`)).map(({ grant_id: grant }) => grant)
    expect([await store.follow(at), await left()]).toEqual([0, ['by law', 'by mandate']])
    await importing(newer(one, { representatives: one.representatives.slice(0, 1) }))
    expect(await left()).toEqual(['by mandate'])
  })

  test('W09: what somebody gave lately ends with a report that their device is lost: for those who took it, and for whom it waits', async () => {
    const [giver, partner, named] = [await somebody('Lê Thị Thu Hà'), await somebody('Trần Thị Bảy'), await somebody('Đỗ Văn Bình')]
    const one = await active(giver, partner)
    const since = new Date(at.getTime() - 72 * 3_600_000)
    const [old, later, taken, waiting, partners] = [await offered(one.id, giver, named.person), await offered(one.id, giver, named.person), await offered(one.id, giver, named.person), await offered(one.id, giver, named.person), await offered(one.id, partner, named.person)]
    await db.change(sql`update mandate set offered_at = ${since} where id = ${old.id}`)
    await db.change(sql`update mandate set offered_at = ${new Date(at.getTime() + 1)} where id = ${later.id}`)
    expect(await store.accept(taken.id, by(named))).toBe(true)
    const end = () => store.endGiven(giver.account, { since, until: at, at: new Date(at.getTime() + 3_600_000) })
    expect(await end()).toBe(2)
    const states = new Map((await store.mandatesOf(one.id, 10)).map(({ id, state }) => [id, state]))
    expect([old, later, taken, waiting, partners].map(({ id }) => states.get(id))).toEqual(['offered', 'offered', 'ended', 'ended', 'offered'])
    expect((await Promise.all([notices(named), notices(partner), notices(giver)])).map((told) => told.filter((of) => of === 'mandate-ended').length)).toEqual([1, 2, 0])
    // A report may be carried twice.
    expect([await end(), await events('mandate.ended')]).toEqual([0, 2])
  })

  test('which organisation a grant is in the name of does not change, and the last choice at a service is remembered', async () => {
    const giver = await somebody('Lê Thị Thu Hà')
    const [one, other] = [await active(giver), await active(giver)]
    const grants = organisationGrants(db)
    const about = { account: giver.account, client: clientId.parse('thue'), at }
    const mandate = mandateId.parse(newId())
    await grants.put('g', { ...about, organisation: one.id, mandate })
    await grants.put('g', { ...about, organisation: other.id })
    await grants.put('by law', { ...about, organisation: other.id })
    expect([await grants.find('g'), await grants.find('by law'), await grants.find('h')]).toEqual([{ organisation: one.id, mandate }, { organisation: other.id }, undefined])
    expect(await store.lastChoice(giver.account, about.client)).toBeUndefined()
    await store.choose(giver.account, about.client, one.id)
    expect(await store.lastChoice(giver.account, about.client)).toBe(one.id)
    await store.choose(giver.account, about.client, null)
    expect(await store.lastChoice(giver.account, about.client)).toBeNull()
  })
})
