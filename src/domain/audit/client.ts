import type { AccountId, ClientId } from '#kernel/id.ts'
import type { Through } from './officer.ts'

/** What became of clients without a second person; what two people do is a proposal. */
export type ClientEvent =
  | { type: 'client.imported'; client: ClientId }
  | { type: 'client.suspended'; client: ClientId; by: AccountId; through?: Through; reason: string }
  /** A new secret in place of the one before; what it is stands nowhere. */
  | { type: 'client.secret-issued'; client: ClientId; by: AccountId; reason: string }
