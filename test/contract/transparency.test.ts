import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { clientId } from '#kernel/id.ts'
import { clientMove, operator, readEntry, type Entry } from '#domain/transparency/entry.ts'
import { openNote } from '#domain/transparency/head.ts'
import type { TransparencyLog } from '#domain/transparency/log.ts'
import { leafHash, sameHash } from '#domain/transparency/merkle.ts'
import { provesConsistency, provesInclusion } from '#domain/transparency/proof.ts'
import { makeSealer } from '#keys/sealer.ts'
import { clients, clientToWrite, writeClient } from '#storage/postgres/clients.ts'
import type { Database } from '#storage/postgres/db.ts'
import { transparencyLog } from '#storage/postgres/transparency.ts'
import { appendTo } from '#storage/postgres/transparency-append.ts'
import { recordKeys, keysAreSaid } from '#storage/postgres/transparency-keys.ts'
import { databases, emptyDatabases } from '#test/support/engines.ts'
import { aClient } from '#test/support/made-up.ts'
import { prepare } from '#test/support/template.ts'
import { aLogKey, asSuperuser, at, clock, rootOfTexts } from '#test/support/transparency.ts'

const sealer = makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) })
const origin = 'eid.example/minh-bach/log'
const { jwk, signer } = aLogKey()
const secret = 'canary-secret-of-a-client-0123456789-ếđ'
const api = { identifier: 'https://api.example', scopes: [{ name: 'read', label: { vi: 'Đọc', en: 'Read' } }] }
const many = (count: number) => Array.from({ length: count }, (_, index) => index)
const numbered = (index: number): Entry => clientMove({ client: clientId.parse(`c-${index}`), to: 'suspended', by: operator, at })

describe.each(Object.entries(databases))('the transparency log on %s', (_name, open) => {
  let db: Database
  let log: TransparencyLog
  beforeEach(async () => {
    db = await open()
    log = opened()
  })

  const opened = () => transparencyLog(db, { clock, origin, logKey: signer })
  const append = (...changes: readonly Entry[]) => db.transaction((tx) => appendTo(tx, ...changes))
  const texts = async () => (await db.rows(sql<{ entry: string }>`select entry from transparency_entry order by seq`)).map(({ entry }) => entry)
  const kinds = async () => (await texts()).map((text) => readEntry(text)).map(({ kind, subject }) => `${kind} ${subject}`)

  test('L02 an empty log has a signed head, and each append is under the next', async () => {
    expect((await log.head()).size).toBe(0)
    expect(await append(numbered(0), numbered(1))).toBe(0)
    expect(await append(numbered(2))).toBe(2)
    const head = await log.head()
    expect(head).toMatchObject({ origin, size: 3 })
    expect(sameHash(head.root, rootOfTexts(await texts()))).toBe(true)
    expect(openNote(head.note, log.key)).toMatchObject({ size: 3 })
    expect(await log.entries(1, 2)).toEqual((await texts()).slice(1).map((text, index) => ({ seq: index + 1, text })))
  })

  test('L02 proofs of every place and size hold, also over more entries than one statement takes', async () => {
    await append(...many(1030).map(numbered))
    const all = await texts()
    expect(all).toHaveLength(1030)
    for (const [index, size] of [[0, 1], [0, 1030], [1029, 1030], [511, 513], [1023, 1024]] as const) {
      const proof = (await log.inclusion(index, size) ?? []).map((hash) => new Uint8Array(Buffer.from(hash, 'base64')))
      expect(provesInclusion({ leaf: leafHash(all[index] ?? ''), index, size, root: rootOfTexts(all.slice(0, size)), proof })).toBe(true)
    }
    const at = (size: number) => ({ size, root: rootOfTexts(all.slice(0, size)) })
    for (const [first, second] of [[1, 2], [7, 1030], [1024, 1030], [1000, 1029]] as const) {
      const proof = (await log.consistency(first, second) ?? []).map((hash) => new Uint8Array(Buffer.from(hash, 'base64')))
      expect(provesConsistency({ first: at(first), second: at(second), proof })).toBe(true)
    }
    expect([await log.inclusion(3, 3), await log.inclusion(0, 1031), await log.consistency(2, 1), await log.consistency(1, 1031)]).toEqual(Array(4).fill(undefined))
    expect(await log.entries(0, 500)).toHaveLength(100)
  })

  test('L02 a change and its entry are there together or not at all', async () => {
    const failed = db.transaction(async (tx) => {
      const after = aClient()
      await writeClient(tx, { sealer, before: await clientToWrite(tx, sealer, after.id), after, by: operator, at })
      throw new Error('something else of the change failed')
    })
    await expect(failed).rejects.toThrow('something else')
    expect([await texts(), await clients(db, sealer).list()]).toEqual([[], []])
    await clients(db, sealer).put(aClient({ client_id: 'archive', resource_server: api }))
    // An identifier belongs to one client; the database refuses the second owner after the entry was written.
    await expect(clients(db, sealer).put(aClient({ resource_server: api }))).rejects.toThrow()
    expect(await kinds()).toEqual(['client.registered archive'])
  })

  test('L02 each put of a client is one entry, in the name of who did it, and one that changes nothing is none', async () => {
    const store = clients(db, sealer, clock)
    const proposal = '0199f7a0-0000-7000-8000-000000000001'
    await store.put(aClient({ client_secret: secret, contacts: ['canary@example.com'] }))
    await store.put(aClient({ client_secret: secret, contacts: ['canary@example.com'] }))
    await store.put(aClient({ client_secret: `${secret}!`, redirect_uris: ['https://thue.example/other'] }), { by: { role: 'approver', proposal } })
    const entries = (await texts()).map(readEntry)
    expect(entries).toMatchObject([
      { kind: 'client.registered', subject: 'thue', by: { role: 'operator' }, at: at.toISOString(), client: { redirect_uris: ['https://thue.example/callback'] } },
      { kind: 'client.changed', by: { role: 'approver', proposal }, changed: ['client_secret', 'contacts', 'redirect_uris'], client: { redirect_uris: ['https://thue.example/other'] } },
    ])
    expect((await texts()).join()).not.toContain('canary')
  })

  test('L02 of parallel imports of one client the first registers it and the others say nothing', async () => {
    const store = clients(db, sealer, clock)
    const outcomes = await Promise.all(many(8).map(() => store.put(aClient())))
    expect(outcomes.toSorted()).toEqual(['inserted', ...Array(7).fill('same')])
    expect(await kinds()).toEqual(['client.registered thue'])
  })

  test('L02 one head for each size, and of two nodes that sign at once both say the same', async () => {
    await append(numbered(0))
    const heads = await Promise.all([log, opened(), opened()].map((each) => each.head()))
    expect(new Set(heads.map(({ note }) => note)).size).toBe(1)
    await append(numbered(1))
    expect((await log.head()).size).toBe(2)
    expect(await db.rows(sql`select size from transparency_head order by size`)).toEqual([{ size: 1 }, { size: 2 }])
  })

  test('L03 nothing is changed or removed, not even by the owner of the tables', async () => {
    await append(numbered(0), numbered(1))
    await log.head()
    const attempts = ['entry', 'node', 'head'].flatMap((name) => {
      const table = sql.id(`transparency_${name}`)
      return [sql`delete from ${table}`, sql`truncate ${table}`, name === 'node' ? sql`update ${table} set level = 2` : sql`update ${table} set at = now()`]
    })
    for (const attempt of attempts) await expect(db.change(attempt)).rejects.toThrow('never changed or shortened')
  })

  test('L02 no head is signed over a log that was rewritten or cut, also when its heads are gone', async () => {
    await append(...many(5).map(numbered))
    await log.head()
    await asSuperuser(db, async (tx) => {
      await tx.change(sql`delete from transparency_entry where seq = 4`)
    })
    await expect(log.head()).rejects.toThrow('shorter than its head')
    await expect(opened().head()).rejects.toThrow('shorter than its head')
    await append(numbered(99), numbered(6))
    await expect(opened().head()).rejects.toThrow('is not what its head of size 5 says')
    await asSuperuser(db, async (tx) => void (await tx.change(sql`delete from transparency_head`)))
    await expect(log.head()).rejects.toThrow('is not what its head of size 5 says')
    await asSuperuser(db, async (tx) => void (await tx.change(sql`insert into transparency_head select ${origin}, 6, decode(repeat('00', 32), 'hex'), 'forged', now()`)))
    await expect(opened().head()).rejects.toThrow('not signed by its key')
  })

  test('L02 keys and clients that were there before are said once, whoever comes first', async () => {
    await db.change(sql`insert into client (id, own, registered) values ('thue', ${JSON.stringify(aClient().own)}::jsonb, ${JSON.stringify(aClient().registered)}::jsonb)`)
    const keys = [{ use: 'log' as const, state: 'activated' as const, jwk }]
    await Promise.all(many(3).map(() => recordKeys(db, { clock, keys })))
    await recordKeys(db, { clock, keys })
    expect(await kinds()).toEqual([expect.stringMatching(/^key.activated .{43}$/), 'client.registered thue'])
    expect(readEntry((await texts())[1] ?? '').by).toEqual({ role: 'server' })
  })

  test('A02, L02: who may not write the log publishes no key before it stands there; what two people decided does, and counts at once', async () => {
    const ofLog = { use: 'log' as const, state: 'activated' as const, jwk }
    const ofTokens = (state: 'staged' | 'activated' | 'revoked', by?: { role: 'approver'; proposal: string }) => ({ use: 'tokens' as const, state, jwk: other, by })
    const other = aLogKey().jwk
    const isSaid = (...keys: Parameters<typeof recordKeys>[1]['keys']) => keysAreSaid(db, { clock, keys })
    expect(await isSaid(ofLog)).toBe(false)
    await recordKeys(db, { clock, keys: [ofLog] })
    expect([await isSaid(ofLog), await isSaid(ofLog, ofTokens('staged'))]).toEqual([true, false])
    await recordKeys(db, { clock, keys: [ofLog, ofTokens('staged')] })
    expect([await isSaid(ofLog, ofTokens('staged')), await isSaid(ofLog, ofTokens('activated'))]).toEqual([true, false])
    const decided = { role: 'approver' as const, proposal: crypto.randomUUID() }
    expect([await isSaid(ofLog, ofTokens('activated', decided)), await isSaid(ofLog, ofTokens('revoked', decided))]).toEqual([true, true])
    // And writes nothing.
    expect(await kinds()).toHaveLength(2)
  })

  test('L02 a node with another key for the log does not start', async () => {
    const standing = (key: typeof jwk) => recordKeys(db, { clock, keys: [{ use: 'log', state: 'activated', jwk: key }] })
    await standing(jwk)
    await expect(standing(aLogKey().jwk)).rejects.toMatchObject({ name: 'Refusal', message: expect.stringContaining('another key') })
    expect(await kinds()).toHaveLength(1)
  })
})

describe.each(Object.entries(emptyDatabases))('two processes over one %s', (_name, open) => {
  test('L02 append at once: no entry is lost, none shares a place, and the tree is one', async () => {
    const { database, another } = await open()
    await prepare(database)
    const both = [database, await another()]
    await Promise.all(both.map(async (db, process) => {
      for (const index of many(12)) await db.transaction((tx) => appendTo(tx, numbered(process * 100 + index)))
    }))
    const rows = await database.rows(sql<{ seq: number; entry: string }>`select seq, entry from transparency_entry order by seq`)
    expect(rows.map(({ seq }) => seq)).toEqual(many(24))
    expect(new Set(rows.map(({ entry }) => readEntry(entry).subject)).size).toBe(24)
    const { root } = await transparencyLog(both[1] ?? database, { clock, origin, logKey: signer }).head()
    expect(sameHash(root, rootOfTexts(rows.map(({ entry }) => entry)))).toBe(true)
  })
})
