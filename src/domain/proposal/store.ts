import type { AccountId, ProposalId } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import type { Effect } from './effect.ts'
import type { Decision, Proposal } from './proposal.ts'

/** An approval as it is kept, whatever became of it. */
export type KeptApproval = {
  id: ProposalId
  /** Tells one state of the row from every other; absent where there is no row. */
  row?: string | undefined
  /** Absent where there is no row, or none that is a proposal. */
  proposal?: Proposal | undefined
  /** What the log of record says; `digest` is absent in what older releases wrote. */
  recorded?: { by: AccountId | undefined; at: Date; digest?: string | undefined } | undefined
}

export type ProposalStore = {
  find: (id: ProposalId) => Promise<Proposal | undefined>
  /** What waits, oldest first. */
  waiting: () => Promise<readonly Proposal[]>
  /** What was decided, newest first. */
  decided: (most: number) => Promise<readonly Proposal[]>
  /** One as it is kept, for whoever checks it: `undefined` where neither a row nor the log of record knows of it. */
  kept: (id: ProposalId) => Promise<KeptApproval | undefined>
  /** Every approval that a row or the log of record knows of, in the order of their ids: so many, and those that come after one of them. */
  approved: (page: { after?: ProposalId | undefined; most: number }) => Promise<readonly KeptApproval[]>
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
