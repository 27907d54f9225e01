import { hash } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '#kernel/clock.ts'
import type { AccountId, PasskeyId } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import type { Passkey, PasskeyStore } from '#domain/passkey/passkey.ts'

/** What a person calls one of their passkeys. */
export const passkeyName = z.string().transform((typed) => typed.normalize('NFC').replaceAll(/\s+/g, ' ').trim()).pipe(z.string().max(40).regex(/^[^\p{C}]*$/u))

export type PasskeyNames = {
  ofAccount: (account: AccountId) => Promise<ReadonlyMap<PasskeyId, string>>
  /** An empty name takes the old one away. Recorded, all or nothing; of a passkey that is gone nothing happens. */
  put: (account: AccountId, passkey: PasskeyId, how: { name: string; at: Date; event: AuditEvent }) => Promise<void>
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

type RemoveTools = { passkeys: Pick<PasskeyStore, 'removeButLast'>; clock: Clock }

/**
 * Removes a passkey of the holder's own, never the last: without one nobody could sign in (W09). Everything that any of them opened ends,
 * for nobody knows what it was; the holder hears of it, for it may not have been them.
 */
export function removeOwnPasskey({ passkeys, clock }: RemoveTools, account: AccountId, passkey: PasskeyId): Promise<'removed' | 'last' | 'gone'> {
  return passkeys.removeButLast(passkey, clock.now(), { type: 'passkey.removed', account, passkey, by: 'holder' })
}

/** Gives one of theirs a name, or takes it away; it is recorded, for a name is what its holder knows a key by. */
export function renameOwnPasskey({ passkeyNames, clock }: { passkeyNames: Pick<PasskeyNames, 'put'>; clock: Clock }, { account, passkey, name }: { account: AccountId; passkey: PasskeyId; name: string }): Promise<void> {
  return passkeyNames.put(account, passkey, { name, at: clock.now(), event: { type: 'passkey.renamed', account, passkey } })
}
