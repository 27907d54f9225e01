import type { Clock } from '#kernel/clock.ts'
import type { Alteration } from '#domain/audit/officer.ts'
import type { ToldOnce } from '#domain/audit/told-once.ts'
import type { PasskeyStore, RelyingParty } from '#domain/passkey/passkey.ts'
import type { ProposalStore } from './store.ts'
import { keptFault, signerOf, type ApprovalFault } from './verify.ts'

const atOnce = 200

type Tools = { proposals: Pick<ProposalStore, 'approved'>; passkeys: Pick<PasskeyStore, 'find'>; toldOnce: ToldOnce; clock: Clock; rp: Pick<RelyingParty, 'id' | 'origin'> }

/**
 * Checks every approval that there is, or was, against what its second person has signed and what the log of record says. One that no longer holds was
 * changed behind everybody's back, with the rights of the database: it goes into the log of record, once, and is an alarm (A01, A04). Answers how many.
 */
export async function tellAltered({ proposals, passkeys, toldOnce, clock, rp }: Tools): Promise<number> {
  let told = 0
  for (let page = await proposals.approved({ most: atOnce }); page.length > 0; page = await proposals.approved({ after: page.at(-1)?.id, most: atOnce })) {
    for (const kept of page) {
      const fault = await keptFault(kept, { rp, passkey: await signerOf({ passkeys }, kept) })
      if (isAlteration(fault) && (await toldOnce.tell(`approval ${kept.id}`, { type: 'proposal.altered', proposal: kept.id, reason: fault, by: 'clock' }, clock.now()))) told += 1
    }
  }
  return told
}

/** What somebody has done to it since; that the system has moved, or that it was never approved, is nobody's doing. */
function isAlteration(fault: ApprovalFault | undefined): fault is Alteration {
  return fault !== undefined && fault !== 'foreign-origin' && fault !== 'not-approved'
}
