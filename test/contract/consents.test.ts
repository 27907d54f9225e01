import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { clientId, type AccountId, type ClientId } from '#kernel/id.ts'
import type { ConsentStore } from '#domain/consent/store.ts'
import { consents } from '#storage/postgres/consents.ts'
import type { Database } from '#storage/postgres/db.ts'
import { databases } from '#test/support/engines.ts'
import { anAccount } from '#test/support/made-up.ts'

const [tax, bank] = [clientId.parse('thue'), clientId.parse('bank')]
const at = (second: number) => new Date(Date.parse('2026-11-22T00:00:00Z') + second * 1000)
const consent = (granted: string, second: number) => ({ granted: { [granted]: 'terms' }, declined: { phone: 'tẻrms "1"' },
  givenAt: at(second) })

const given = (account: AccountId, client: ClientId, answer: ReturnType<typeof consent>) => ({
  account, client, consent: answer,
  event: { type: 'consent.given', client, account, claims: Object.keys(answer.granted), declined: [] } as const,
})

describe.each(Object.entries(databases))('consents on %s', (_name, open) => {
  const { id } = anAccount()
  let db: Database
  let store: ConsentStore
  beforeEach(async () => {
    db = await open()
    store = consents(db)
  })

  test('the latest answer counts, of this person to this client', async () => {
    await store.record(given(id, tax, consent('name', 1)))
    await store.record(given(id, bank, consent('address', 5)))
    await store.record(given(anAccount().id, tax, consent('email', 9)))
    expect(await store.find(id, tax)).toEqual(consent('name', 1))
    await store.record(given(id, tax, consent('birthdate', 2)))
    expect(await store.find(id, tax)).toEqual(consent('birthdate', 2))
    expect(await store.find(anAccount().id, tax)).toBeUndefined()
  })

  test('the latest is by when it was given, not by when it was written', async () => {
    await store.record(given(id, tax, consent('birthdate', 2)))
    await store.record(given(id, tax, consent('name', 1)))
    expect(await store.find(id, tax)).toEqual(consent('birthdate', 2))
  })

  test('an answer counts for whoever gave it, the holder or one of those who act for them, and it is known who did', async () => {
    const [mother, father] = [anAccount().id, anAccount().id]
    await store.record({ ...given(id, tax, consent('name', 1)), by: mother })
    await store.record(given(id, bank, consent('address', 2)))
    await store.record({ ...given(id, bank, consent('email', 3)), by: father })
    expect([await store.find(id, tax), await store.find(id, tax, father), await store.find(id, tax, mother)]).toEqual([undefined, undefined, consent('name', 1)])
    expect([await store.find(id, bank), await store.find(id, bank, father)]).toEqual([consent('address', 2), consent('email', 3)])
    expect(await store.byOthers(id, 9)).toEqual([{ client: bank, by: father, givenAt: at(3) }, { client: tax, by: mother, givenAt: at(1) }])
  })

  test('earlier answers stay as the proof that they were given', async () => {
    for (const second of [1, 2, 3]) await store.record(given(id, tax, consent(`claim-${second}`, second)))
    const rows = await db.rows(sql`select granted from consent where account_id = ${id} order by given_at`)
    expect(rows).toEqual([1, 2, 3].map((second) => ({ granted: { [`claim-${second}`]: 'terms' } })))
  })

  test('50 answers at once are 50 rows', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, index) => store.record(given(id, tax, consent('name', index)))))
    expect(await db.first(sql`select count(*) as rows from consent`)).toEqual({ rows: 50 })
    expect(await store.find(id, tax)).toEqual(consent('name', 49))
  })

  test('an answer whose event cannot be recorded is not given', async () => {
    const broken = given(id, tax, consent('name', 1))
    // PostgreSQL takes no NUL in jsonb, so this event is refused after the answer was written.
    await expect(store.record({ ...broken, event: { ...broken.event, claims: ['\u0000'] } })).rejects.toThrow()
    expect(await store.find(id, tax)).toBeUndefined()
    await store.record(broken)
    expect(await db.rows(sql`select type, account_id from audit_event`)).toEqual([{ type: 'consent.given', account_id: id }])
  })
})
