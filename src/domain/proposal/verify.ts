import { verifyAuthenticationResponse } from '@simplewebauthn/server'
import type { Passkey, RelyingParty } from '#domain/passkey/passkey.ts'
import { challengeOf, type Proposal } from './proposal.ts'

export type ApprovalFault =
  | 'not-approved' | 'same-person' | 'foreign-key' | 'foreign-origin' | 'wrong-signature'

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
