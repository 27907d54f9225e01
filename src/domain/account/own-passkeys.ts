import { hash } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '#kernel/clock.ts'
import type { AccountId, PasskeyId } from '#kernel/id.ts'
import type { Passkey, PasskeyStore } from '#domain/passkey/passkey.ts'
import type { Notices } from '#domain/signal/notice.ts'
import type { AccountStore } from './store.ts'

/** What a person calls one of their passkeys. */
export const passkeyName = z.string().transform((typed) => typed.normalize('NFC').replaceAll(/\s+/g, ' ').trim()).pipe(z.string().max(40).regex(/^[^\p{C}]*$/u))

export type PasskeyNames = {
  ofAccount: (account: AccountId) => Promise<ReadonlyMap<PasskeyId, string>>
  /** An empty name takes the old one away. */
  put: (account: AccountId, passkey: PasskeyId, name: string) => Promise<void>
}

/** A passkey as its holder knows it. `handle` stands for its long id in addresses. */
export type OwnPasskey = { passkey: Passkey; handle: string; name?: string | undefined }

export const handleOf = (id: PasskeyId): string => hash('sha256', id, 'base64url').slice(0, 22)

type Tools = { passkeys: Pick<PasskeyStore, 'ofAccount'>; passkeyNames: PasskeyNames }

export async function ownPasskeys({ passkeys, passkeyNames }: Tools, account: AccountId): Promise<readonly OwnPasskey[]> {
  const [all, names] = await Promise.all([passkeys.ofAccount(account), passkeyNames.ofAccount(account)])
  return all.map((passkey) => ({ passkey, handle: handleOf(passkey.id), name: names.get(passkey.id) }))
}

/** The one of theirs that an address means. */
export async function ownPasskey(tools: Tools, account: AccountId, handle: string): Promise<OwnPasskey | undefined> {
  return (await ownPasskeys(tools, account)).find((one) => one.handle === handle)
}

type RemoveTools = {
  passkeys: Pick<PasskeyStore, 'removeButLast'>
  accounts: Pick<AccountStore, 'contacts'>
  notices: Pick<Notices, 'passkeyRemoved'>
  later: (task: () => Promise<void>) => void
  clock: Clock
}

/**
 * Removes a passkey of the holder's own, never the last: without one nobody could sign in (W09). Everything that any of them opened ends,
 * for nobody knows what it was; the holder hears of it, for it may not have been them.
 */
export async function removeOwnPasskey(tools: RemoveTools, account: AccountId, passkey: PasskeyId): Promise<'removed' | 'last' | 'gone'> {
  const at = tools.clock.now()
  const outcome = await tools.passkeys.removeButLast(passkey, at, { type: 'passkey.removed', account, passkey, by: 'holder' })
  if (outcome === 'removed') {
    tools.later(async () => {
      for (const { value } of await tools.accounts.contacts(account)) await tools.notices.passkeyRemoved(value, at)
    })
  }
  return outcome
}
