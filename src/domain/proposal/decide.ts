import type { Clock } from '#kernel/clock.ts'
import { Problem, type ProblemCode } from '#kernel/problem.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import type { OfficerRefusal } from '#domain/audit/officer.ts'
import { signInOptions, prove, type SignInOptions } from '#domain/passkey/authentication.ts'
import type { Passkey, PasskeyStore, RelyingParty } from '#domain/passkey/passkey.ts'
import type { Assertion } from '#domain/passkey/response.ts'
import { barredFrom, subjectOf, takes } from './change.ts'
import { effectOf } from './effect.ts'
import { mustMay, throughOf, type Officer } from '#domain/officer/officer.ts'
import type { OfficerStore } from '#domain/officer/store.ts'
import { challengeOf, digestOf, type ApprovalEvidence, type Decision, type Proposal } from './proposal.ts'
import { ownersOf } from './propose.ts'
import type { ProposalStore } from './store.ts'

type Tools = Parameters<typeof mustMay>[0] & Parameters<typeof ownersOf>[0] & Parameters<typeof effectOf>[0] & {
  audit: AuditLog
  clock: Clock
  proposals: Pick<ProposalStore, 'decide'>
  passkeys: Pick<PasskeyStore, 'find' | 'advance' | 'ofAccount'>
  officers: Pick<OfficerStore, 'keyNamedAt'>
  rp: RelyingParty
  /** Whether only a key in attested hardware may sign. */
  attestedStaff: boolean
}

/** What the second person's browser is asked to sign: the hash of the change that stands on the page. */
export async function beginApproval(tools: Pick<Tools, 'passkeys' | 'officers' | 'rp' | 'attestedStaff'>, { account }: Officer, proposal: Proposal): Promise<SignInOptions> {
  const held = await tools.passkeys.ofAccount(account)
  const named = await Promise.all(held.map(async ({ id }) => (await tools.officers.keyNamedAt(id)) !== undefined))
  return signInOptions(tools.rp, challengeOf(proposal), held.filter(({ hardwareBound }, at) => named[at] === true && (hardwareBound || !tools.attestedStaff)))
}

/**
 * The second person's yes. It takes effect in the same moment, with the signature kept beside it. Throws what `prove` throws,
 * `officer.not-allowed`, `proposal.own`, `.over` and `.stale`.
 */
export async function approve(tools: Tools, officer: Officer, proposal: Proposal, answer: Assertion): Promise<void> {
  await mustDecide(tools, officer, proposal)
  const passkey = await signerOf(tools, officer, proposal, answer)
  const evidence: ApprovalEvidence = {
    passkey: passkey.id,
    publicKey: Buffer.from(passkey.publicKey).toString('base64url'),
    hardwareBound: passkey.hardwareBound,
    rpId: tools.rp.id,
    origin: tools.rp.origin,
    clientDataJSON: answer.response.clientDataJSON,
    authenticatorData: answer.response.authenticatorData,
    signature: answer.response.signature,
  }
  await settle(tools, officer, proposal, { is: 'approved', by: officer.account, at: tools.clock.now(), evidence })
}

/** Whoever answers with another's key, with a signature over something else or with one that has had its effect is on record as such (A01, A04). */
const refusals: Partial<Record<ProblemCode, OfficerRefusal>> = {
  'passkey.not-recognised': 'wrong-signature', 'passkey.not-verified': 'wrong-signature', 'passkey.counter-stale': 'replayed',
}

/** The answer that had its effect; or one of somebody who did not know that it was decided. */
function afterwards({ decision }: Proposal, { response: { signature } }: Assertion): OfficerRefusal {
  return decision?.is === 'approved' && decision.evidence.signature === signature ? 'replayed' : 'too-late'
}

/** The officer's own key, named when the role was given, which has signed just this. One that came later is as good as a stranger's (A02). */
async function signerOf(tools: Tools, officer: Officer, proposal: Proposal, answer: Assertion): Promise<Passkey> {
  try {
    if (proposal.decision !== undefined) throw new Problem('proposal.over')
    const { passkey } = await prove(tools, challengeOf(proposal), answer)
    const isNamed = (await tools.officers.keyNamedAt(passkey.id)) !== undefined
    if (passkey.account !== officer.account || !isNamed || (tools.attestedStaff && !passkey.hardwareBound)) throw new Problem('passkey.not-verified')
    return passkey
  } catch (error) {
    const reason = error instanceof Problem ? (error.code === 'proposal.over' ? afterwards(proposal, answer) : refusals[error.code]) : undefined
    if (reason !== undefined) await tools.audit.append({ type: 'officer.refused', by: officer.account, permission: takes[proposal.change.act].approver, reason, proposal: proposal.id })
    throw error
  }
}

/** The second person's no, with what to do better. */
export async function returnProposal(tools: Tools, officer: Officer, proposal: Proposal, reason: string): Promise<void> {
  await mustDecide(tools, officer, proposal)
  await settle(tools, officer, proposal, { is: 'returned', by: officer.account, at: tools.clock.now(), reason })
}

/** Taken back by who made it, with why. */
export async function withdraw(tools: Tools, officer: Officer, proposal: Proposal, reason: string): Promise<void> {
  if (proposal.proposer !== officer.account) throw new Problem('officer.not-allowed')
  await settle(tools, officer, proposal, { is: 'withdrawn', by: officer.account, at: tools.clock.now(), reason })
}

/** Whether this person is the second one: they may approve such things, made none of this, gain nothing by it, and have not read what it is about. */
async function mustDecide(tools: Tools, officer: Officer, { id, change, proposer }: Proposal): Promise<void> {
  const permission = takes[change.act].approver
  for (const owned of await ownersOf(tools, change)) await mustMay(tools, officer, permission, owned)
  const barred = barredFrom(change).includes(officer.account)
  if (proposer !== officer.account && !barred) return
  await tools.audit.append({ type: 'officer.refused', by: officer.account, permission, reason: 'own-proposal', proposal: id })
  throw new Problem('proposal.own')
}

async function settle(tools: Tools, officer: Officer, proposal: Proposal, decision: Decision): Promise<void> {
  const effect = decision.is === 'approved' ? await effectOf(tools, proposal, decision.at) : undefined
  const { id, change, proposer } = proposal
  const event = { type: `proposal.${decision.is}`, proposal: id, act: change.act, subject: subjectOf(change), proposer, by: decision.by, ...(decision.is === 'approved' && { digest: digestOf(decision) }), ...throughOf(officer) } as const
  const outcome = await tools.proposals.decide(proposal, { decision, effect, event })
  if (outcome !== 'done') throw new Problem(`proposal.${outcome}`)
}
