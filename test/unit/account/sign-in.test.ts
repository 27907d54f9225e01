import { describe, expect, test } from 'vitest'
import { systemClock } from '#kernel/clock.ts'
import { clientId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { Account } from '#domain/account/account.ts'
import type { LockGround } from '#domain/account/ground.ts'
import { admit, signIn } from '#domain/account/sign-in.ts'
import type { AccountWithLife } from '#domain/account/store.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import { embeddedVolatile } from '#storage/embedded/volatile.ts'
import { makeLimits } from '#storage/limits.ts'
import { unlockings } from '#storage/short-lived.ts'
import { assertionLies } from '#test/support/authenticator-lies.ts'
import { anAccount, aPerson, someLimits } from '#test/support/made-up.ts'
import { makeDevice, visit } from '#test/unit/passkey/device.ts'

const client = clientId.parse('thue')
const address = '192.0.2.1'
const limit = { points: 3, seconds: 60 }
const rules = someLimits({}, limit)

/** A house in which somebody with this account holds a passkey. `log` may fail. */
async function makeHouse(changes: Partial<Account> = {}, life: AccountWithLife['life'] = 'alive') {
  const device = makeDevice()
  const passkey = await device.register()
  const account = anAccount({ id: passkey.account, ...changes })
  const events: AuditEvent[] = []
  const log = { fails: undefined as Error | undefined }
  const tools = {
    ...device.tools,
    registry: { find: async () => aPerson({ id: account.person }) },
    accounts: { find: async (id: string) => (id === account.id ? { account, life } : undefined) },
    audit: {
      append: async (...all: readonly AuditEvent[]) => {
        if (log.fails) throw log.fails
        events.push(...all)
      },
    },
    limits: makeLimits({ rules, hash: (key) => key }),
    unlockings: unlockings(embeddedVolatile({ clock: systemClock })),
    recoveryRules: { holdHours: 72 },
  }
  const tap = async (lie: Parameters<typeof device.signedAt>[1] = {}, from = address) =>
    signIn(tools, { interaction: visit('sign-in'), client, address: from, answer: await device.signedAt(visit('sign-in'), lie) })
  const evidence: Evidence = {
    means: 'passkey', passkey: passkey.id, userVerified: true, backupEligible: true, hardwareBound: false, at: 1_795_316_400,
  }
  const enter = (from = address) => admit(tools, { client, address: from, account: account.id, evidence })
  return { tap, enter, evidence, passkey, account, events, log, tools }
}

const lie = assertionLies['signed by another key']

describe('an attempt to sign in', () => {
  test('that succeeds is recorded with its evidence and level before anybody is told', async () => {
    const { tap, account, passkey, events } = await makeHouse()
    const { evidence } = await tap()
    expect(events).toEqual([{ type: 'login.finished', client, account: account.id, passkey: passkey.id, level: 2, evidence }])
  })

  test('that cannot be recorded did not happen', async () => {
    const house = await makeHouse()
    for (const fails of [new Problem('service.unavailable'), new Error('a bug')]) {
      house.log.fails = fails
      await expect(house.tap()).rejects.toBe(fails)
    }
    expect(house.events).toEqual([])
  })

  test('that fails is recorded with its reason, and says nothing of whom it was meant for', async () => {
    const { tap, events } = await makeHouse()
    await expect(tap(lie())).rejects.toMatchObject({ code: 'passkey.not-verified' })
    await expect(tap(assertionLies['unknown credential']())).rejects.toMatchObject({ code: 'passkey.not-recognised' })
    expect(events).toEqual([
      { type: 'login.refused', client, reason: 'passkey.not-verified' },
      { type: 'login.refused', client, reason: 'passkey.not-recognised' },
    ])
  })

  test.each<[problem: string, changes: Partial<Account>, life: AccountWithLife['life']]>([
    ['account.deceased', {}, 'deceased'],
    ['account.locked', { locks: [{ ground: 'competent-body', since: new Date('2026-02-01T00:00:00Z') }] }, 'alive'],
    ['account.expired', { expiresOn: '2026-11-21' }, 'alive'],
    ['account.not-activated', { state: 'issued' }, 'alive'],
  ])('with a good passkey of an account that may not be used: %s', async (problem, changes, life) => {
    const { tap, account, passkey, events } = await makeHouse(changes, life)
    await expect(tap()).rejects.toMatchObject({ code: problem })
    expect(events).toEqual([{ type: 'login.refused', client, reason: problem, account: account.id, passkey: passkey.id }])
  })

  test('to a locked account says since when', async () => {
    const { tap } = await makeHouse({ locks: [{ ground: 'holder-request', since: new Date('2026-02-01T00:00:00Z') }] })
    await expect(tap()).rejects.toMatchObject({ detail: { since: '2026-02-01T00:00:00.000Z' } })
  })

  const since = new Date(0).toISOString()
  test.each<[string, readonly LockGround[], object, boolean]>([
    ['its holder alone has locked', ['holder-request'], { since, by: 'holder' }, true],
    ['its holder and somebody else have locked', ['holder-request', 'competent-body'], { since }, false],
    ['somebody else has locked', ['terms-breach'], { since }, false],
  ])('to an account that %s says so, and offers to open it where that is theirs', async (_who, grounds, detail, own) => {
    const { tap, tools, account, evidence } = await makeHouse({ locks: grounds.map((ground) => ({ ground, since: new Date(0) })) })
    await expect(tap()).rejects.toMatchObject({ code: 'account.locked', detail })
    expect(await tools.unlockings.take(visit('sign-in'))).toEqual(own ? { account: account.id, evidence } : undefined)
  })

  test('to a locked account without the passkey says nothing of the lock', async () => {
    const { tap } = await makeHouse({ locks: [{ ground: 'holder-request', since: new Date(0) }] })
    await expect(tap(lie())).rejects.toMatchObject({ code: 'passkey.not-verified', detail: {} })
  })

  test('that fails where too many have failed says so; a good passkey comes in from there all the same', async () => {
    const { tap } = await makeHouse()
    for (let at = 0; at < 3; at += 1) await expect(tap(lie())).rejects.toMatchObject({ code: 'passkey.not-verified' })
    await expect(tap(lie())).rejects.toMatchObject({ code: 'limit.exceeded', detail: { retryAfter: expect.any(Number) } })
    await expect(tap()).resolves.toBeDefined()
    await expect(tap(lie(), '198.51.100.7')).rejects.toMatchObject({ code: 'passkey.not-verified' })
  })

  test('that succeeds counts against nobody', async () => {
    const { tap } = await makeHouse()
    for (let at = 0; at < 9; at += 1) await expect(tap()).resolves.toBeDefined()
  })
})

describe('a sign-in with a passkey that was made just now', () => {
  test('is recorded like any other', async () => {
    const { enter, evidence, account, passkey, events } = await makeHouse()
    await expect(enter()).resolves.toEqual(account)
    expect(events).toEqual([{ type: 'login.finished', client, account: account.id, passkey: passkey.id, level: 2, evidence }])
  })

  test('to an account that was locked since is refused like any other', async () => {
    const { enter, account, passkey, events } = await makeHouse({ locks: [{ ground: 'competent-body', since: new Date(0) }] })
    await expect(enter()).rejects.toMatchObject({ code: 'account.locked' })
    expect(events).toEqual([{ type: 'login.refused', client, reason: 'account.locked', account: account.id, passkey: passkey.id }])
  })

  test('that cannot be recorded did not happen', async () => {
    const { enter, log, events } = await makeHouse()
    log.fails = new Problem('service.unavailable')
    await expect(enter()).rejects.toBe(log.fails)
    expect(events).toEqual([])
  })
})
