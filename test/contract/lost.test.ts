import { randomBytes, randomUUID } from 'node:crypto'
import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { systemClock } from '#kernel/clock.ts'
import { personId } from '#kernel/id.ts'
import { personalNumber, type Person } from '#domain/registry/person.ts'
import { lockLost, reportLost, type Shown } from '#domain/account/lost.ts'
import { noticeReference } from '#domain/notice/reference.ts'
import { makeCode, type RecoveryCode } from '#domain/recovery/code.ts'
import { makeSealer } from '#keys/sealer.ts'
import { accounts } from '#storage/postgres/accounts.ts'
import { contacts } from '#storage/postgres/contacts.ts'
import type { Database, Db } from '#storage/postgres/db.ts'
import { lostReports } from '#storage/postgres/lost-reports.ts'
import { notices } from '#storage/postgres/notices.ts'
import { organisations } from '#storage/postgres/organisations.ts'
import { recovery, recoveryCodes } from '#storage/postgres/recovery.ts'
import { registry } from '#storage/postgres/registry.ts'
import { databases } from '#test/support/engines.ts'
import { anAccount, aPerson } from '#test/support/made-up.ts'

const inner = makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) })

/** The door, and what goes through it: every statement with how many parameters it has. */
function listening(db: Db, kysely: Database['kysely'], heard: string[]): Db {
  const hear = (statement: RawBuilder<unknown>) => {
    const { sql: text, parameters } = statement.compile(kysely)
    heard.push(`${text} ${parameters.length}`)
  }
  return {
    ...db,
    rows: (statement) => (hear(statement), db.rows(statement)),
    first: (statement) => (hear(statement), db.first(statement)),
    change: (statement) => (hear(statement), db.change(statement)),
    transaction: (work) => (heard.push('begin'), db.transaction((tx) => work(listening(tx, kysely, heard)))),
    foreign: (text, values) => (heard.push(text), db.foreign(text, values)),
  }
}

async function* batches(people: readonly Person[]) {
  yield people
}

describe.each(Object.entries(databases))('a report of a lost device on %s', (_name, open) => {
  test('W10: costs the same for everybody: the same statements, and the same number of keyed hashes, whoever it is and whatever is wrong', async () => {
    const db = await open()
    const heard: string[] = []
    let hashes = 0
    const sealer = { ...inner, index: (...what: Parameters<typeof inner.index>) => ((hashes += 1), inner.index(...what)) }
    const door = listening(db, db.kysely, heard)
    const [person, without] = [aPerson(), aPerson({ id: personId.parse(randomUUID()), number: personalNumber.parse('079303005678') })]
    await registry(db, inner).importAll(batches([person, without]))
    const account = anAccount({ person: person.id })
    await accounts(db, inner).open({ account, contact: { kind: 'email', value: 'lan@example.com', verifiedAt: account.createdAt } })
    const code = makeCode()
    await recoveryCodes(db, inner).replace(account.id, [code], { at: account.createdAt, event: { type: 'recovery.codes-made', account: account.id, count: 1 } })
    const [told] = await notices(db, inner).ofAccount(account.id)
    if (told === undefined) throw new Error('there is a notice')
    const nothing = async () => undefined
    const tools = {
      limits: { spend: nothing, give: nothing, wait: async () => 0 }, registry: registry(door, sealer), accounts: accounts(door, sealer), holderNotices: notices(door, sealer),
      lostReports: lostReports(door, sealer, () => ({ holdHours: 72 })), clock: systemClock,
    }
    async function workFor(number: string, birthDate: string, shown: Shown) {
      heard.length = 0
      hashes = 0
      await reportLost(tools, { number: personalNumber.parse(number), birthDate, shown, address: '192.0.2.7' })
      return { statements: [...heard], hashes }
    }
    const right = await workFor(person.number, person.birthDate, { reference: told.reference })
    const others = [
      await workFor(person.number, person.birthDate, { code }),
      // Used up.
      await workFor(person.number, person.birthDate, { code }),
      await workFor(person.number, '1901-02-03', { reference: told.reference }),
      await workFor(person.number, person.birthDate, { reference: noticeReference.parse('000000000') }),
      await workFor(person.number, person.birthDate, { code: makeCode() }),
      await workFor(without.number, without.birthDate, { reference: told.reference }),
      await workFor('079303009999', '2003-03-02', { reference: told.reference }),
    ]
    expect(right.statements.length).toBeGreaterThan(5)
    for (const other of others) expect(other).toEqual(right)
    const queued = await db.rows(sql<{ account: string }>`select data->>'account' as account from job.job where data->>'kind' = 'lost'`)
    expect([queued.length, queued.filter((one) => one.account === account.id).length]).toEqual([8, 2])
    expect(await db.rows(sql`select account_id as account, ground, lost from account_lock`)).toEqual([{ account: account.id, ground: 'holder-request', lost: true }])
  })

  test.each([
    ['the second one is carried out first', [2, 1]], ['the first one is, late', [1, 2]], ['the first one never is', [2]], ['each is, and once more', [1, 2, 2, 1]],
  ] as const)('W09: of two reports, where %s, what whoever has the device changed before the first is undone, and what came after both stays', async (_when, order) => {
    const db = await open()
    const [hour, person] = [3_600_000, aPerson()]
    await registry(db, inner).importAll(batches([person]))
    const account = anAccount({ person: person.id, createdAt: new Date('2026-11-01T03:00:00Z') })
    const [first, store, all] = [new Date(account.createdAt.getTime() + 200 * hour), contacts(db, inner), accounts(db, inner)]
    const second = new Date(first.getTime() + 30 * 60_000)
    await all.open({ account, contact: { kind: 'email', value: 'lan@example.com', verifiedAt: account.createdAt } })
    const change = (value: string, verifiedAt: Date) => store.replace(account.id, { kind: 'email', value, verifiedAt }, { type: 'contact.changed', account: account.id, kind: 'email', by: 'holder' })
    // Within 72 hours of the first report, and not of the second.
    await change('moi@example.com', new Date(first.getTime() - 72 * hour + 60_000))
    const code = makeCode()
    await recoveryCodes(db, inner).replace(account.id, [code], { at: account.createdAt, event: { type: 'recovery.codes-made', account: account.id, count: 1 } })
    const report = (at: Date, shown: { borne: boolean; code: RecoveryCode }) => lostReports(db, inner, () => ({ holdHours: 72 })).put({ whose: account.id, account: account.id, ...shown, at })
    await report(first, { borne: true, code: makeCode() })
    await report(second, { borne: false, code })
    expect((await all.findNow(account.id))?.account.locks).toEqual([{ ground: 'holder-request', since: second, lost: true, firstReport: first }])
    const now = new Date(second.getTime() + 80 * hour)
    const clock = { now: () => now }
    const carry = (one: 1 | 2) => lockLost(
      { accounts: all, recovery: recovery(db), contactStore: store, organisations: organisations(db, inner, clock), recoveryRules: { source: 'of this test', codes: 10, holdHours: 72, openingHours: 24 }, clock },
      account.id, one === 1 ? { reportedAt: first, byCode: false } : { reportedAt: second, byCode: true })
    for (const one of order) await carry(one)
    const addresses = async () => (await store.ofAccount(account.id)).map(({ value }) => value)
    expect(await addresses()).toEqual(['lan@example.com'])
    // A desk gave it back, and what is carried out late takes nothing of that.
    expect((await all.move(account.id, { to: 'unlock', ground: 'holder-request', by: 'officer' }, now)).is).toBe('moved')
    await change('desk@example.com', now)
    for (const one of [1, 2] as const) await carry(one)
    expect(await addresses()).toEqual(['desk@example.com'])
  })

  test.each([
    ['before the report', -1, 'undone', ['lan@example.com']],
    ['after it, late as it is carried out,', 1, 'none', ['moi@example.com']],
  ] as const)('W09: an address that was put there %s is %s', async (_when, seconds, outcome, left) => {
    const db = await open()
    const account = anAccount({ person: aPerson().id })
    await accounts(db, inner).open({ account, contact: { kind: 'email', value: 'lan@example.com', verifiedAt: account.createdAt } })
    const reportedAt = new Date(account.createdAt.getTime() + 3_600_000)
    const changedAt = new Date(reportedAt.getTime() + seconds * 1000)
    const store = contacts(db, inner)
    expect(await store.replace(account.id, { kind: 'email', value: 'moi@example.com', verifiedAt: changedAt }, { type: 'contact.changed', account: account.id, kind: 'email', by: 'holder' })).toBe(true)
    const how = { since: account.createdAt, until: reportedAt, at: new Date(reportedAt.getTime() + 60_000) }
    expect([await store.undo(account.id, how), (await store.ofAccount(account.id)).map(({ value }) => value)]).toEqual([outcome, left])
  })
})
