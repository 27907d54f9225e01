import type { AccountId, ClientId } from '#kernel/id.ts'

/** What became of clients without a second person; what two people do is a proposal. */
export type ClientEvent =
  | { type: 'client.imported'; client: ClientId }
  | { type: 'client.suspended'; client: ClientId; by: AccountId; through?: ClientId; reason: string }
