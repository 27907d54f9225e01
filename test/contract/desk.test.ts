import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { accountId, applicationId, newId, passkeyId, type ApplicationId, type ContactId } from '#kernel/id.ts'
import { standing } from '#domain/account/account.ts'
import type { AccountStore } from '#domain/account/store.ts'
import type { DeskStore, Finishing, Station } from '#domain/desk/application.ts'
import { makeDeskCode } from '#domain/desk/code.ts'
import type { Purpose, TakeOver } from '#domain/desk/rules.ts'
import { personalNumber, type Person } from '#domain/registry/person.ts'
import { makeSealer } from '#keys/sealer.ts'
import { accounts } from '#storage/postgres/accounts.ts'
import { contacts } from '#storage/postgres/contacts.ts'
import type { Database } from '#storage/postgres/db.ts'
import { desk } from '#storage/postgres/desk.ts'
import { notices } from '#storage/postgres/notices.ts'
import { insertRole } from '#storage/postgres/officers.ts'
import { passkeys } from '#storage/postgres/passkeys.ts'
import { registry } from '#storage/postgres/registry.ts'
import { databases } from '#test/support/engines.ts'
import { aForeigner, anAccount, aPasskey, aPerson } from '#test/support/made-up.ts'

const sealer = makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) })
const at = new Date('2026-11-24T03:04:05.678Z')
const later = new Date(at.getTime() + 600_000)
const officer = accountId.parse(crypto.randomUUID())

function idOf(opened: Awaited<ReturnType<DeskStore['open']>>): ApplicationId {
  if (opened.is !== 'open') throw new Error('it opens')
  return opened.id
}

describe.each(Object.entries(databases))('a desk on %s', (_name, open) => {
  let db: Database
  let store: DeskStore
  let holders: AccountStore
  let station: Station
  let numbers = 100_000
  beforeEach(async () => {
    db = await open()
    store = desk(db, sealer)
    holders = accounts(db, sealer)
    station = { officer, grant: newId(), desk: 'Quầy 1', commune: 'phường Bến Thành' }
    await insertRole(db, { id: station.grant, account: officer, role: 'enrolment-officer', since: at, endsOn: '2026-12-31' }, undefined)
  })

  async function somebody(changes: Partial<Person> = {}): Promise<Person> {
    numbers += 1
    const person = aPerson({ ...changes, number: personalNumber.parse(`079303${numbers}`) })
    await importing(person)
    return person
  }
  const importing = (person: Person) => registry(db, sealer).importAll((async function* one() { yield [person] })())
  const opening = (person: Person, purpose: Purpose = 'level-2', account = accountId.parse(crypto.randomUUID()), takeOver?: TakeOver) => {
    const id = applicationId.parse(newId(at.getTime()))
    return store.open(
      { id, reference: id.slice(-9), purpose, person: person.id, account, case: 'HS-1', station, receivedAt: at, dueOn: '2026-11-27', biometricsMissing: false, takeOver },
      { type: 'desk.opened', application: id, purpose, desk: station.desk, commune: station.commune, by: officer },
    )
  }
  /** An application whose number was compared, ready to be finished. */
  async function ready(person: Person, { purpose = 'level-2', account, kept = [] }: { purpose?: Purpose; account?: Finishing['account']; kept?: readonly ContactId[] } = {}): Promise<Finishing> {
    const mine = account ?? anAccount({ person: person.id, createdAt: at })
    const opened = await opening(person, purpose, mine.id)
    const id = idOf(opened)
    const code = await coded(id, mine.id, kept)
    expect(await store.redeem(code, { browser: id, number: 57, until: later, at })).toBe(id)
    expect(await store.confirm(id, { session: 'here', at })).toBe(true)
    return { id, browser: id, key: { made: aPasskey({ account: mine.id, createdAt: at }) }, account: mine, issuedOn: undefined, at }
  }
  async function coded(id: ApplicationId, account = accountId.parse(crypto.randomUUID()), kept: readonly ContactId[] = []) {
    const code = makeDeskCode()
    expect(await store.putCode(id, { code, session: 'here', station, account, seen: ['card-seen', 'face-compared'], kept, expiresAt: later, at }, [])).toBe('put')
    return code
  }
  const count = async (table: 'account' | 'account_evidence' | 'desk_application') => (await db.first(sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`))?.n
  const eventsOf = async (type: string) => (await db.rows(sql`select 1 from audit_event where type = ${type}`)).length

  test('fifty redemptions of one code at once are one', async () => {
    const opened = await opening(await somebody())
    const code = await coded(idOf(opened))
    const taken = await Promise.all(Array.from({ length: 50 }, (_, number) => store.redeem(code, { browser: `b${number}`, number: 57, until: later, at })))
    expect([taken.filter((id) => id !== undefined).length, await eventsOf('desk.code-used')]).toEqual([1, 1])
  })

  test('fifty enrolments of one number at once are one application, and fifty ends of it one account', async () => {
    const person = await somebody()
    const opened = await Promise.all(Array.from({ length: 50 }, () => opening(person)))
    expect(new Set(opened.map((one) => (one.is === 'open' ? one.id : ''))).size).toBe(1)
    expect(await count('desk_application')).toBe(1)
    const account = anAccount({ person: person.id, createdAt: at })
    const finishing = await ready(person, { account })
    const ends = await Promise.all(Array.from({ length: 50 }, () => store.finish({ ...finishing, key: { made: aPasskey({ account: account.id }) } })))
    expect([ends.filter((end) => end === 'done').length, await count('account'), await eventsOf('desk.finished')]).toEqual([1, 1, 1])
    expect((await passkeys(db).ofAccount(account.id)).length).toBe(1)
  })

  test('a person has one account whatever comes at once: from home and at the desk', async () => {
    for (let round = 0; round < 5; round += 1) {
      const person = await somebody()
      const finishing = await ready(person)
      const [end, home] = await Promise.all([store.finish(finishing), holders.open({ account: anAccount({ person: person.id }) })])
      expect([end === 'done', home].filter(Boolean)).toHaveLength(1)
      expect(await count('account')).toBe(round + 1)
    }
  })

  test('a level, a lock and a death that arrive together end in the stricter state', async () => {
    for (let round = 0; round < 5; round += 1) {
      const person = await somebody()
      const account = anAccount({ person: person.id, createdAt: at })
      await holders.open({ account })
      const finishing = await ready(person, { account })
      await Promise.all([
        store.finish(finishing),
        holders.move(account.id, { to: 'lock', ground: 'competent-body', by: 'operator' }, at),
        importing({ ...person, life: { status: 'deceased', on: '2026-11-01' }, source: { version: 2, confirmedAt: '2026-11-02T00:00:00Z' } }),
      ])
      const found = await holders.findNow(account.id)
      expect(found?.account.state).toBe('deceased')
      expect(found && standing(found.account, found.life, '2026-11-24').is).toBe('refused')
    }
  })

  test.each([
    ['locked', (id: Finishing['account']['id']) => holders.move(id, { to: 'lock', ground: 'terms-breach', by: 'operator' }, at), 'closed'],
    ['of somebody whose officer’s role was ended', () => db.change(sql`update officer_role set ended_at = ${at} where id = ${station.grant}`), 'over'],
    ['of somebody who was refused', (_id: Finishing['account']['id'], of: ApplicationId) => store.refuse(of, { officer, reason: 'withdrawn', at }), 'over'],
    ['of somebody whose number differed', (_id: Finishing['account']['id'], of: ApplicationId) => store.deny(of, { browser: of, at }), 'over'],
    ['of somebody who has another account by now', async (_id: Finishing['account']['id'], of: ApplicationId) => db.change(sql`update desk_application set account_id = gen_random_uuid() where id = ${of}`), 'over'],
  ] as const)('nothing is raised that is %s meanwhile, and nothing is left behind', async (_what, meanwhile, outcome) => {
    const person = await somebody()
    const account = anAccount({ person: person.id, createdAt: at })
    await holders.open({ account })
    const finishing = await ready(person, { account })
    await meanwhile(account.id, finishing.id)
    expect(await store.finish(finishing)).toBe(outcome)
    expect([(await holders.findNow(account.id))?.account.level, await count('account_evidence'), (await passkeys(db).ofAccount(account.id)).length]).toEqual([1, 0, 0])
  })

  test('face and fingerprints that turn out to be missing give seven days from the beginning, once, and taking that back keeps them', async () => {
    const person = aForeigner()
    await importing(person)
    const dueAfter = async (biometricsMissing: boolean, when = at, purpose: Purpose = 'level-2') => {
      const id = applicationId.parse(newId(when.getTime()))
      const opened = await store.open(
        { id, reference: id.slice(-9), purpose, person: person.id, account: accountId.parse(crypto.randomUUID()), case: 'HS-1', station, receivedAt: when, dueOn: '2026-11-27', biometricsMissing },
        { type: 'desk.opened', application: id, purpose, desk: station.desk, commune: station.commune, by: officer },
      )
      return [(await store.find(idOf(opened)))?.dueOn, (await store.find(idOf(opened)))?.biometricsMissing]
    }
    const days = (count: number) => new Date(at.getTime() + count * 86_400_000)
    expect([await dueAfter(false), await dueAfter(false, days(1)), await dueAfter(true, days(2), 'recovery')]).toEqual([['2026-11-27', false], ['2026-11-27', false], ['2026-11-27', true]])
    expect([await dueAfter(true, days(3)), await dueAfter(true, days(4)), await dueAfter(false, days(4))]).toEqual([['2026-12-03', true], ['2026-12-03', true], ['2026-12-03', false]])
    for (const set of ['due_on = due_on + 1', 'due_on = due_on - 1', 'due_on = due_on - 1, biometrics_missing = true', 'received_at = now()']) {
      await expect(db.change(sql`update desk_application set ${sql.raw(set)}`), set).rejects.toThrow('the clock of an application')
    }
    await expect(db.change(sql`delete from desk_application`)).rejects.toThrow('never removed')
  })

  test('a code ends after its time, after another one, and is nobody else’s', async () => {
    const opened = await opening(await somebody())
    const id = idOf(opened)
    const [first, second] = [await coded(id), await coded(id)]
    const by = { browser: 'b', number: 11, until: later, at }
    expect(await store.redeem(first, by)).toBeUndefined()
    expect(await store.redeem(second, { ...by, at: later })).toBeUndefined()
    expect(await store.redeem(second, by)).toBe(id)
    expect(await store.confirm(id, { session: 'elsewhere', at })).toBe(false)
    expect(await store.finish({ id, browser: 'b', key: { shown: passkeyId.parse('x') }, account: anAccount(), issuedOn: undefined, at })).toBe('over')
    expect(await store.finish({ id, browser: 'other', key: { shown: passkeyId.parse('x') }, account: anAccount(), issuedOn: undefined, at })).toBe('over')
  })

  test('after a lost phone every key, printed code and session of before is dead, in the same commit', async () => {
    const person = await somebody()
    const account = anAccount({ person: person.id, createdAt: at })
    const lost = aPasskey({ account: account.id })
    await holders.open({ account, passkey: lost })
    await holders.move(account.id, { to: 'lock', ground: 'holder-request', by: 'holder' }, at)
    await db.change(sql`insert into recovery_code (account_id, id, hash, made_at) values (${account.id}, ${newId()}, ${randomBytes(32)}, ${at})`)
    const finishing = await ready(person, { purpose: 'recovery', account })
    expect(await store.finish(finishing)).toBe('done')
    const made = 'made' in finishing.key ? finishing.key.made.id : ''
    expect((await passkeys(db).ofAccount(account.id)).map(({ id }) => id)).toEqual([made])
    const now = (await holders.findNow(account.id))?.account
    expect([now?.level, now?.locks, now?.signedOutAt]).toEqual([2, [], at])
    expect((await db.rows(sql`select 1 from recovery_code`)).length).toBe(0)
  })

  test('an application goes on with another officer of the commune, and its code does not; in another commune nothing changes', async () => {
    const person = await somebody()
    const opened = await opening(person)
    const id = idOf(opened)
    const code = await coded(id)
    station = { ...station, commune: 'phường Sài Gòn' }
    expect(await opening(person)).toEqual({ is: 'elsewhere' })
    station = { ...station, commune: 'phường Bến Thành', officer: accountId.parse(crypto.randomUUID()) }
    expect(await opening(person, 'recovery')).toEqual({ is: 'open', id })
    expect(await store.find(id)).toMatchObject({ purpose: 'recovery', station: { officer: station.officer } })
    expect(await store.redeem(code, { browser: 'b', number: 11, until: later, at })).toBeUndefined()
  })

  test('what nobody works on ends by itself, with its code, and the person begins anew anywhere; what is overdue is recorded once', async () => {
    const [left, worked] = [await somebody(), await somebody()]
    const account = anAccount({ person: left.id, createdAt: at })
    await holders.open({ account })
    const [one, two] = [idOf(await opening(left, 'level-2', account.id)), idOf(await opening(worked))]
    const code = await coded(one, account.id)
    const soon = new Date(later.getTime() + 1)
    await coded(two)
    await db.change(sql`update desk_code set expires_at = ${new Date('2026-12-09T00:00:00Z')} where application_id = ${two}`)
    expect([await store.markOverdue('2026-11-27', soon), await store.markOverdue('2026-11-28', soon), await store.markOverdue('2026-11-28', soon)]).toEqual([0, 2, 0])
    expect(await db.rows(sql`select data->>'commune' as commune, (data->>'count')::int as count from audit_event where type = 'desk.overdue'`)).toEqual([{ commune: station.commune, count: 2 }])
    expect(await eventsOf('alarm.raised')).toBe(1)
    expect([await store.lapse(at, soon), await store.lapse(new Date('2026-12-08T00:00:00Z'), soon), await store.lapse(new Date('2026-12-08T00:00:00Z'), soon)]).toEqual([0, 1, 0])
    expect(await store.find(one)).toMatchObject({ state: 'refused', refusal: 'lapsed', code: { ended: 'denied' } })
    expect((await store.find(two))?.state).toBe('open')
    expect(await store.redeem(code, { browser: 'b', number: 11, until: later, at })).toBeUndefined()
    station = { ...station, commune: 'phường Sài Gòn' }
    expect((await opening(left)).is).toBe('open')
    expect(await eventsOf('desk.lapsed')).toBe(1)
  })

  test('a letter about an application names the office that is its holder’s', async () => {
    const offices: unknown[] = []
    for (const who of [await somebody(), await somebody(aForeigner())]) {
      const account = anAccount({ person: who.id, createdAt: at })
      await holders.open({ account })
      await store.refuse(idOf(await opening(who, 'level-2', account.id)), { officer, reason: 'withdrawn', at })
      await opening(who, 'level-2', account.id)
      await store.lapse(new Date('2026-12-08T00:00:00Z'), later)
      const jobs = await db.rows(sql<{ is: string; office: string }>`select data->'letter'->>'is' as is, data->'letter'->>'office' as office from job.job where data->>'account' = ${account.id} and data->>'kind' = 'letter'`)
      offices.push(jobs.toSorted((one, other) => one.is.localeCompare(other.is)))
    }
    const both = (office: string) => [{ is: 'lapsed', office }, { is: 'refused', office }]
    expect(offices).toEqual([both('commune'), both('immigration')])
  })

  test('a desk in another commune goes on with it for a reason, which is recorded; the code of before is void', async () => {
    const person = await somebody()
    const id = idOf(await opening(person))
    const code = await coded(id)
    const moved = { ...station, commune: 'phường Sài Gòn', desk: 'Quầy 7', officer: accountId.parse(crypto.randomUUID()) }
    station = moved
    expect((await opening(person)).is).toBe('elsewhere')
    expect(await opening(person, 'level-2', undefined, 'left-open')).toEqual({ is: 'open', id })
    expect((await store.find(id))?.station).toMatchObject({ commune: 'phường Sài Gòn', desk: 'Quầy 7', officer: moved.officer })
    expect(await store.redeem(code, { browser: 'b', number: 11, until: later, at })).toBeUndefined()
    expect(await db.rows(sql`select data->>'reason' as reason, actor from audit_event where type = 'desk.taken-over'`)).toEqual([{ reason: 'left-open', actor: moved.officer }])
  })

  test('of desks that make the same code at once one has it, and the others hear that it is taken', async () => {
    const ids = [idOf(await opening(await somebody())), idOf(await opening(await somebody())), idOf(await opening(await somebody()))]
    for (let round = 0; round < 5; round += 1) {
      const code = makeDeskCode()
      const put = await Promise.all(ids.map((id) => store.putCode(id, { code, session: 'here', station, account: accountId.parse(crypto.randomUUID()), seen: [], kept: [], expiresAt: later, at }, [])))
      expect(put.toSorted()).toEqual(['put', 'taken', 'taken'])
    }
  })

  test('a code that is said to be somebody’s opens nobody else’s application', async () => {
    const [one, other] = [await somebody(), await somebody()]
    const id = idOf(await opening(one))
    const code = await coded(id)
    const by = { browser: 'b', number: 11, until: later, at }
    expect([await store.redeem(code, { ...by, whose: other.number }), await store.redeem(code, { ...by, whose: one.number })]).toEqual([undefined, id])
  })

  test('after a lost phone the addresses that the person did not name are told that they are removed, and hear nothing more', async () => {
    const person = await somebody()
    const account = anAccount({ person: person.id, createdAt: at })
    await holders.open({ account, contact: { kind: 'email', value: 'squatter@example.com', verifiedAt: at } })
    await contacts(db, sealer).replace(account.id, { kind: 'phone', value: '+84912345678', verifiedAt: at }, { type: 'contact.changed', account: account.id, kind: 'phone', by: 'operator' })
    const known = await contacts(db, sealer).ofAccount(account.id)
    const told = notices(db, sealer)
    const [before] = await told.ofAccount(account.id)
    expect(await told.bears(account.id, before?.reference ?? fail())).toBe(true)
    const own = known.find(({ kind }) => kind === 'phone')
    const finishing = await ready(person, { purpose: 'recovery', account, kept: own ? [own.id] : [] })
    expect(await store.finish({ ...finishing, at: later, key: finishing.key })).toBe('over')
    const soon = new Date(at.getTime() + 1000)
    expect(await store.finish({ ...finishing, at: soon })).toBe('done')
    expect((await contacts(db, sealer).ofAccount(account.id)).map(({ value }) => value)).toEqual(['+84912345678'])
    const since = (await told.ofAccount(account.id)).filter((one) => one.at >= soon)
    const mailed = since.filter(({ deliveries }) => deliveries.some(({ channel }) => channel === 'email')).map(({ occasion: { of } }) => of)
    expect([mailed, since.length > 1]).toEqual([['contact-removed'], true])
    // Whoever has read the notices of before locks nobody out with them, nor with the last one they got.
    const removed = since.find(({ occasion: { of } }) => of === 'contact-removed')
    const raised = since.find(({ occasion: { of } }) => of === 'passkey-added')
    for (const [one, bears] of [[before, false], [removed, false], [raised, true]] as const) expect(await told.bears(account.id, one?.reference ?? fail())).toBe(bears)
  })

  test('of a rise its holder is told once', async () => {
    const person = await somebody()
    const account = anAccount({ person: person.id, createdAt: at })
    const passkey = aPasskey({ account: account.id })
    await holders.open({ account, passkey, contact: { kind: 'email', value: 'lan@example.com', verifiedAt: at } })
    const finishing = await ready(person, { account })
    await db.change(sql`delete from job.job`)
    expect(await store.finish({ ...finishing, key: { shown: passkey.id } })).toBe('done')
    expect((await db.rows(sql<{ kind: string }>`select data->>'kind' as kind from job.job`)).map(({ kind }) => kind)).toEqual(['notice'])
  })

  test('no new key beside one that came up meanwhile', async () => {
    const person = await somebody()
    const account = anAccount({ person: person.id, createdAt: at })
    await holders.open({ account })
    const finishing = await ready(person, { account })
    const other = aPasskey({ account: account.id })
    expect(await passkeys(db).add(other, { most: 20, event: { type: 'passkey.added', account: account.id, passkey: other.id, aaguid: other.aaguid, hardwareBound: false } })).toBe('added')
    expect(await store.finish(finishing)).toBe('over')
    expect((await passkeys(db).ofAccount(account.id)).map(({ id }) => id)).toEqual([other.id])
  })

  test('a rise and the removal or the addition of a key that come together wait for each other, and neither is lost', async () => {
    for (let round = 0; round < 10; round += 1) {
      const person = await somebody()
      const account = anAccount({ person: person.id, createdAt: at })
      const shown = aPasskey({ account: account.id })
      await holders.open({ account, passkey: shown })
      const finishing = await ready(person, { account })
      const [end, gone] = await Promise.all([store.finish({ ...finishing, key: { shown: shown.id } }), passkeys(db).remove(shown.id, at)])
      expect([['done', 'over'].includes(end), gone]).toEqual([true, true])
      const [fresh, other] = [await somebody(), aPasskey()]
      const theirs = anAccount({ person: fresh.id, createdAt: at })
      await holders.open({ account: theirs })
      const made = await ready(fresh, { account: theirs })
      const adding = { ...other, account: theirs.id }
      const [raised] = await Promise.all([store.finish(made), passkeys(db).add(adding, { most: 20, event: { type: 'passkey.added', account: theirs.id, passkey: adding.id, aaguid: adding.aaguid, hardwareBound: false } })])
      expect([raised, (await passkeys(db).ofAccount(theirs.id)).length]).toEqual(raised === 'done' ? ['done', 2] : ['over', 1])
    }
  })

  test('whose death was reported in error and who has no new account yet has one at this desk', async () => {
    const person = await somebody()
    const ended = anAccount({ person: person.id, createdAt: at })
    await holders.open({ account: ended })
    await holders.move(ended.id, { to: 'end' }, at)
    expect(await store.finish(await ready(person))).toBe('done')
    expect((await holders.findByPerson(person.id))?.level).toBe(2)
    expect((await holders.findNow(ended.id))?.account.state).toBe('deceased')
  })

  test.each([
    ['a decision', sql`update desk_application set state = 'open', decided_at = null`],
    ['a clock', sql`update desk_application set due_on = due_on + 1`],
    ['an application', sql`delete from desk_application`],
    ['evidence', sql`update account_evidence set kind = 'x'`],
  ])('the database itself refuses that %s is changed', async (_what, statement) => {
    expect(await store.finish(await ready(await somebody()))).toBe('done')
    await expect(db.change(statement)).rejects.toThrow()
  })
})

function fail(): never {
  throw new Error('there is one')
}
