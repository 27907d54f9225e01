import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Passkey, PasskeyStore } from '#domain/passkey/passkey.ts'
import { makeSealer } from '#keys/sealer.ts'
import { accounts } from '#storage/postgres/accounts.ts'
import { insertPasskey, passkeys } from '#storage/postgres/passkeys.ts'
import type { Database } from '#storage/postgres/db.ts'
import { databases } from '#test/support/engines.ts'
import { anAccount, aPasskey } from '#test/support/made-up.ts'

const at = new Date('2026-11-22T03:04:05.678Z')
const sealer = makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) })
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

  describe('one more', () => {
    const event = ({ account, id: passkey, aaguid, hardwareBound }: Passkey) => ({ type: 'passkey.added', account, passkey, aaguid, hardwareBound } as const)
    const add = (passkey: Passkey, most = 10) => store.add(passkey, { most, event: event(passkey) })
    const recorded = async () => (await db.rows(sql<{ passkey: string }>`select data->>'passkey' as passkey from audit_event where type = 'passkey.added'`)).map(({ passkey }) => passkey)

    async function holder(): Promise<Passkey> {
      const account = anAccount()
      const passkey = aPasskey({ account: account.id })
      await accounts(db, sealer).open({ account, passkey })
      return passkey
    }

    test('is added with its event, and not again, whoever\'s it would be', async () => {
      const [first, other] = [await holder(), await holder()]
      const more = aPasskey({ account: first.account })
      expect(await add(more)).toBe('added')
      expect([await add({ ...more, account: other.account }), await add(more)]).toEqual(['taken', 'taken'])
      expect((await store.ofAccount(first.account)).map(({ id }) => id).toSorted()).toEqual([first.id, more.id].toSorted())
      expect(await recorded()).toEqual([more.id])
    })

    test('is added as often as there is room, also by 20 at once; what was removed takes none', async () => {
      const { account, id } = await holder()
      await store.remove(id, at)
      const outcomes = await Promise.all(fifty.slice(0, 20).map(() => add(aPasskey({ account }), 5)))
      expect(outcomes.filter((outcome) => outcome === 'added')).toHaveLength(5)
      expect([(await store.ofAccount(account)).length, (await recorded()).length]).toEqual([5, 5])
    })
  })

  test('one that nobody has cannot be used or removed', async () => {
    expect([await store.advance(aPasskey().id, use(0)), await store.remove(aPasskey().id, at)]).toEqual([false, false])
  })
})
