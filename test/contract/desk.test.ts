import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { accountId, applicationId, newId, passkeyId, type ApplicationId } from '#kernel/id.ts'
import { standing } from '#domain/account/account.ts'
import type { AccountStore } from '#domain/account/store.ts'
import type { DeskStore, Finishing, Station } from '#domain/desk/application.ts'
import { makeDeskCode } from '#domain/desk/code.ts'
import type { Purpose } from '#domain/desk/rules.ts'
import { personalNumber, type Person } from '#domain/registry/person.ts'
import { makeSealer } from '#keys/sealer.ts'
import { accounts } from '#storage/postgres/accounts.ts'
import type { Database } from '#storage/postgres/db.ts'
import { desk } from '#storage/postgres/desk.ts'
import { insertRole } from '#storage/postgres/officers.ts'
import { passkeys } from '#storage/postgres/passkeys.ts'
import { registry } from '#storage/postgres/registry.ts'
import { databases } from '#test/support/engines.ts'
import { anAccount, aPasskey, aPerson } from '#test/support/made-up.ts'

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
    const person = aPerson({ number: personalNumber.parse(`079303${numbers}`), ...changes })
    await importing(person)
    return person
  }
  const importing = (person: Person) => registry(db, sealer).importAll((async function* one() { yield [person] })())
  const opening = (person: Person, purpose: Purpose = 'level-2', account = accountId.parse(crypto.randomUUID())) => {
    const id = applicationId.parse(newId(at.getTime()))
    return store.open(
      { id, reference: id.slice(-9), purpose, person: person.id, account, case: 'HS-1', station, receivedAt: at, dueOn: '2026-11-27' },
      { type: 'desk.opened', application: id, purpose, desk: station.desk, commune: station.commune, by: officer },
    )
  }
  /** An application whose number was compared, ready to be finished. */
  async function ready(person: Person, { purpose = 'level-2', account }: { purpose?: Purpose; account?: Finishing['account'] } = {}): Promise<Finishing> {
    const mine = account ?? anAccount({ person: person.id, createdAt: at })
    const opened = await opening(person, purpose, mine.id)
    const id = idOf(opened)
    const code = await coded(id, mine.id)
    expect(await store.redeem(code, { browser: id, number: 57, until: later, at })).toBe(id)
    expect(await store.confirm(id, { session: 'here', at })).toBe(true)
    return { id, browser: id, key: { made: aPasskey({ account: mine.id, createdAt: at }) }, account: mine, at }
  }
  async function coded(id: ApplicationId, account = accountId.parse(crypto.randomUUID())) {
    const code = makeDeskCode()
    expect(await store.putCode(id, { code, session: 'here', station, account, seen: ['card-seen', 'face-compared'], expiresAt: later, at }, [])).toBe('put')
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

  test('a code ends after its time, after another one, and is nobody else’s', async () => {
    const opened = await opening(await somebody())
    const id = idOf(opened)
    const [first, second] = [await coded(id), await coded(id)]
    const by = { browser: 'b', number: 11, until: later, at }
    expect(await store.redeem(first, by)).toBeUndefined()
    expect(await store.redeem(second, { ...by, at: later })).toBeUndefined()
    expect(await store.redeem(second, by)).toBe(id)
    expect(await store.confirm(id, { session: 'elsewhere', at })).toBe(false)
    expect(await store.finish({ id, browser: 'b', key: { shown: passkeyId.parse('x') }, account: anAccount(), at })).toBe('over')
    expect(await store.finish({ id, browser: 'other', key: { shown: passkeyId.parse('x') }, account: anAccount(), at })).toBe('over')
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
