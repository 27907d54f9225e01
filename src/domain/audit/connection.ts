import type { AccountId, ClientId, ConnectionId, ProposalId } from '#kernel/id.ts'

/** What became of a developer's request to connect; its approval is a proposal's. */
export type ConnectionEvent =
  | { type: 'connection.submitted' | 'connection.withdrawn'; connection: ConnectionId; tried: ClientId; by: AccountId }
  | { type: 'connection.returned'; connection: ConnectionId; owner: AccountId; by: AccountId }
  | { type: 'connection.proposed'; connection: ConnectionId; owner: AccountId; by: AccountId; proposal: ProposalId }
  /** Nobody has answered in time (Decree 69/2024 Art 18). */
  | { type: 'connection.overdue'; connection: ConnectionId; by: 'clock' }
