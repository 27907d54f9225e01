import type { ProposalId } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import type { Effect } from './effect.ts'
import type { Decision, Proposal } from './proposal.ts'

export type ProposalStore = {
  find: (id: ProposalId) => Promise<Proposal | undefined>
  /** What waits, oldest first. */
  waiting: () => Promise<readonly Proposal[]>
  /** What was decided, newest first. */
  decided: (most: number) => Promise<readonly Proposal[]>
  /** Every approval there ever was, oldest first: so many, and those that come after one of them. */
  approved: (page: { after?: ProposalId | undefined; most: number }) => Promise<readonly Proposal[]>
  /** All about one client or account, newest first. */
  about: (subject: string) => Promise<readonly Proposal[]>
  /** Records the event with it. Throws `proposal.too-many` where as many of this person wait as may (`config/proposals.json`). */
  add: (proposal: Proposal, event: AuditEvent) => Promise<void>
  /**
   * Decides and, where approved, brings the change about, with the event, all or nothing. `over` when it was decided already: of racing
   * deciders one is heard. `stale` when what it changes has moved on since. That nobody approves their own is a constraint of the table.
   */
  decide: (proposal: Proposal, how: { decision: Decision; effect?: Effect | undefined; event: AuditEvent }) => Promise<'done' | 'over' | 'stale'>
}
