import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { clientId } from '#kernel/id.ts'
import type { ClientStore } from '#domain/client/store.ts'
import { makeSealer } from '#keys/sealer.ts'
import { clients } from '#storage/postgres/clients.ts'
import type { Database } from '#storage/postgres/db.ts'
import { databases } from '#test/support/engines.ts'
import { aClient } from '#test/support/made-up.ts'

const sealer = makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) })
const secret = 'canary-secret-of-a-client-0123456789-ếđ'

describe.each(Object.entries(databases))('clients on %s', (_name, open) => {
  let db: Database
  let store: ClientStore
  beforeEach(async () => {
    db = await open()
    store = clients(db, sealer)
  })

  test('come back whole, secret included, by id and in the list', async () => {
    const [tax, bank] = [aClient({ client_secret: secret, jwks: { keys: [{ kty: 'EC', x: 'ế"\\' }] } }),
      aClient({ client_id: 'bank', sector: 'bank.example' })]
    expect([await store.put(tax), await store.put(bank)]).toEqual(['inserted', 'inserted'])
    expect(await store.find(tax.id)).toEqual(tax)
    expect(await store.list()).toEqual([bank, tax])
    expect(await store.find(clientId.parse('nobody'))).toBeUndefined()
  })

  test('put again is the same, and a change is a change: own, registered, secret, secret gone', async () => {
    const put = (changes: Record<string, unknown>) => store.put(aClient(changes))
    expect(await put({ client_secret: secret })).toBe('inserted')
    const stamped = () => db.first(sql`select changed_at from client`)
    const before = await stamped()
    expect(await put({ client_secret: secret })).toBe('same')
    expect(await stamped()).toEqual(before)
    expect(await put({ client_secret: secret, minimum_account_level: 2 })).toBe('changed')
    expect(await put({ client_secret: secret, minimum_account_level: 2, client_name: 'Thuế' })).toBe('changed')
    expect(await put({ client_secret: `${secret}!`, minimum_account_level: 2, client_name: 'Thuế' })).toBe('changed')
    expect(await put({ minimum_account_level: 2, client_name: 'Thuế' })).toBe('changed')
    expect((await store.find(clientId.parse('thue')))?.registered.client_secret).toBeUndefined()
    expect(await put({ client_name: 'Thuế', minimum_account_level: 2 })).toBe('same')
  })

  test('of 20 parallel imports of one client one row is left, and it is whole', async () => {
    const client = aClient({ client_secret: secret })
    await Promise.all(Array.from({ length: 20 }, () => store.put(client)))
    expect(await store.list()).toEqual([client])
  })

  test('a secret is nowhere in the table in any form that can be read', async () => {
    await store.put(aClient({ client_secret: secret }))
    const dump = await db.rows(sql<{ row: string; bytes: Uint8Array }>`select client::text as row, secret as bytes from client`)
    const text = dump.map(({ row,
      bytes }) => `${row} ${Buffer.from(bytes).toString('latin1')} ${Buffer.from(bytes).toString('utf16le')}`).join()
    expect(text).toContain('thue')
    for (const form of [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret)
      .toString('base64'), 'canary', Buffer.from('canary').toString('hex')]) expect(text).not.toContain(form)
  })

  test('a secret moved to another client does not open', async () => {
    await store.put(aClient({ client_secret: secret }))
    await store.put(aClient({ client_id: 'mallory', client_secret: 'x'.repeat(40) }))
    await db.change(sql`update client set secret = (select secret from client where id = 'thue') where id = 'mallory'`)
    await expect(store.find(clientId.parse('mallory'))).rejects.toMatchObject({ code: 'sealed.unreadable' })
  })
})
