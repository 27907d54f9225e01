import { verifyAuthenticationResponse } from '@simplewebauthn/server'
import type { Alteration } from '#domain/audit/officer.ts'
import type { OfficerStore } from '#domain/officer/store.ts'
import type { Passkey, PasskeyStore, RelyingParty } from '#domain/passkey/passkey.ts'
import { challengeOf, digestOf, type Decision, type Proposal } from './proposal.ts'
import type { KeptApproval } from './store.ts'

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
export async function keptFault({ row, proposal, recorded }: KeptApproval, known: Known & Signer): Promise<ApprovalFault | undefined> {
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

type SignerTools = { passkeys: Pick<PasskeyStore, 'find'>; officers: Pick<OfficerStore, 'keyNamedAt'> }

export async function signerOf({ passkeys, officers }: SignerTools, { proposal }: KeptApproval): Promise<Signer> {
  if (proposal?.decision?.is !== 'approved') return { passkey: undefined, namedAt: undefined }
  const { passkey: id } = proposal.decision.evidence
  const [passkey, namedAt] = await Promise.all([passkeys.find(id), officers.keyNamedAt(id)])
  return { passkey, namedAt }
}
