import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { clientId, passkeyId } from '#kernel/id.ts'
import type { Account } from '#domain/account/account.ts'
import { lockLost, reportLost, type Shown } from '#domain/account/lost.ts'
import type { Passkey } from '#domain/passkey/passkey.ts'
import { makeCode, type RecoveryCode } from '#domain/recovery/code.ts'
import { signal } from '#domain/signal/signal.ts'
import { makeSealer } from '#keys/sealer.ts'
import { accounts } from '#storage/postgres/accounts.ts'
import { contacts } from '#storage/postgres/contacts.ts'
import type { Database } from '#storage/postgres/db.ts'
import { applyGrants } from '#storage/postgres/grant.ts'
import { lostReports } from '#storage/postgres/lost-reports.ts'
import { notices } from '#storage/postgres/notices.ts'
import { organisations } from '#storage/postgres/organisations.ts'
import { passkeys } from '#storage/postgres/passkeys.ts'
import { recovery, recoveryCodes } from '#storage/postgres/recovery.ts'
import { registry } from '#storage/postgres/registry.ts'
import { openAs } from '#test/support/database-users.ts'
import { databases } from '#test/support/engines.ts'
import { anAccount, aPasskey, aPerson } from '#test/support/made-up.ts'

const open = databases['postgres']
const sealer = makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) })
const hour = 3_600_000
const rules = { source: 'of this test', codes: 10, holdHours: 72, openingHours: 24 }
const client = clientId.parse('portal')

describe.skipIf(open === undefined)('W09: a report of a lost device, and who comes back with a code, each plane with its own user', () => {
  let citizen: Database
  let console: Database
  let now: Date
  const clock = { now: () => now }
  beforeEach(async () => {
    if (open === undefined) throw new Error('no PostgreSQL in this run')
    const owner = await open()
    await applyGrants(owner)
    ;[citizen, console] = [await openAs(owner, 'citizen'), await openAs(owner, 'console')]
    now = new Date('2026-11-24T03:04:05.678Z')
    await registry(owner, sealer).importAll((async function* one() { yield [person] })())
  })
  const person = aPerson()

  /** An account with a passkey, a sheet of codes and a notice. */
  async function holder(): Promise<{ account: Account; old: Passkey; code: RecoveryCode; next: RecoveryCode; shown: { code: Shown; reference: Shown } }> {
    const account = anAccount({ person: person.id, createdAt: new Date(now.getTime() - 1000 * hour) })
    const old = aPasskey({ account: account.id, createdAt: account.createdAt })
    await accounts(citizen, sealer).open({ account, contact: { kind: 'email', value: 'lan@example.com', verifiedAt: account.createdAt } })
    await passkeys(citizen).add(old, { most: 20, event: { type: 'passkey.added', account: account.id, passkey: old.id, aaguid: old.aaguid, hardwareBound: false } })
    const [code, next] = [makeCode(), makeCode()]
    await recoveryCodes(citizen, sealer).replace(account.id, [code, next], { at: account.createdAt, event: { type: 'recovery.codes-made', account: account.id, count: 2 } })
    const [told] = await notices(citizen, sealer).ofAccount(account.id)
    if (told === undefined) throw new Error('there is a notice')
    return { account, old, code, next, shown: { code: { code }, reference: { reference: told.reference } } }
  }

  const nothing = async () => undefined
  const report = (shown: Shown) => reportLost({
    limits: { spend: nothing, give: nothing, wait: async () => 0 }, registry: registry(citizen, sealer), accounts: accounts(citizen, sealer), holderNotices: notices(citizen, sealer),
    lostReports: lostReports(citizen, sealer, () => rules), clock,
  }, { number: person.number, birthDate: person.birthDate, shown, address: '192.0.2.7' })

  /** What the console makes of what is queued, however often. */
  async function carry(): Promise<void> {
    for (const { data } of await console.rows(sql<{ data: unknown }>`select data from job.job where data->>'kind' = 'lost' order by created_on`)) {
      const it = signal.parse(data)
      if (it.kind !== 'lost' || it.at === undefined) throw new Error('a report says since when')
      await lockLost(
        { accounts: accounts(console, sealer), recovery: recovery(console), contactStore: contacts(console, sealer), organisations: organisations(console, sealer, clock), recoveryRules: rules, clock },
        it.account, { reportedAt: new Date(it.at), byCode: it.byCode })
    }
  }

  async function comeBack({ account, next: code }: { account: Account; next: RecoveryCode }) {
    const codeUsedAt = now
    expect(await recoveryCodes(citizen, sealer).spend(account.id, code, { at: codeUsedAt, event: { type: 'recovery.code-used', client, account: account.id } })).toBe(true)
    pass(0.01)
    const key = aPasskey({ account: account.id, createdAt: now })
    const heldUntil = new Date(now.getTime() + rules.holdHours * hour)
    const outcome = await recovery(citizen).bringBack(key, { codeUsedAt, heldUntil, event: { type: 'recovery.finished', client, account: account.id, passkey: key.id } })
    return { outcome, key, heldUntil }
  }
  const pass = (hours: number) => { now = new Date(now.getTime() + hours * hour) }
  const keysOf = async ({ id }: Account) => (await passkeys(citizen).ofAccount(id)).map((key) => key.id)
  const lockOf = async ({ id }: Account) => (await accounts(citizen, sealer).findNow(id))?.account.locks
  const unlock = ({ id }: Account, passkey: string) =>
    accounts(citizen, sealer).move(id, { to: 'unlock', ground: 'holder-request', by: 'holder', shown: { passkey: passkeyId.parse(passkey), holdHours: rules.holdHours } }, now)

  test.each([
    ['a code', 'before', 'code', 'waits'], ['a code', 'after', 'code', 'waits'],
    ['a reference', 'before', 'reference', 'waits-alone'], ['a reference', 'after', 'reference', 'waits-alone'],
  ] as const)('reported by %s, and carried out %s somebody is back with a code: passkeys of before stay or are set aside by what was shown, and what is carried out changes neither', async (_by, when, by, wanted) => {
    const who = await holder()
    const since = now
    await report(who.shown[by])
    const lock = { ground: 'holder-request', since, lost: true, ...(by === 'code' && { byCode: true }) }
    expect(await lockOf(who.account)).toEqual([lock])
    pass(0.1)
    if (when === 'before') await carry()
    expect(await lockOf(who.account)).toEqual([lock])

    // The code that it was made with is used up; another of the sheet is not.
    expect(await recoveryCodes(citizen, sealer).left(who.account.id)).toMatchObject({ left: by === 'code' ? 1 : 2 })
    const { outcome, key, heldUntil } = await comeBack(who)
    const stay = by === 'code' ? [who.old.id] : []
    expect(outcome).toBe(wanted)
    for (let times = 0; times < 2; times += 1) {
      expect([(await keysOf(who.account)).toSorted(), await lockOf(who.account)]).toEqual([[...stay, key.id].toSorted(), [{ ...lock, openings: [{ passkey: key.id, at: heldUntil }] }]])
      await carry()
    }
    pass(71)
    for (const passkey of [key.id, who.old.id]) expect((await unlock(who.account, passkey)).is).toBe('refused')
    pass(1.5)
    expect([(await unlock(who.account, key.id)).is, await lockOf(who.account)]).toEqual(['moved', []])
    // Nothing that is carried out late closes it again.
    await carry()
    expect(await lockOf(who.account)).toEqual([])
  })

  test.each(['code', 'reference'] as const)('reported by a %s: whoever has a passkey of before undoes the recovery within the hold, what came with the code does not, and it stays closed', async (by) => {
    const who = await holder()
    await report(who.shown[by])
    pass(0.1)
    const { key } = await comeBack(who)
    await carry()
    pass(70)
    const cancel = (shown: Passkey) => recovery(citizen).cancel(who.account.id, { at: now, holdHours: rules.holdHours, through: 'passkey', shown: shown.id })
    expect([await cancel(key), await cancel(aPasskey()), await cancel(who.old), await cancel(who.old)]).toEqual(['none', 'none', 'cancelled', 'none'])
    expect([await keysOf(who.account), (await lockOf(who.account))?.map(({ lost, openings }) => [lost, openings])]).toEqual([[who.old.id], [[true, undefined]]])
    expect(await recoveryCodes(citizen, sealer).left(who.account.id)).toMatchObject({ left: 0 })
  })

  test('a report by a reference after one by a code is one by a reference, also where the first is carried out late', async () => {
    const who = await holder()
    await report(who.shown.code)
    pass(0.1)
    await report(who.shown.reference)
    pass(0.1)
    await carry()
    expect((await lockOf(who.account))?.map(({ byCode }) => byCode)).toEqual([undefined])
    expect((await comeBack(who)).outcome).toBe('waits-alone')
  })
})
