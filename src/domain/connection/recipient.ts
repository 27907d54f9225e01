import type { AccountId, ClientId, ConnectionId } from '#kernel/id.ts'
import type { AccountStore } from '#domain/account/store.ts'
import type { Client } from '#domain/client/client.ts'
import { contactsOf } from '#domain/client/contact.ts'

/** A service that came by a request, and who asked for it. */
export type Connected = { connection: ConnectionId; owner: AccountId; client: ClientId }

/** Who is written of a service: whoever asked to connect it, and its contacts. */
export type Recipient = { who: 'owner'; account: AccountId; connection: ConnectionId } | { who: 'contact'; client: ClientId; contact: string }

/** Nobody twice: a contact at whose address an owner is reached anyway is that owner. */
export async function recipientsOf({ accounts }: { accounts: Pick<AccountStore, 'contacts'> }, client: Client, connected: readonly Connected[]): Promise<readonly Recipient[]> {
  const owners = connected.filter((one) => one.client === client.id)
  const reached = (await Promise.all(owners.map(({ owner }) => accounts.contacts(owner)))).flat()
  const mailboxes = new Set(reached.map(({ value }) => value.toLowerCase()))
  const others = contactsOf(client).filter(({ address }) => !mailboxes.has(address.toLowerCase()))
  const byAccount = new Map(owners.map((one) => [one.owner, one]))
  return [
    ...[...byAccount.values()].map(({ owner: account, connection }): Recipient => ({ who: 'owner', account, connection })),
    ...others.map(({ name: contact }): Recipient => ({ who: 'contact', client: client.id, contact })),
  ]
}
