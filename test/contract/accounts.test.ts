import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { accountId, clientId } from '#kernel/id.ts'
import type { Account } from '#domain/account/account.ts'
import type { AccountStore, Contact } from '#domain/account/store.ts'
import type { Passkey } from '#domain/passkey/passkey.ts'
import { makeSealer } from '#keys/sealer.ts'
import { accounts } from '#storage/postgres/accounts.ts'
import type { Database } from '#storage/postgres/db.ts'
import { passkeys } from '#storage/postgres/passkeys.ts'
import { registry } from '#storage/postgres/registry.ts'
import { databases } from '#test/support/engines.ts'
import { aPasskey, aPerson, anAccount } from '#test/support/made-up.ts'

const sealer = makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) })
const at = new Date('2026-11-22T03:04:05.678Z')
const email = (value: string): Contact => ({ kind: 'email', value, verifiedAt: at })
const fifty = Array.from({ length: 50 }, (_, index) => index)

describe.each(Object.entries(databases))('accounts on %s', (_name, open) => {
  let db: Database
  let store: AccountStore
  beforeEach(async () => {
    db = await open()
    store = accounts(db, sealer)
  })

  const openingOf = (account: Account, more: { passkey?: Passkey; contact?: Contact } = {}) => ({
    account,
    passkey: more.passkey ?? aPasskey({ account: account.id }),
    contact: more.contact ?? email(`${account.id}@nha.example`),
    event: {
      type: 'registration.finished' as const, client: clientId.parse('thue'), account: account.id, person: account.person,
        passkey: more.passkey?.id ?? aPasskey().id,
    },
  })
  const rows = async () => {
    const counts = await db.first(sql<Record<string, number>>`
      select (select count(*) from account) as account, (select count(*) from passkey) as passkey,
        (select count(*) from contact) as contact,
             (select count(*) from audit_event) as event`)
    return counts
  }

  test('an account opens with its passkey, contact and event, and is found by id and by person', async () => {
    const account = anAccount({ expiresOn: '2028-03-02', level: 2, state: 'issued' })
    const passkey = aPasskey({ account: account.id })
    expect(await store.open(openingOf(account, { passkey, contact: email('lan@nha.example') }))).toBe(true)
    expect(await store.find(account.id)).toEqual({ account, life: 'missing' })
    expect(await store.findByPerson(account.person)).toEqual(account)
    expect(await store.contacts(account.id)).toEqual([email('lan@nha.example')])
    expect(await passkeys(db).find(passkey.id)).toEqual({ ...passkey, lastUsedAt: undefined, removedAt: undefined })
    expect(await rows()).toEqual({ account: 1, passkey: 1, contact: 1, event: 1 })
  })

  test('nobody is found who was not opened', async () => {
    expect(await store.find(accountId.parse(randomUUID()))).toBeUndefined()
    expect(await store.findByPerson(anAccount().person)).toBeUndefined()
    expect(await store.contacts(accountId.parse(randomUUID()))).toEqual([])
  })

  test('of 50 parallel openings for one person exactly one wins, and nothing of the others is left', async () => {
    const { person } = anAccount()
    const openings = fifty.map(() => openingOf(anAccount({ person })))
    const opened = await Promise.all(openings.map((opening) => store.open(opening)))
    expect(opened.filter(Boolean)).toHaveLength(1)
    const winner = openings[opened.indexOf(true)]
    expect(await store.findByPerson(person)).toMatchObject({ id: winner?.account.id })
    expect(await rows()).toEqual({ account: 1, passkey: 1, contact: 1, event: 1 })
    expect(await passkeys(db).find(winner?.passkey.id ?? aPasskey().id)).toMatchObject({ account: winner?.account.id })
  })

  test('of two people who bring the same passkey one opens an account, and of the other nothing is left', async () => {
    const shared = aPasskey()
    const openings = [anAccount(), anAccount()].map((account) => openingOf(account,
      { passkey: { ...shared, account: account.id } }))
    const opened = await Promise.all(openings.map((opening) => store.open(opening)))
    expect(opened.filter(Boolean)).toHaveLength(1)
    const loser = openings[opened.indexOf(false)]
    expect(loser && (await store.find(loser.account.id))).toBeUndefined()
    expect(loser && (await store.findByPerson(loser.account.person))).toBeUndefined()
    expect(loser && (await store.contacts(loser.account.id))).toEqual([])
    expect(await rows()).toEqual({ account: 1, passkey: 1, contact: 1, event: 1 })
    // Refused is not banned: with a passkey of their own they come in.
    expect(loser && (await store.open(openingOf(loser.account)))).toBe(true)
  })

  test('an opening without the event being written is no opening', async () => {
    const account = anAccount()
    await db.change(sql`alter table audit_event add constraint full_log check (type <> 'registration.finished')`)
    await expect(store.open(openingOf(account))).rejects.toThrow()
    expect(await rows()).toEqual({ account: 0, passkey: 0, contact: 0, event: 0 })
    await db.change(sql`alter table audit_event drop constraint full_log`)
  })

  test('locks add up, and the account is free when the last has gone', async () => {
    const account = anAccount()
    await store.open({ account })
    await store.move(account.id, { to: 'lock', ground: 'card-expired', by: 'registry' }, at)
    await store.move(account.id, { to: 'lock', ground: 'competent-body', by: 'operator' }, new Date(at.getTime() + 1000))
    expect((await store.find(account.id))?.account.locks.toSorted((a, b) => a.ground.localeCompare(b.ground))).toEqual([
      { ground: 'card-expired', since: at }, { ground: 'competent-body', since: new Date(at.getTime() + 1000) },
    ])
    await store.move(account.id, { to: 'unlock', ground: 'card-expired', by: 'registry' }, new Date())
    await store.move(account.id, { to: 'unlock', ground: 'terms-breach', by: 'operator' }, new Date())
    expect((await store.findByPerson(account.person))?.locks.map(({ ground }) => ground)).toEqual(['competent-body'])
    await store.move(account.id, { to: 'unlock', ground: 'competent-body', by: 'operator' }, new Date())
    expect((await store.find(account.id))?.account.locks).toEqual([])
  })

  test('a ground that is there already keeps its first day', async () => {
    const account = anAccount()
    await store.open({ account })
    await Promise.all(fifty.map(() => store.move(account.id, { to: 'lock', ground: 'holder-request', by: 'operator' }, at)))
    await store.move(account.id, { to: 'lock', ground: 'holder-request', by: 'operator' }, new Date())
    expect((await store.find(account.id))?.account.locks).toEqual([{ ground: 'holder-request', since: at }])
  })

  test('a lock on one account is none on another', async () => {
    const [one, other] = [anAccount(), anAccount()]
    await store.open({ account: one })
    await store.open({ account: other })
    await store.move(one.id, { to: 'lock', ground: 'terms-breach', by: 'operator' }, at)
    expect((await store.find(other.id))?.account.locks).toEqual([])
  })

  test('life is what the registry says at this moment', async () => {
    const lan = aPerson()
    const account = anAccount({ person: lan.id })
    await store.open({ account })
    const lives = async () => (await store.find(account.id))?.life
    const importing = (changes: object) => registry(db, sealer).importAll((async function* one() {
      yield [{ ...lan, ...changes }]
    })())
    expect(await lives()).toBe('missing')
    await importing({})
    expect(await lives()).toBe('alive')
    await importing({ life: { status: 'deceased', on: '2026-11-01' },
      source: { version: 2, confirmedAt: '2026-11-02T00:00:00Z' } })
    expect(await lives()).toBe('deceased')
  })

  test('a contact cannot be read from the table, nor moved to somebody else', async () => {
    const [one, other] = [anAccount(), anAccount()]
    await store.open(openingOf(one, { contact: email('canary-lan@nha.example') }))
    await store.open(openingOf(other))
    const dump = await db.rows(sql`select row_to_json(contact)::text as row, encode(value, 'escape') as value from contact`)
    expect(JSON.stringify(dump)).not.toContain('canary')
    await db.change(sql`update contact set value = (select value from contact where account_id = ${one.id}) where account_id = ${other.id}`)
    await expect(store.contacts(other.id)).rejects.toMatchObject({ code: 'sealed.unreadable' })
  })
})
