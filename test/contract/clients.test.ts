import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { accountId, clientId, proposalId, sector, type ProposalId } from '#kernel/id.ts'
import type { ClientSearch } from '#domain/client/directory.ts'
import type { ClientStore } from '#domain/client/store.ts'
import { readEntry } from '#domain/transparency/entry.ts'
import { makeSealer } from '#keys/sealer.ts'
import { clientDirectory } from '#storage/postgres/client-directory.ts'
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

  test('what is imported is on record in the commit that writes it, and what changes nothing is not', async () => {
    const event = { type: 'client.imported', client: aClient().id } as const
    const recorded = () => db.rows(sql`select type, client_id from audit_event`)
    await store.put(aClient(), { event })
    await store.put(aClient(), { event })
    expect(await recorded()).toEqual([{ type: 'client.imported', client_id: 'thue' }])
    // An event that cannot be written leaves the client as it was.
    const unwritten = { ...event, client: 'x\u0000' as never }
    await expect(store.put(aClient({ client_name: 'Khác' }), { event: unwritten })).rejects.toThrow()
    expect((await store.find(aClient().id))?.registered.client_name).toBe(aClient().registered.client_name)
  })

  test('A01: a secret is issued to a live client that needs one, replaces the one before, and stands in the public log by name only', async () => {
    const bySecret = aClient({ token_endpoint_auth_method: 'client_secret_basic' })
    const issue = (id: string, value: string) => store.issueSecret(clientId.parse(id), {
      secret: value, by: { role: 'client-admin' }, at: new Date(), event: { type: 'client.secret-issued', client: clientId.parse(id), by: accountId.parse(randomUUID()), reason: 'x' },
    })
    await store.put(bySecret)
    await store.put(aClient({ client_id: 'key', token_endpoint_auth_method: 'private_key_jwt' }))
    expect([await issue('thue', secret), await issue('thue', `${secret}2`), await issue('key', secret), await issue('nobody', secret)]).toEqual([true, false, false, false])
    expect((await store.find(bySecret.id))?.registered.client_secret).toBe(secret)
    expect((await store.find(clientId.parse('key')))?.registered.client_secret).toBeUndefined()
    const [events, entries] = [await db.rows(sql<{ type: string }>`select type from audit_event`), await db.rows(sql<{ entry: string }>`select entry from transparency_entry where kind = 'client.changed'`)]
    expect([events.map(({ type }) => type), entries.map(({ entry }) => readEntry(entry))]).toMatchObject([['client.secret-issued'], [{ changed: ['client_secret'] }]])
    expect(entries.some(({ entry }) => entry.includes(secret))).toBe(false)
  })

  test('A01: another secret in place of the first takes an approval of two people for this client, which is used once; the one before is good until its day', async () => {
    const client = aClient({ token_endpoint_auth_method: 'client_secret_basic' })
    const [by, at, formerUntil] = [accountId.parse(randomUUID()), new Date(), new Date(Date.now() + 86_400_000)]
    const events = { issued: { type: 'client.secret-issued', client: client.id, by, reason: 'x' }, withdrawn: { type: 'client.secret-withdrawn', client: client.id, by, reason: 'x' } } as const
    const issue = (value: string, proposal?: ProposalId) => store.issueSecret(client.id, {
      secret: value, by: { role: 'client-admin' }, at, event: events.issued, ...(proposal !== undefined && { approved: { proposal, formerUntil } }),
    })
    const approved = async (subject: string, act = 'client.secret', state = 'approved') => {
      const id = proposalId.parse(randomUUID())
      const decided = state === 'approved' ? sql`${randomUUID()}, now(), '{}'::jsonb` : sql`null, null, null`
      await db.change(sql`
        insert into proposal (id, act, subject, change, proposer, proposed_at, reason, state, decided_by, decided_at, evidence)
        values (${id}, ${act}, ${subject}, '{}'::jsonb, ${by}, now(), 'x', ${state}, ${decided})`)
      return id
    }
    await store.put(client)
    await issue(secret)
    for (const wrong of [proposalId.parse(randomUUID()), await approved('other'), await approved(client.id, 'client.end'), await approved(client.id, 'client.secret', 'waiting')]) {
      await expect(issue(`${secret}2`, wrong)).rejects.toThrow(/no two people/)
    }
    const one = await approved(client.id)
    const racing = await Promise.all([issue(`${secret}2`, one), issue(`${secret}3`, one)])
    expect(racing.filter(Boolean)).toHaveLength(1)
    const now = (await store.find(client.id))?.registered.client_secret
    expect([(await store.find(client.id))?.former, await store.secretsIssued(client.id)]).toEqual([{ secret, until: formerUntil }, [one]])
    // What it had stays good whatever else of the client changes, and no longer than until somebody withdraws it.
    await store.put({ ...aClient({ token_endpoint_auth_method: 'client_secret_basic', client_name: 'Khác', client_secret: now }) })
    expect((await store.find(client.id))?.former?.secret).toBe(secret)
    const withdraw = () => store.endFormerSecret(client.id, { by: { role: 'client-admin' }, at, event: events.withdrawn })
    expect([await withdraw(), await withdraw()]).toEqual([true, false])
    expect([(await store.find(client.id))?.former, (await store.find(client.id))?.registered.client_secret]).toEqual([undefined, now])
    await expect(db.change(sql`delete from client_secret_issue`)).rejects.toThrow(/never changed or removed/)
    const told = await db.rows(sql<{ entry: string }>`select entry from transparency_entry where kind = 'client.changed'`)
    expect([told.length, told.some(({ entry }) => entry.includes(secret))]).toEqual([4, false])
  })

  test('A03: a search finds by parts of names without their marks, counts all, and never leaves what is within reach', async () => {
    for (const [id, vi] of [['a', 'Đường sắt Hà Nội'], ['b', 'Điện lực 100%'], ['c', 'Ngân hàng']] as const) {
      await store.put(aClient({ client_id: id, client_name: `Dịch vụ ${id}`, sector: `${id}.example`, legal_name: { vi, en: id } }))
    }
    const search = async (wish: Partial<ClientSearch>) => {
      const { lines, all } = await clientDirectory(db).search({ within: 'all', order: 'id', offset: 0, most: 2, ...wish })
      return [lines.map(({ id }) => id).join(''), all]
    }
    expect(await Promise.all([
      search({}), search({ offset: 2 }), search({ text: 'duong SAT' }), search({ text: 'Đường sắt' }), search({ text: '0%' }), search({ text: '_' }), search({ text: 'dich vu' }),
      search({ sector: 'c.example' }), search({ state: 'ended' }), search({ order: 'name' }), search({ within: [] }), search({ within: [sector.parse('b.example')], text: 'dich' }),
    ])).toEqual([['ab', 3], ['c', 3], ['a', 1], ['a', 1], ['b', 1], ['', 0], ['ab', 3], ['c', 1], ['', 0], ['ba', 3], ['', 0], ['b', 1]])
  })

  test('how many people began a session there since a moment is counted, each once', async () => {
    const [one, other] = [randomUUID(), randomUUID()]
    for (const [account, session, client, since] of [[one, 's1', 'thue', '2026-11-26'], [one, 's2', 'thue', '2026-11-26'], [other, 's3', 'thue', '2026-11-25'], [other, 's3', 'bank', '2026-11-26']] as const) {
      await db.change(sql`insert into service_session (account_id, session_uid, client_id, sid, passkeys, since, ends_at) values (${account}, ${session}, ${client}, 'x', '{}', ${since}::timestamptz, now())`)
    }
    expect(await clientDirectory(db).usedBy(clientId.parse('thue'), new Date('2026-11-25T17:00:00Z'))).toBe(1)
  })
})
