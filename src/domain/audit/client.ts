import type { AccountId, ClientId, ProposalId } from '#kernel/id.ts'
import type { Through } from './officer.ts'

/** What became of clients without a second person; what two people do is a proposal. */
export type ClientEvent =
  | { type: 'client.imported'; client: ClientId }
  /** A service asked which of the accounts it links to can still be signed in with: how many were what. */
  | { type: 'links.reported'; client: ClientId; by: AccountId | 'operator'; linked: number; locked: number; closed: number; unknown: number }
  | { type: 'client.suspended'; client: ClientId; by: AccountId | 'operator'; through?: Through; reason: string }
  /** The first secret of a client, or by a proposal another in place of the one before; what it is stands nowhere. */
  | { type: 'client.secret-issued'; client: ClientId; by: AccountId; reason: string; proposal?: ProposalId }
  /** What it had before stops being good beside the new one. */
  | { type: 'client.secret-withdrawn'; client: ClientId; by: AccountId; reason: string }
