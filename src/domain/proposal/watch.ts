import { createHash } from 'node:crypto'
import { canonical } from '#kernel/canonical.ts'
import type { Clock } from '#kernel/clock.ts'
import type { ProposalId } from '#kernel/id.ts'
import type { Alteration } from '#domain/audit/officer.ts'
import type { ToldOnce } from '#domain/audit/told-once.ts'
import type { KeptApproval, ProposalStore } from './store.ts'
import { holds, verdictOn, type ApprovalFault, type Looked, type Signer, type VerdictTools } from './verify.ts'

const atOnce = 200

export type TellingTools = VerdictTools & { toldOnce: ToldOnce; clock: Clock }
type Tools = TellingTools & { proposals: Pick<ProposalStore, 'approved'> }

/**
 * Checks every approval that there is, or was, against what its second person has signed and what the log of record says. One that no longer holds was
 * changed behind everybody's back, with the rights of the database: it goes into the log of record, once for each state that it is brought into, and is
 * an alarm (A01, A04). One that cannot be looked at holds up no other. Answers how many were told.
 */
export async function tellAltered(tools: Tools): Promise<number> {
  const { proposals } = tools
  const counts = { told: 0, failed: new Array<unknown>() }
  const looked: Looked = new Map()
  for (let page = await proposals.approved({ most: atOnce }); page.length > 0; page = await proposals.approved({ after: page.at(-1)?.id, most: atOnce })) {
    for (const kept of page) {
      await tellIfAltered(tools, kept, looked).then(({ told }) => (counts.told += told ? 1 : 0), (error: unknown) => counts.failed.push(error))
    }
  }
  if (counts.failed.length > 0) throw new AggregateError(counts.failed, `${counts.failed.length} approvals could not be looked at`, { cause: counts.failed[0] })
  return counts.told
}

/** What is wrong with one approval, on record where it is told for the first time: whoever finds it, the clock or a request that rests on it. */
async function tellIfAltered({ toldOnce, clock, ...tools }: TellingTools, kept: KeptApproval, looked?: Looked): Promise<{ fault: ApprovalFault | undefined; told: boolean }> {
  const { fault, signer } = await verdictOn(tools, kept, looked)
  const about = `approval ${kept.id}`
  if (isAlteration(fault)) {
    const event = { type: 'proposal.altered', proposal: kept.id, reason: fault, by: 'clock' } as const
    return { fault, told: await toldOnce.tell({ about, state: stateOf(kept, fault, signer) }, event, clock.now()) }
  }
  await toldOnce.over(about, { type: 'proposal.restored', proposal: kept.id, by: 'clock' }, clock.now())
  return { fault, told: false }
}

/** Whether this is approved by a signature that holds, for whoever is about to rest on it (A01); where not, that is on record as the hourly look would have it. */
export async function isApproved(tools: TellingTools, id: ProposalId): Promise<boolean> {
  const kept = await tools.proposals.kept(id)
  return kept !== undefined && holds((await tellIfAltered(tools, kept)).fault)
}

/** What was altered into what: the row, or the key that it names. */
function stateOf({ row }: KeptApproval, fault: Alteration, { passkey }: Signer): string {
  const key = passkey && `${passkey.account} ${Buffer.from(passkey.publicKey).toString('base64url')}`
  return createHash('sha256').update(canonical({ row, fault, key })).digest('base64url')
}

/** What somebody has done to it since; that the system has moved, or that it was never approved, is nobody's doing. */
function isAlteration(fault: ApprovalFault | undefined): fault is Alteration {
  return fault !== undefined && fault !== 'foreign-origin' && fault !== 'not-approved'
}
