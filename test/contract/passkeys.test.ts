import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Passkey, PasskeyStore } from '#domain/passkey/passkey.ts'
import { insertPasskey, passkeys } from '#storage/postgres/passkeys.ts'
import type { Database } from '#storage/postgres/db.ts'
import { databases } from '#test/support/engines.ts'
import { aPasskey } from '#test/support/made-up.ts'

const at = new Date('2026-11-22T03:04:05.678Z')
const fifty = Array.from({ length: 50 }, (_, index) => index)

describe.each(Object.entries(databases))('passkeys on %s', (_name, open) => {
  let db: Database
  let store: PasskeyStore
  beforeEach(async () => {
    db = await open()
    store = passkeys(db)
  })

  async function kept(changes: Partial<Passkey> = {}): Promise<Passkey> {
    const passkey = aPasskey(changes)
    expect(await insertPasskey(db, passkey)).toBe(true)
    return passkey
  }
  const use = (counter: number) => ({ counter, backedUp: true, at })

  test('come back as they were put in, to the byte', async () => {
    const passkey = await kept({ publicKey: Uint8Array.from([0, 1, 255, ...randomBytes(300)]), counter: 4_294_967_295,
      transports: ['usb', 'a,b"c', ''], backedUp: false })
    expect(await store.find(passkey.id)).toEqual({ ...passkey, lastUsedAt: undefined, removedAt: undefined })
    expect(await store.find(aPasskey().id)).toBeUndefined()
  })

  test('one that is bound to hardware says so, and one that may be copied is never kept as such', async () => {
    const bound = await kept({ backupEligible: false, backedUp: false, hardwareBound: true })
    expect(await store.find(bound.id)).toMatchObject({ hardwareBound: true })
    await expect(insertPasskey(db, aPasskey({ backupEligible: true, hardwareBound: true }))).rejects.toThrow()
  })

  test('one id belongs to one account, whoever comes first of 50', async () => {
    const passkey = aPasskey()
    const inserted = await Promise.all(fifty.map(() => insertPasskey(db, { ...passkey, account: aPasskey().account })))
    expect(inserted.filter(Boolean)).toHaveLength(1)
  })

  test.each([[5, 6, true], [5, 5, false], [5, 4, false], [5, 0, false], [0, 0, true], [0, 1, true],
    [4_294_967_294, 4_294_967_295, true]])(
    'a counter of %d moves to %d: %s', async (from, to, moved) => {
      const { id } = await kept({ counter: from })
      expect(await store.advance(id, { ...use(to), backedUp: false })).toBe(moved)
      expect(await store.find(id)).toMatchObject(moved ? { counter: to, backedUp: false, lastUsedAt: at } : { counter: from,
        backedUp: true, lastUsedAt: undefined })
    })

  test('of 50 racing sign-ins with one counter value one is heard', async () => {
    const { id } = await kept({ counter: 5 })
    const heard = await Promise.all(fifty.map(() => store.advance(id, use(6))))
    expect(heard.filter(Boolean)).toHaveLength(1)
    expect(await store.advance(id, use(7))).toBe(true)
  })

  test('of 50 racing sign-ins with rising counters the last value stands', async () => {
    const { id } = await kept({ counter: 1 })
    const heard = await Promise.all(fifty.map((index) => store.advance(id, use(2 + index))))
    expect(heard[49]).toBe(true)
    expect(await store.find(id)).toMatchObject({ counter: 51 })
  })

  test('a counter that is not used lets all of them through', async () => {
    const { id } = await kept({ counter: 0 })
    expect((await Promise.all(fifty.map(() => store.advance(id, use(0))))).every(Boolean)).toBe(true)
  })

  test('a removed one is found with its day, signs nobody in and is in nobody\'s list', async () => {
    const { account } = aPasskey()
    const [first, second] = [await kept({ account }), await kept({ account, createdAt: new Date(at.getTime() + 1000) })]
    await kept()
    expect((await store.ofAccount(account)).map(({ id }) => id)).toEqual([first.id, second.id])
    expect((await Promise.all(fifty.map(() => store.remove(first.id, at)))).filter(Boolean)).toHaveLength(1)
    expect(await store.remove(first.id, new Date())).toBe(false)
    expect(await store.find(first.id)).toMatchObject({ removedAt: at })
    expect(await store.advance(first.id, use(9))).toBe(false)
    expect((await store.ofAccount(account)).map(({ id }) => id)).toEqual([second.id])
  })

  test('one that nobody has cannot be used or removed', async () => {
    expect([await store.advance(aPasskey().id, use(0)), await store.remove(aPasskey().id, at)]).toEqual([false, false])
  })
})
