import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { makeSealer } from '#keys/sealer.ts'
import { kept } from '#storage/postgres/kept.ts'
import { databases } from '#test/support/engines.ts'

const sealer = makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) })

describe.each(Object.entries(databases))('what is kept while the person is away, on %s', (_name, open) => {
  test('comes back, is replaced, and is forgotten', async () => {
    const store = kept(await open(), sealer)
    await store.put('RefreshToken:a', 'một', 60)
    await store.put('RefreshToken:a', 'hai', 60)
    expect([await store.get('RefreshToken:a'), await store.get('RefreshToken:b')]).toEqual(['hai', undefined])
    await store.drop('RefreshToken:a')
    expect(await store.get('RefreshToken:a')).toBeUndefined()
  })

  test('of 50 racing claimers exactly one hears yes', async () => {
    const store = kept(await open(), sealer)
    const heard = await Promise.all(Array.from({ length: 50 }, (_, at) => store.claim('used', String(at), 60)))
    expect(heard.filter(Boolean)).toHaveLength(1)
    expect(await store.get('used')).toBe(String(heard.indexOf(true)))
  })

  test('what has ended is gone for whoever looks, may be claimed again, and is swept', async () => {
    const database = await open()
    const store = kept(database, sealer)
    await store.put('over', 'x', 60)
    await store.put('lasting', 'x', 60)
    await database.change(sql`update kept set expires_at = now() - interval '1 second' where name = ${Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode('over')))}`)
    expect(await store.get('over')).toBeUndefined()
    expect(await store.sweep()).toBe(1)
    expect([await store.claim('over', 'y', 60), await store.get('lasting')]).toEqual([true, 'x'])
  })

  test('D05: a dump shows neither names nor values, and a value moved under another name does not open', async () => {
    const database = await open()
    const store = kept(database, sealer)
    await store.put('RefreshToken:secret-name', 'secret-value', 60)
    const rows = await database.rows(sql<{ dump: string }>`select encode(name, 'escape') || encode(value, 'escape') as dump from kept`)
    expect(rows.map(({ dump }) => dump).join()).not.toMatch(/secret/)
    await store.put('other', 'x', 60)
    await database.change(sql`update kept set value = (select value from kept order by length(value) desc limit 1)`)
    await expect(Promise.all([store.get('other'), store.get('RefreshToken:secret-name')])).rejects.toMatchObject({ code: 'sealed.unreadable' })
  })
})
