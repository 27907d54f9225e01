import { sql, type RawBuilder } from 'kysely'
import { z } from 'zod'
import { accountId, clientId, proposalId } from '#kernel/id.ts'
import { change, subjectOf } from '#domain/proposal/change.ts'
import { approvalEvidence, type Decision, type Proposal } from '#domain/proposal/proposal.ts'
import type { KeptApproval } from '#domain/proposal/store.ts'

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

type Found = Row & { found: true; act: string; subject: string; digest: string }
export type KeptRow = (Found | { found: false }) & { whose: string; recorded_at: Date | null; recorded_by: string | null; recorded_digest: string | null }

/** Of every column, whatever the time zone of the connection. */
export const rowDigest = sql`encode(sha256(convert_to(jsonb_build_array(act, subject, change, proposer, through, extract(epoch from proposed_at), reason, proposal.state,
  decided_by, extract(epoch from decided_at), decision_reason, evidence)::text, 'UTF8')), 'hex')`

/** Approvals that a row or the log of record knows of; of an approval that was recorded twice the first counts. `whose` limits which. */
export function keptStatement(whose: (id: RawBuilder<unknown>) => RawBuilder<unknown>, most: number): RawBuilder<KeptRow> {
  const id = sql`coalesce(proposal.id::text, recorded.proposal)`
  return sql<KeptRow>`
    with recorded as (
      select distinct on (data->>'proposal') data->>'proposal' as proposal, at, actor, data->>'digest' as digest
      from audit_event where type = 'proposal.approved' order by data->>'proposal', audit_event.id)
    select ${id} as whose, proposal.id is not null as found, ${columns}, act, subject, ${rowDigest} as digest,
      recorded.at as recorded_at, recorded.actor as recorded_by, recorded.digest as recorded_digest
    from proposal full join recorded on recorded.proposal = proposal.id::text
    where ${whose(id)} order by ${id} limit ${most}`
}

/** Whatever became of the row: what cannot be read is no reason not to look at the others. */
export function toKept(row: KeptRow): KeptApproval {
  const { whose, recorded_at: at, recorded_by: by, recorded_digest: digest } = row
  return {
    id: proposalId.parse(whose),
    ...(row.found && { row: row.digest, proposal: readable(row) }),
    ...(at !== null && { recorded: { at, by: accountId.safeParse(by).data, ...(digest !== null && { digest }) } }),
  }
}

/** A row that says the same in all its columns, and is a proposal. */
function readable(row: Found): Proposal | undefined {
  try {
    const proposal = toProposal(row)
    const isWhole = proposal.change.act === row.act && subjectOf(proposal.change) === row.subject && (row.state === 'waiting') === (proposal.decision === undefined)
    return isWhole && (row.state !== 'approved' || row.decision_reason === null) ? proposal : undefined
  } catch (error) {
    if (error instanceof z.ZodError) return undefined
    throw error
  }
}
