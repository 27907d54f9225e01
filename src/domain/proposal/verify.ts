import { verifyAuthenticationResponse } from '@simplewebauthn/server'
import type { ProposalId } from '#kernel/id.ts'
import type { Alteration } from '#domain/audit/officer.ts'
import { may, type Permission } from '#domain/officer/permission.ts'
import type { GivenRole, RoleGrant } from '#domain/officer/role.ts'
import type { OfficerStore } from '#domain/officer/store.ts'
import type { Passkey, PasskeyStore, RelyingParty } from '#domain/passkey/passkey.ts'
import { takes } from './change.ts'
import { challengeOf, digestOf, type Decision, type Proposal } from './proposal.ts'
import type { KeptApproval, ProposalStore } from './store.ts'

/** An origin that is another only shows that the system moved. */
export type ApprovalFault = Alteration | 'not-approved' | 'foreign-origin'

type Known = { rp: Pick<RelyingParty, 'id' | 'origin'>; /** The key of that name as it is on record, removed or not. */ passkey: Passkey | undefined }

/**
 * Whether the second person's key has signed this very change, from what is stored alone: what was proposed is hashed again, and the
 * signature checked against the key that is on record for that person (WebAuthn L3 §7.2). Answers the fault, or nothing.
 */
export async function approvalFault(proposal: Proposal, { rp, passkey }: Known): Promise<ApprovalFault | undefined> {
  const { decision, proposer } = proposal
  if (decision?.is !== 'approved') return 'not-approved'
  if (decision.by === proposer) return 'same-person'
  const { evidence } = decision
  const publicKey = Buffer.from(evidence.publicKey, 'base64url')
  if (passkey?.id !== evidence.passkey || passkey.account !== decision.by || !publicKey.equals(passkey.publicKey)) return 'foreign-key'
  const { clientDataJSON, authenticatorData, signature } = evidence
  const verified = await verifyAuthenticationResponse({
    response: { id: passkey.id, rawId: passkey.id, type: 'public-key', clientExtensionResults: {}, response: { clientDataJSON, authenticatorData, signature } },
    expectedChallenge: challengeOf(proposal),
    // Both are signed: what was altered in the evidence fails here, and what is left is another system.
    expectedOrigin: evidence.origin,
    expectedRPID: evidence.rpId,
    requireUserVerification: true,
    credential: { id: passkey.id, publicKey: passkey.publicKey, counter: 0 },
  }).then((result) => result.verified, () => false)
  if (!verified) return 'wrong-signature'
  return evidence.rpId !== rp.id || evidence.origin !== rp.origin ? 'foreign-origin' : undefined
}

/** The key that an approval names, as it is on record, and since when it decides as an officer's. */
export type Signer = { passkey: Passkey | undefined; namedAt: Date | undefined }

/**
 * What is wrong with an approval as it is kept. Beside the signature the log of record is asked, which nobody changes: a row that went, or that says of
 * its decision what nobody has decided, is altered too. And a key that was not named for its officer by then has signed for nobody (A02): whoever can
 * write keys into the table names none. Answers the fault, or nothing.
 */
async function keptFault({ row, proposal, recorded }: KeptApproval, known: Known & Signer): Promise<ApprovalFault | undefined> {
  if (row === undefined) return 'gone'
  if (proposal === undefined) return 'unreadable'
  if (proposal.decision?.is !== 'approved') return recorded === undefined ? 'not-approved' : 'gone'
  const fault = await approvalFault(proposal, known)
  if (fault !== undefined && fault !== 'foreign-origin') return fault
  if (!isAsRecorded(proposal.decision, recorded)) return 'unrecorded'
  return isNamedBy(known, proposal.decision.at) ? fault : 'unnamed-key'
}

function isNamedBy({ namedAt }: Pick<Signer, 'namedAt'>, at: Date): boolean {
  return namedAt !== undefined && namedAt <= at
}

function isAsRecorded(decision: Extract<Decision, { is: 'approved' }>, recorded: KeptApproval['recorded']): boolean {
  if (recorded?.by !== decision.by || recorded.at.getTime() !== decision.at.getTime()) return false
  return recorded.digest === undefined || recorded.digest === digestOf(decision)
}

export type VerdictTools = {
  proposals: Pick<ProposalStore, 'kept'>
  passkeys: Pick<PasskeyStore, 'find'>
  officers: Pick<OfficerStore, 'keyNamedAt' | 'givenTo'>
  rp: Known['rp']
}
export type Verdict = { fault: ApprovalFault | undefined; signer: Signer }

/** What was looked at on the way already, so that it is looked at once. */
export type Looked = Map<ProposalId, Promise<Verdict>>

/**
 * What is wrong with an approval, and with what it rests on: whoever signed had an office by which such things are decided, which was approved before, by
 * somebody of whom the same is true, and so on down to the first officers. Otherwise one role that nobody gave would give true ones (A01).
 */
export async function verdictOn(tools: VerdictTools, kept: KeptApproval, looked: Looked = new Map()): Promise<Verdict> {
  const signer = await signerOf(tools, kept)
  const fault = await keptFault(kept, { rp: tools.rp, ...signer })
  const isSound = kept.proposal === undefined || !holds(fault) || (await wasInOffice(tools, kept.proposal, looked))
  return { fault: isSound ? fault : 'not-in-office', signer }
}

/** Whether an approval counts: that the system has moved since is no fault of its own. */
export function holds(fault: ApprovalFault | undefined): boolean {
  return fault === undefined || fault === 'foreign-origin'
}

async function wasInOffice(tools: VerdictTools, { change, decision }: Proposal, looked: Looked): Promise<boolean> {
  if (decision === undefined) return false
  for (const given of await tools.officers.givenTo(decision.by)) {
    if (mightThen(given.grant, takes[change.act].approver, decision.at) && (await isGivenBefore(tools, given, { at: decision.at, looked }))) return true
  }
  return false
}

/** As it was at that moment, whenever it ended since. */
function mightThen({ endedAt, ...grant }: RoleGrant, permission: Permission, at: Date): boolean {
  return grant.since <= at && (endedAt === undefined || at < endedAt) && may([grant], permission, 'list', at)
}

/** Each rests on an earlier one: what is written in a ring rests on nothing. */
async function isGivenBefore(tools: VerdictTools, { by }: GivenRole, { at, looked }: { at: Date; looked: Looked }): Promise<boolean> {
  if (by === undefined) return true
  const kept = await tools.proposals.kept(by.proposal)
  const decision = kept?.proposal?.decision
  if (kept === undefined || decision === undefined || decision.at >= at) return false
  const verdict = looked.get(kept.id) ?? verdictOn(tools, kept, looked)
  looked.set(kept.id, verdict)
  return holds((await verdict).fault)
}

async function signerOf({ passkeys, officers }: Pick<VerdictTools, 'passkeys' | 'officers'>, { proposal }: KeptApproval): Promise<Signer> {
  if (proposal?.decision?.is !== 'approved') return { passkey: undefined, namedAt: undefined }
  const { passkey: id } = proposal.decision.evidence
  const [passkey, namedAt] = await Promise.all([passkeys.find(id), officers.keyNamedAt(id)])
  return { passkey, namedAt }
}
