import { describe, expect, test } from 'vitest'
import { passkeyId } from '#kernel/id.ts'
import type { AccountWithLife } from '#domain/account/store.ts'
import { remembered } from '#storage/remembered.ts'
import { anAccount } from '#test/support/made-up.ts'

const account = anAccount()
const passkey = passkeyId.parse('phone')
const now = new Date('2026-03-01T03:00:00Z')
const nothing = async () => undefined

/** Stores of one account, of which each look is counted. */
function opened() {
  let looks = 0
  const look = async (): Promise<AccountWithLife> => {
    looks += 1
    return { account, life: 'alive' }
  }
  const of = { account: account.id, id: passkey }
  const stores = {
    accounts: { findNow: look, move: async () => ({ is: 'moved', account }) as const, askOpening: nothing },
    passkeys: { find: async () => of, remove: async () => true, removeButLast: async () => 'removed' as const },
    recovery: { bringBack: async () => 'back' as const, cancel: async () => 'cancelled' as const },
    desk: { finish: async () => 'done' as const },
    serviceSessions: { end: async () => { throw new Error('the answer was lost') } },
  }
  return { ...remembered(stores, { now: () => now }), looks: () => looks }
}

describe('W12: an account that was seen a moment ago', () => {
  test('is not looked up again, unless it has to be as it is now', async () => {
    const { accounts, looks } = opened()
    await accounts.find(account.id)
    await accounts.find(account.id)
    expect(looks()).toBe(1)
    await accounts.findNow(account.id)
    await accounts.find(account.id)
    expect(looks()).toBe(2)
  })

  type Opened = ReturnType<typeof opened>
  const changes: Readonly<Record<string, (stores: Opened) => Promise<unknown>>> = {
    'it is locked': ({ accounts }) => accounts.move(account.id, { to: 'lock', ground: 'competent-body', by: 'operator' }, now),
    'it is unlocked': ({ accounts }) => accounts.move(account.id, { to: 'unlock', ground: 'competent-body', by: 'operator' }, new Date()),
    'a passkey of it is removed': ({ passkeys }) => passkeys.remove(passkey, now),
    'its sessions end, also where the answer is lost': ({ serviceSessions }) =>
      serviceSessions.end({ account: account.id, reason: 'signed-out-everywhere', at: now }).catch(() => undefined),
  }
  test.each(Object.entries(changes))('is forgotten when %s', async (_name, change) => {
    const stores = opened()
    await stores.accounts.find(account.id)
    await change(stores)
    await stores.accounts.find(account.id)
    expect(stores.looks()).toBe(2)
  })
})
