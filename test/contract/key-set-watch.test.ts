import { beforeEach, describe, expect, test } from 'vitest'
import { clientId } from '#kernel/id.ts'
import type { Log } from '#kernel/log.ts'
import { mostAddresses, type KeySetWatch } from '#domain/signing-key/watch.ts'
import { makeKeySetNotes } from '#storage/key-set-notes.ts'
import { keySetWatch } from '#storage/postgres/key-set-watch.ts'
import type { Database } from '#storage/postgres/db.ts'
import { databases } from '#test/support/engines.ts'
import { silentLog } from '#test/support/silent-log.ts'
import { sql } from 'kysely'

const [portal, bank] = [clientId.parse('portal'), clientId.parse('bank')]
const start = new Date('2026-11-10T05:00:00Z')
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000)
const digest = (address: string) => `digest of ${address.length}`

describe.each(Object.entries(databases))('who fetched the key set, on %s,', (_name, open) => {
  let db: Database
  let store: KeySetWatch
  let now = start
  beforeEach(async () => {
    db = await open()
    store = keySetWatch(db)
    now = start
  })

  const node = (log: Log = silentLog, keySet: Pick<KeySetWatch, 'add'> = store) => makeKeySetNotes({ keySetWatch: keySet, clock: { now: () => now }, log, digest })
  const rows = async () => JSON.stringify(await db.rows(sql`select * from key_set_fetch f full join key_set_caller c on c.address = f.address`))

  test('is known of who calls from the same address, whichever node heard which and in which order, and of nobody else', async () => {
    const [one, other] = [node(), node()]
    other.fetched('1.1.1.1')
    other.fetched('citizens phone')
    await other.flush()
    expect(await store.seenOf(portal)).toEqual([])
    now = later(30)
    one.called(portal, '1.1.1.1')
    one.called(bank, '22.22.22.22')
    await one.flush()
    await other.flush()
    expect([await store.seenOf(portal), await store.seenOf(bank)]).toEqual([[{ calledAt: later(30), fetchedAt: start }], [{ calledAt: later(30), fetchedAt: undefined }]])
    const kept = await rows()
    expect([kept.includes('1.1.1.1'), kept.includes(digest('citizens phone')), kept.includes(digest('1.1.1.1'))]).toEqual([false, false, true])
  })

  test('is forgotten of strangers after an hour, and of callers when they have not called for long', async () => {
    const one = node()
    one.fetched('1.1.1.1')
    await one.flush()
    now = later(3700)
    one.called(portal, '1.1.1.1')
    await one.flush()
    expect(await store.seenOf(portal)).toEqual([{ calledAt: now, fetchedAt: undefined }])
    one.fetched('1.1.1.1')
    await one.flush()
    await store.sweep(later(3600))
    expect(await store.seenOf(portal)).toEqual([{ calledAt: now, fetchedAt: now }])
    await store.sweep(later(3800))
    expect([await store.seenOf(portal), await rows()]).toEqual([[], '[]'])
  })

  test('the last fetch counts whoever writes first, and calls are written once an hour', async () => {
    await store.add({ calls: [{ client: portal, address: 'a', at: start }], fetches: [{ address: 'a', at: later(60) }] })
    await store.add({ calls: [{ client: portal, address: 'a', at: later(600) }], fetches: [{ address: 'a', at: later(30) }] })
    expect(await store.seenOf(portal)).toEqual([{ calledAt: start, fetchedAt: later(60) }])
    await store.add({ calls: [{ client: portal, address: 'a', at: later(3601) }], fetches: [] })
    expect(await store.seenOf(portal)).toEqual([{ calledAt: later(3601), fetchedAt: later(60) }])
  })

  test('so many addresses of one service are kept, the latest, and those of others are not touched', async () => {
    await store.add({ calls: [{ client: bank, address: 'b', at: start }], fetches: [] })
    const call = (number: number) => ({ client: portal, address: `a${number}`, at: later(number) })
    await store.add({ calls: Array.from({ length: mostAddresses + 7 }, (_, number) => call(number)), fetches: [] })
    const seen = await store.seenOf(portal)
    expect([seen.length, seen[0]?.calledAt, seen.at(-1)?.calledAt, (await store.seenOf(bank)).length]).toEqual([mostAddresses, later(mostAddresses + 6), later(7), 1])
  })

  test('waits while it cannot be written', async () => {
    const told: string[] = []
    let works = false
    const flaky: Pick<KeySetWatch, 'add'> = { add: async (seen) => (works ? store.add(seen) : Promise.reject(new Error('down'))) }
    const one = node({ ...silentLog, warn: (_fields, message) => void told.push(message) }, flaky)
    one.called(portal, '1.1.1.1')
    one.fetched('1.1.1.1')
    await one.flush()
    works = true
    await one.flush()
    expect([told.length, await store.seenOf(portal)]).toEqual([1, [{ calledAt: start, fetchedAt: start }]])
  })

  test('nodes that write together do not wait for each other for ever', async () => {
    const calls = ['a', 'b', 'c'].map((address) => ({ client: portal, address, at: start }))
    const fetches = ['a', 'b', 'c'].map((address) => ({ address, at: start }))
    await Promise.all(Array.from({ length: 6 }, (_, turn) => store.add({ calls: turn % 2 === 0 ? calls : calls.toReversed(), fetches: turn % 2 === 0 ? fetches.toReversed() : fetches })))
    expect((await store.seenOf(portal)).map(({ fetchedAt }) => fetchedAt)).toEqual([start, start, start])
  })
})
