import { createHash } from 'node:crypto'
import { z } from 'zod'
import { canonical } from '#kernel/canonical.ts'
import { passkeyId, type AccountId, type ProposalId } from '#kernel/id.ts'
import type { Through } from '#domain/audit/officer.ts'
import type { Change } from './change.ts'

/**
 * Two people, of whom the second has signed just what the first proposed. `waiting` → `approved` takes effect in the same moment;
 * `returned` by the second, `withdrawn` by the first, each with a reason. A decision is final.
 */
export type Proposal = {
  id: ProposalId
  change: Change
  proposer: AccountId
  /** By which program or door it came, other than the console. */
  through?: Through | undefined
  proposedAt: Date
  /** Why, in the proposer's words. */
  reason: string
  decision?: Decision | undefined
}

export type Decision =
  | { is: 'approved'; by: AccountId; at: Date; evidence: ApprovalEvidence }
  | { is: 'returned'; by: AccountId; at: Date; reason: string }
  | { is: 'withdrawn'; by: AccountId; at: Date; /** Empty in those of before a reason was asked for. */ reason: string }

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/)

/** Everything that shows years later, without asking us, that this key signed this change (WebAuthn L3 §7.2). */
export const approvalEvidence = z.strictObject({
  passkey: passkeyId,
  /** COSE_Key as registered. */
  publicKey: base64url,
  hardwareBound: z.boolean(),
  rpId: z.string(),
  origin: z.string(),
  clientDataJSON: base64url,
  authenticatorData: base64url,
  signature: base64url,
})
export type ApprovalEvidence = z.infer<typeof approvalEvidence>

/** Everything that an approval adds to its proposal, as a hash that the log of record keeps: the signature does not speak of it all. */
export function digestOf({ by, at, evidence }: Pick<Extract<Decision, { is: 'approved' }>, 'by' | 'at' | 'evidence'>): string {
  return createHash('sha256').update(canonical({ type: 'urn:vn:eid:decision:1', by, at: at.toISOString(), evidence })).digest('base64url')
}

/**
 * The challenge that the second person's passkey signs: a hash of the proposal as it stands. It is bound to its id, so it says yes to
 * nothing else; and a proposal is decided once, so that it says yes once. Whoever changes the proposal afterwards breaks the signature.
 */
export function challengeOf({ id, change, proposer, through, proposedAt, reason }: Proposal): string {
  const signed = { type: 'urn:vn:eid:approval:1', id, change, proposer, ...(through !== undefined && { through }), proposed_at: proposedAt.toISOString(), reason }
  return createHash('sha256').update(canonical(signed)).digest('base64url')
}
