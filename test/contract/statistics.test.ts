import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { accountId, clientId, newId, passkeyId, personId, type AccountId } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import { boundsOf } from '#domain/statistic/period.ts'
import type { StatisticStore } from '#domain/statistic/store.ts'
import { insertEvents } from '#storage/postgres/audit.ts'
import type { Database } from '#storage/postgres/db.ts'
import { statistics } from '#storage/postgres/statistics.ts'
import { databases } from '#test/support/engines.ts'

const [tax, bank] = [clientId.parse('tax'), clientId.parse('bank')]
const who = { account: accountId.parse(newId()), passkey: passkeyId.parse('key') }
const evidence = { means: 'passkey', passkey: who.passkey, userVerified: true, backupEligible: true, hardwareBound: false, at: 0 } as const
const finished = (client = tax, level: 1 | 2 | 3 = 2): AuditEvent => ({ type: 'login.finished', client, ...who, level, evidence })
const refused: AuditEvent = { type: 'login.refused', client: tax, reason: 'account.locked' }
const noon = new Date('2026-11-10T05:00:00Z')
const later = (minutes: number) => new Date(noon.getTime() + minutes * 60_000)
const november = boundsOf('2026-11')

describe.each(Object.entries(databases))('statistics on %s', (_name, open) => {
  let db: Database
  let store: StatisticStore
  beforeEach(async () => {
    db = await open()
    store = statistics(db)
  })

  test('count sign-ins by day in Viet Nam, service, level and reason, registrations and tokens; other events not', async () => {
    await insertEvents(db, [finished(), finished(), finished(bank, 3), refused, { type: 'login.cancelled', client: tax }, { type: 'logout.finished', client: tax }], noon)
    // After midnight there.
    await insertEvents(db, [finished()], new Date('2026-11-10T17:00:00Z'))
    await insertEvents(db, [
      { type: 'registration.finished', client: tax, person: personId.parse(newId()), ...who }, { type: 'token.issued', client: tax, kinds: [], through: 'client_credentials' },
    ], noon)
    expect(await store.refresh(later(1440))).toEqual({ events: 8 })
    const { byDay, byClient, byLevel, byReason } = await store.sums('sign-in', november)
    expect(byDay).toEqual([
      { key: '2026-11-10', ending: 'cancelled', count: 1 }, { key: '2026-11-10', ending: 'finished', count: 3 }, { key: '2026-11-10', ending: 'refused', count: 1 },
      { key: '2026-11-11', ending: 'finished', count: 1 },
    ])
    expect(byClient).toContainEqual({ key: bank, ending: 'finished', count: 1 })
    expect(byLevel.filter(({ ending }) => ending === 'finished')).toEqual([{ key: 2, ending: 'finished', count: 3 }, { key: 3, ending: 'finished', count: 1 }])
    expect(byReason).toEqual([{ key: 'account.locked', count: 1 }])
    expect((await store.sums('sign-in', { ...november, clients: [bank] })).byDay).toEqual([{ key: '2026-11-10', ending: 'finished', count: 1 }])
    expect((await store.sums('sign-in', { ...november, clients: [] })).byDay).toEqual([])
    expect((await store.sums('registration', november)).byDay).toEqual([{ key: '2026-11-10', ending: 'finished', count: 1 }])
    expect(await store.ofClient({ ...november, client: tax })).toContainEqual({ day: '2026-11-10', client: tax, kind: 'token', level: 0, outcome: 'client_credentials', count: 1 })
    expect([await store.lastUse(tax), await store.lastUse(clientId.parse('nobody'))]).toEqual(['2026-11-11', undefined])
    expect(await store.hours(later(-60))).toContainEqual({ hour: noon, ending: 'finished', count: 3 })
    expect(await db.first(sql`select count(*) as rows from daily_count where outcome like '%-%-%' or client_id like '%-%-%'`)).toEqual({ rows: 0 })
  })

  test('count each event once, however often and by how many at once they are refreshed', async () => {
    for (const minutes of [0, 5, 25, 300]) await insertEvents(db, [finished(), refused], later(minutes))
    await Promise.all([store.refresh(later(400)), store.refresh(later(400)), store.refresh(later(400))])
    await store.refresh(later(401))
    await insertEvents(db, [finished()], later(402))
    await store.refresh(later(404))
    const { byDay } = await store.sums('sign-in', november)
    expect(byDay.map(({ ending, count }) => [ending, count])).toEqual([['finished', 5], ['refused', 4]])
  })

  test('wait a minute for events that are written late', async () => {
    await insertEvents(db, [finished()], noon)
    await store.refresh(new Date(noon.getTime() + 59_000))
    expect((await store.sums('sign-in', november)).byDay).toEqual([])
    await insertEvents(db, [finished()], new Date(noon.getTime() - 500))
    await store.refresh(new Date(noon.getTime() + 61_000))
    expect((await store.sums('sign-in', november)).byDay).toEqual([{ key: '2026-11-10', ending: 'finished', count: 2 }])
    expect((await store.countedUntil()).events).toEqual(new Date(noon.getTime() + 1000))
  })

  test('tell what has just happened from the log of record itself', async () => {
    await insertEvents(db, [finished(), refused], noon)
    await insertEvents(db, [finished()], later(-10))
    expect((await store.live(later(-5))).toSorted((one, other) => one.ending.localeCompare(other.ending))).toEqual([{ ending: 'finished', count: 1 }, { ending: 'refused', count: 1 }])
  })

  test('count sign-ins that finished by where the person lives, and leave out nobody', async () => {
    const [hue, again, nowhere] = [await addHolder(db, '46', 'alive'), await addHolder(db, '46', 'deceased'), await addHolder(db, null, 'alive')]
    const by = (account: AccountId): AuditEvent => ({ type: 'login.finished', client: tax, passkey: who.passkey, account, level: 2, evidence })
    await insertEvents(db, [by(hue), by(hue), by(again), by(nowhere), finished(bank), refused, { type: 'login.cancelled', client: tax }], noon)
    await insertEvents(db, [by(hue)], later(5))
    await store.refresh(later(10))
    await store.refresh(later(20))
    expect(await store.provinces(november)).toEqual([{ province: '', count: 2 }, { province: '46', count: 4 }])
    const { byDay } = await store.sums('sign-in', november)
    expect(byDay.find(({ ending }) => ending === 'finished')?.count).toBe(6)
    expect(await store.provinces(boundsOf('2026-10'))).toEqual([])
  })

  test('count accounts in use, of people who live, by province and level; anew every six hours or when asked', async () => {
    const people: readonly [string | null, string][] = [['79', 'alive'], ['79', 'alive'], ['01', 'deceased'], [null, 'alive']]
    for (const [province, life] of people) await addHolder(db, province, life)
    await store.refresh(noon)
    expect(await store.accounts()).toEqual([{ province: '', level: 1, count: 1 }, { province: '79', level: 1, count: 2 }])
    await addHolder(db, '79', 'alive')
    await store.refresh(later(300))
    expect((await store.accounts()).at(-1)?.count).toBe(2)
    await store.refresh(later(301), { recount: true })
    expect((await store.accounts()).at(-1)?.count).toBe(3)
    await addHolder(db, '79', 'alive')
    await store.refresh(later(301 + 361))
    expect((await store.accounts()).at(-1)?.count).toBe(4)
  })
})

async function addHolder(db: Database, province: string | null, life: string): Promise<AccountId> {
  const [person, account, nothing] = [newId(), accountId.parse(newId()), new Uint8Array()]
  await db.change(sql`
    insert into person (id, kind, life, province, source_version, confirmed_at, name, birth_date, details)
    values (${person}, 'citizen', ${life}, ${province}, 1, now(), ${nothing}, ${nothing}, ${nothing})`)
  await db.change(sql`insert into account (id, person_id, level, state, created_at) values (${account}, ${person}, 1, 'active', now())`)
  return account
}
