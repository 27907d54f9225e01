import type { AccountId, ConnectionId, ProposalId, Sector } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import type { ClientEntry } from '#domain/client/entry.ts'
import type { Proposal } from '#domain/proposal/proposal.ts'
import type { Checklist } from './checklist.ts'
import type { Connection } from './connection.ts'

/** Each change names where it starts from and is done once: of racing ones the first, and `false` for the others. Events are written with it. */
export type ConnectionStore = {
  /** `false` where one of this client is open already, or waits for a second person. */
  add: (connection: Connection) => Promise<boolean>
  find: (id: ConnectionId) => Promise<Connection | undefined>
  ofOwner: (owner: AccountId) => Promise<readonly Connection[]>
  /** What was sent before this and has no answer yet: it waits for a reviewer who reaches these sectors, or for a second person. The longest first. */
  unanswered: (within: 'all' | readonly Sector[], before: Date) => Promise<readonly Connection[]>
  /** Says of each of them in the log of record that its answer is overdue, once for each time that it was sent, whoever races; answers of how many. */
  markOverdue: (before: Date, at: Date) => Promise<number>
  /** What led to a proposal. */
  behind: (proposal: ProposalId) => Promise<Connection | undefined>
  save: (id: ConnectionId, written: { entry: ClientEntry; sector: Sector | undefined }) => Promise<boolean>
  submit: (id: ConnectionId, how: { at: Date; selfTest: NonNullable<Connection['selfTest']>; event: AuditEvent }) => Promise<boolean>
  withdraw: (id: ConnectionId, event: AuditEvent, at: Date) => Promise<boolean>
  /** As it was looked at, with this entry. Nobody reviews their own; that is a constraint of the table. */
  sendBack: (seen: Pick<Connection, 'id' | 'entry'>, review: NonNullable<Connection['review']>, event: AuditEvent) => Promise<boolean>
  /** As it was looked at, with this entry; with the proposal itself, all or nothing. */
  propose: (seen: Pick<Connection, 'id' | 'entry'>, how: { proposal: Proposal; checklist: Checklist; events: readonly AuditEvent[] }) => Promise<boolean>
}
