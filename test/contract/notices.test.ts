import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { accountId, clientId, contactId, noticeId, type AccountId } from '#kernel/id.ts'
import type { Occasion } from '#domain/notice/occasion.ts'
import { referenceOf } from '#domain/notice/reference.ts'
import type { NoticeStore } from '#domain/notice/store.ts'
import { makeCode } from '#domain/recovery/code.ts'
import type { Person } from '#domain/registry/person.ts'
import { makeSealer } from '#keys/sealer.ts'
import { moveAccount } from '#storage/postgres/account-moves.ts'
import { accounts } from '#storage/postgres/accounts.ts'
import { contacts } from '#storage/postgres/contacts.ts'
import type { Database } from '#storage/postgres/db.ts'
import { notices, tellHolder } from '#storage/postgres/notices.ts'
import { passkeys } from '#storage/postgres/passkeys.ts'
import { recovery, recoveryCodes } from '#storage/postgres/recovery.ts'
import { registry } from '#storage/postgres/registry.ts'
import { databases } from '#test/support/engines.ts'
import { aForeigner, anAccount, aPasskey, aPerson } from '#test/support/made-up.ts'

const sealer = makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) })
const at = new Date('2026-11-26T05:00:00.000Z')
const email = { kind: 'email' as const, value: 'lan@example.com', verifiedAt: at }
const mobile = { kind: 'phone' as const, value: '+84912345678', verifiedAt: at }

async function* batches(people: readonly Person[]) {
  yield people
}

describe.each(Object.entries(databases))('what holders are told, on %s,', (_name, open) => {
  let db: Database
  let store: NoticeStore
  beforeEach(async () => {
    db = await open()
    store = notices(db, sealer)
  })

  /** An account with a mail address and a phone, and nothing told of it yet. */
  async function holder(): Promise<AccountId> {
    const account = anAccount({ createdAt: at })
    await accounts(db, sealer).open({ account, contact: email, passkey: aPasskey({ account: account.id }) })
    await contacts(db, sealer).replace(account.id, mobile, { type: 'contact.changed', account: account.id, kind: 'phone', by: 'operator' })
    await db.change(sql`delete from notice`)
    await db.change(sql`delete from notice_delivery`)
    await db.change(sql`delete from job.job`)
    return account.id
  }
  const toldOf = async (account: AccountId) => (await store.ofAccount(account)).map(({ occasion }) => occasion.of).toSorted()
  const jobs = () => db.rows(sql<{ kind: string; account: string }>`select data->>'kind' as kind, data->>'account' as account from job.job where data->>'kind' = 'notice'`)

  const keep = (id: AccountId) => passkeys(db).add(aPasskey({ account: id, createdAt: at }), { most: 9, event: { type: 'passkey.added', account: id, passkey: aPasskey().id, aaguid: 'x', hardwareBound: false } })
  const print = async (id: AccountId) => {
    const codes = [makeCode(), makeCode()]
    await recoveryCodes(db, sealer).replace(id, codes, { at, event: { type: 'recovery.codes-made', account: id, count: 2 } })
    return codes
  }
  const spend = async (id: AccountId, of: Awaited<ReturnType<typeof print>>, when = at) => recoveryCodes(db, sealer).spend(id, of[0] ?? makeCode(), { at: when, event: { type: 'recovery.code-used', client: clientId.parse('portal'), account: id } })

  const changes: Readonly<Record<string, { tells: readonly Occasion['of'][]; act: (id: AccountId) => Promise<unknown> }>> = {
    'a lock': { tells: ['account-locked'], act: (id) => accounts(db, sealer).move(id, { to: 'lock', ground: 'competent-body', by: 'operator' }, at) },
    'a level': { tells: ['account-raised'], act: (id) => accounts(db, sealer).move(id, { to: 'raise', by: 'officer' }, at) },
    'a new passkey': { tells: ['passkey-added'], act: keep },
    'printed codes': { tells: ['codes-printed'], act: print },
    'a code that is spent': { tells: ['code-used', 'codes-printed'], act: async (id) => spend(id, await print(id)) },
    'a new address': { tells: ['contact-changed'], act: (id) => contacts(db, sealer).replace(id, { ...email, value: 'new@example.com' }, { type: 'contact.changed', account: id, kind: 'email', by: 'operator' }) },
  }

  test.each(Object.keys(changes))('%s: the notice is there with the change, one delivery for each address, and neither without the other', async (what) => {
    const change = changes[what]
    const id = await holder()
    await change?.act(id)
    expect(await toldOf(id)).toEqual(change?.tells)
    const [told] = await store.ofAccount(id)
    expect(told?.deliveries.map(({ channel }) => channel)).toEqual(what === 'a new address' ? ['email', 'email', 'sms'] : ['email', 'sms'])
    expect(await jobs()).toHaveLength((await store.ofAccount(id)).flatMap(({ deliveries }) => deliveries).length)
    // Where the notice cannot be written, the change is not made either.
    const other = await holder()
    await db.change(sql`alter table notice rename to notice_away`)
    await expect(Promise.resolve(change?.act(other))).rejects.toThrow()
    await db.change(sql`alter table notice_away rename to notice`)
    const after = await accounts(db, sealer).findNow(other)
    expect([after?.account.locks, after?.account.level, (await passkeys(db).ofAccount(other)).length]).toEqual([[], 1, 1])
    expect((await recoveryCodes(db, sealer).left(other)).left).toBe(0)
    expect((await accounts(db, sealer).contacts(other)).map(({ value }) => value)).toEqual([email.value])
  })

  test('a change that is undone leaves no notice, no delivery and no job', async () => {
    const id = await holder()
    await expect(db.transaction(async (tx) => {
      await moveAccount(tx, id, { move: { to: 'lock', ground: 'holder-request', by: 'holder' }, at })
      throw new Error('changed my mind')
    })).rejects.toThrow('changed my mind')
    expect([await toldOf(id), await jobs()]).toEqual([[], []])
    await accounts(db, sealer).move(id, { to: 'unlock', ground: 'holder-request', by: 'holder' }, at)
    expect(await toldOf(id)).toEqual([])
  })

  test('nothing is told on a death, nor after it of what came before', async () => {
    const person = aPerson()
    await registry(db, sealer).importAll(batches([person]))
    const account = anAccount({ person: person.id, createdAt: at })
    await accounts(db, sealer).open({ account, contact: email })
    const [before] = await store.ofAccount(account.id)
    const contact = contactId.parse((await db.first(sql<{ id: string }>`select id from contact where account_id = ${account.id}`))?.id)
    const due = () => store.due(account.id, before?.id ?? noticeId.parse(randomUUID()), contact)
    expect(await due()).toMatchObject({ to: email.value, channel: 'email', reference: before?.reference })
    await registry(db, sealer).importAll(batches([{ ...person, life: { status: 'deceased', on: '2026-11-25' }, source: { ...person.source, version: 2 } }]))
    await keep(account.id)
    expect([await toldOf(account.id), await due()]).toEqual([['account-opened'], undefined])
  })

  test('what was sent is due no more, in the language that its holder chose', async () => {
    const id = await holder()
    await print(id)
    await store.choose(id, 'en')
    const [told] = await store.ofAccount(id)
    const to = (await db.rows(sql<{ contact_id: string }>`select contact_id from notice_delivery order by channel`)).map((row) => contactId.parse(row.contact_id))
    const [mail, phone] = to
    if (told === undefined || mail === undefined || phone === undefined) throw new Error('one notice, two addresses')
    expect(await store.due(id, told.id, mail)).toEqual({ occasion: { of: 'codes-printed' }, at, reference: told.reference, channel: 'email', to: email.value, language: 'en', office: 'commune' })
    await store.sent(id, told.id, mail, at)
    expect([await store.due(id, told.id, mail), (await store.due(id, told.id, phone))?.to]).toEqual([undefined, mobile.value])
    expect((await store.ofAccount(id))[0]?.deliveries).toEqual([{ channel: 'email', sentAt: at }, { channel: 'sms', sentAt: undefined }])
    await store.choose(id, undefined)
    expect([await store.language(id), (await store.due(id, told.id, phone))?.language]).toEqual([undefined, undefined])
  })

  test('whom its holder asks follows from what the register says of them: a foreigner the immigration authority', async () => {
    for (const [person, office] of [[aPerson(), 'commune'], [aForeigner(), 'immigration']] as const) {
      await registry(db, sealer).importAll(batches([person]))
      const account = anAccount({ person: person.id, createdAt: at })
      await accounts(db, sealer).open({ account, contact: email, passkey: aPasskey({ account: account.id }) })
      const [told] = await store.ofAccount(account.id)
      const to = await db.first(sql<{ id: string }>`select contact_id as id from notice_delivery where account_id = ${account.id}`)
      if (told === undefined || to === undefined) throw new Error('one notice, one address')
      expect((await store.due(account.id, told.id, contactId.parse(to.id)))?.office).toBe(office)
    }
  })

  test('a reference is of one account alone, and none of it is stored', async () => {
    const [mine, theirs] = [await holder(), await holder()]
    await print(mine)
    await print(theirs)
    const [one] = await store.ofAccount(mine)
    const reference = one?.reference ?? referenceOf(new Uint8Array(5))
    expect([await store.bears(mine, reference), await store.bears(theirs, reference), await store.bears(accountId.parse(randomUUID()), reference)]).toEqual([true, false, false])
    expect(JSON.stringify(await db.rows(sql`select * from notice`))).not.toContain(reference)
  })

  test('a new address is told of itself, and so is the old one, which hears nothing afterwards', async () => {
    const id = await holder()
    await contacts(db, sealer).replace(id, { ...mobile, value: '+84987654321' }, { type: 'contact.changed', account: id, kind: 'phone', by: 'operator' })
    const [changed] = await store.ofAccount(id)
    expect(changed?.deliveries.map(({ channel }) => channel)).toEqual(['email', 'sms', 'sms'])
    await print(id)
    expect((await store.ofAccount(id)).find(({ occasion }) => occasion.of === 'codes-printed')?.deliveries).toHaveLength(2)
    expect((await accounts(db, sealer).contacts(id)).map(({ kind }) => kind)).toEqual(['email'])
  })

  test('whoever objects takes away what came with the recovery, and nothing else; it is told', async () => {
    const id = await holder()
    const used = new Date(at.getTime() + 1000)
    const codes = await print(id)
    await spend(id, codes, used)
    const now = new Date(at.getTime() + 2000)
    const passkey = aPasskey({ account: id, createdAt: now })
    const how = { codeUsedAt: used, heldUntil: new Date(now.getTime() + 72 * 3_600_000), event: { type: 'recovery.finished' as const, client: clientId.parse('portal'), account: id, passkey: passkey.id } }
    const act = recovery(db)
    const cancel = (when: Date) => act.cancel(id, { at: when, holdHours: 72, through: 'sign-in' })
    expect(await cancel(now)).toBe('none')
    expect(await act.bringBack(passkey, how)).toBe('back')
    expect(await passkeys(db).ofAccount(id)).toHaveLength(2)
    expect((await Promise.all([1, 2, 3].map(() => cancel(now)))).toSorted()).toEqual(['cancelled', 'none', 'none'])
    expect((await passkeys(db).ofAccount(id)).map(({ id: left }) => left)).not.toContain(passkey.id)
    expect([(await accounts(db, sealer).findNow(id))?.account.heldUntil, (await recoveryCodes(db, sealer).left(id)).left]).toEqual([undefined, 0])
    expect(await toldOf(id)).toEqual(['code-used', 'codes-printed', 'recovered', 'recovery-cancelled'])
  })

  test('W09: what a recovery after a report of a loss has set aside comes back to whoever objects, once, and never after the holder was seen at a desk', async () => {
    const id = await holder()
    const [all, act, keys] = [accounts(db, sealer), recovery(db), passkeys(db)]
    const hour = (hours: number) => new Date(at.getTime() + hours * 3_600_000)
    const idsOf = async () => (await keys.ofAccount(id)).map(({ id: one }) => one)
    const before = await idsOf()
    async function backAt(when: Date) {
      await all.move(id, { to: 'lock', ground: 'holder-request', by: 'holder', lost: true }, when)
      const used = new Date(when.getTime() + 1000)
      await spend(id, await print(id), used)
      const passkey = aPasskey({ account: id, createdAt: new Date(when.getTime() + 2000) })
      const event = { type: 'recovery.finished' as const, client: clientId.parse('portal'), account: id, passkey: passkey.id }
      expect(await act.bringBack(passkey, { codeUsedAt: used, heldUntil: new Date(when.getTime() + 72 * 3_600_000), event })).toBe('waits-alone')
      expect(await idsOf()).toEqual([passkey.id])
      return passkey.id
    }
    const cancel = (when: Date) => act.cancel(id, { at: when, holdHours: 72, through: 'reference' })

    await backAt(hour(1))
    expect(await cancel(hour(2))).toBe('cancelled')
    expect(await idsOf()).toEqual(before)
    for (const one of before) expect((await keys.find(one))?.removedAt).toBeUndefined()

    const kept = await backAt(hour(3))
    await all.move(id, { to: 'unlock', ground: 'holder-request', by: 'officer' }, hour(4))
    await all.move(id, { to: 'raise', by: 'officer' }, hour(4))
    await db.change(sql`update account set held_until = ${hour(80)} where id = ${id}`)
    expect(await cancel(hour(5))).toBe('cancelled')
    expect([await idsOf(), (await keys.find(kept))?.removedAt]).toEqual([[], hour(5)])
  })

  test('who has no account is told nothing', async () => {
    await db.transaction((tx) => tellHolder(tx, accountId.parse(randomUUID()), { occasion: { of: 'account-opened' }, at }))
    expect(await db.rows(sql`select id from notice`)).toEqual([])
  })
})
