import { sql } from 'kysely'
import { z } from 'zod'
import { accountId, clientId, proposalId } from '#kernel/id.ts'
import { change } from '#domain/proposal/change.ts'
import { approvalEvidence, type Decision, type Proposal } from '#domain/proposal/proposal.ts'

export type Row = {
  id: string
  change: unknown
  proposer: string
  through: string | null
  proposed_at: Date
  reason: string
  state: 'waiting' | Decision['is']
  decided_by: string | null
  decided_at: Date | null
  decision_reason: string | null
  evidence: unknown
}

export const columns = sql`proposal.id, change, proposer, through, proposed_at, reason, proposal.state, decided_by, decided_at, decision_reason, evidence`
const through = z.union([z.literal('command line'), clientId])

export function toProposal(row: Row): Proposal {
  return {
    id: proposalId.parse(row.id),
    change: change.parse(row.change),
    proposer: accountId.parse(row.proposer),
    ...(row.through !== null && { through: through.parse(row.through) }),
    proposedAt: row.proposed_at,
    reason: row.reason,
    decision: decisionOf(row),
  }
}

function decisionOf({ state, decided_by: by, decided_at: at, decision_reason: reason, evidence }: Row): Decision | undefined {
  if (state === 'waiting' || by === null || at === null) return undefined
  const who = { by: accountId.parse(by), at }
  if (state === 'approved') return { is: state, ...who, evidence: approvalEvidence.parse(evidence) }
  return { is: state, ...who, reason: reason ?? '' }
}
