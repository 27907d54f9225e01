import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { accountId, clientId, connectionId } from '#kernel/id.ts'
import { remindAll } from '#domain/connection/reminder.ts'
import { makeBoss, queues } from '#storage/jobs/boss.ts'
import type { Database } from '#storage/postgres/db.ts'
import { reminders } from '#storage/postgres/reminders.ts'
import { databases } from '#test/support/engines.ts'
import { aClient } from '#test/support/made-up.ts'

const owner = accountId.parse(randomUUID())
const connection = connectionId.parse(randomUUID())
const end = new Date('2026-12-20T16:59:59Z')
const dayBefore = (days: number) => new Date(end.getTime() - days * 86_400_000 + 1000)

describe.each(Object.entries(databases))('letters before an end on %s', (_name, open) => {
  let db: Database
  beforeEach(async () => {
    db = await open()
  })

  const waiting = async () => (await makeBoss(db).findJobs(queues.signals)).map(({ data }) => data)
  const client = aClient({ ends_on: '2026-12-20' })
  const remindAt = (now: Date) => remindAll({
    reminders: { ...reminders(db), connected: async () => [{ connection, owner, client: client.id }] },
    accounts: { contacts: async () => [{ kind: 'email', value: 'Owner@example.com', verifiedAt: new Date() }] },
    clients: { list: async () => [client, { ...aClient({ ends_on: '2026-12-20' }), id: clientId.parse('nobody-asked') }] }, health: { certificates: async () => [] }, clock: { now: () => now },
  })

  test('W21: one leaves thirty days before and one seven, each once whoever races, to who asked for the connection', async () => {
    expect(await remindAt(dayBefore(31))).toBe(0)
    const raced = await Promise.all(Array.from({ length: 5 }, () => remindAt(dayBefore(30))))
    expect(raced.reduce((all, one) => all + one)).toBe(1)
    expect(await remindAt(dayBefore(8))).toBe(0)
    expect([await remindAt(dayBefore(7)), await remindAt(dayBefore(1)), await remindAt(new Date(end.getTime() + 1000))]).toEqual([1, 0, 0])
    const letter = (days: number) => ({ kind: 'letter', account: owner, letter: { about: 'expiry', connection, client: client.id, what: 'registration', on: '2026-12-20', days } })
    expect(await waiting()).toEqual(expect.arrayContaining([letter(30), letter(7)]))
    expect(await waiting()).toHaveLength(2)
  })

  test('W21: a service that comes late in its time is written of once, at the step where it stands', async () => {
    expect([await remindAt(dayBefore(5)), await remindAt(dayBefore(4))]).toEqual([1, 0])
  })

  test('W21: contacts are written too, also of a service that nobody asked for by the portal, and nobody twice', async () => {
    const others = [aClient({ ends_on: '2026-12-20', contacts: ['ops@example.com', 'OWNER@example.com', 'mailto:Ops@example.com', 'call us'] }), { ...aClient({ ends_on: '2026-12-20', contacts: ['file@example.com'] }), id: clientId.parse('by-file') }]
    const tools = {
      reminders: { ...reminders(db), connected: async () => [{ connection, owner, client: client.id }] }, clients: { list: async () => others }, health: { certificates: async () => [] },
      accounts: { contacts: async () => [{ kind: 'email' as const, value: 'Owner@example.com', verifiedAt: new Date() }] }, clock: { now: () => dayBefore(7) },
    }
    expect([await remindAll(tools), await remindAll(tools)]).toEqual([2, 0])
    const about = (id: string) => ({ about: 'expiry', client: id, what: 'registration', on: '2026-12-20', days: 7 })
    const all = await waiting()
    expect(all).toHaveLength(3)
    expect(all).toEqual(expect.arrayContaining([
      { kind: 'letter', account: owner, letter: { ...about('thue'), connection } },
      { kind: 'contact-letter', client: 'thue', contact: expect.any(String), letter: about('thue') },
      { kind: 'contact-letter', client: 'by-file', contact: expect.any(String), letter: about('by-file') },
    ]))
    expect(JSON.stringify(all)).not.toMatch(/example\.com/i)
  })

  test('only what a second person has let in is connected', async () => {
    const reviewer = randomUUID()
    const propose = (id: string, subject: string, state: string) => db.change(sql`
      insert into proposal (id, act, subject, change, proposer, proposed_at, reason, state, decided_by, decided_at, evidence)
      values (${id}, 'client.register', ${subject}, '{}'::jsonb, ${reviewer}, now(), 'x', ${state},
        ${state === 'approved' ? randomUUID() : null}, ${state === 'approved' ? new Date() : null}, ${state === 'approved' ? '{}' : null}::jsonb)`)
    const connect = (proposal: string, id: string = randomUUID()) => db.change(sql`
      insert into connection (id, owner, tried, entry, state, created_at, submitted_at, self_test, proposal, checklist, reviewed_by, reviewed_at, review_reason)
      values (${id}, ${owner}, ${id}, '{}'::jsonb, 'proposed', now(), now(), '{}'::jsonb, ${proposal}, '{}'::jsonb, ${reviewer}, now(), 'x')`)
    const [yes, open_] = [randomUUID(), randomUUID()]
    await propose(yes, 'let-in', 'approved')
    await propose(open_, 'waits', 'waiting')
    await connect(yes, connection)
    await connect(open_)
    expect(await reminders(db).connected()).toEqual([{ connection, owner, client: 'let-in' }])
  })
})
