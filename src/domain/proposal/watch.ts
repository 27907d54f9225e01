import type { Clock } from '#kernel/clock.ts'
import type { ToldOnce } from '#domain/audit/told-once.ts'
import type { PasskeyStore, RelyingParty } from '#domain/passkey/passkey.ts'
import type { ProposalStore } from './store.ts'
import { approvalFault, type ApprovalFault } from './verify.ts'

/** What shows that an approval, its evidence or its key was altered since; an origin that is another only shows that the system moved. */
const altered = ['same-person', 'foreign-key', 'wrong-signature'] as const satisfies readonly ApprovalFault[]

const atOnce = 200

type Tools = { proposals: Pick<ProposalStore, 'approved'>; passkeys: Pick<PasskeyStore, 'find'>; toldOnce: ToldOnce; clock: Clock; rp: Pick<RelyingParty, 'id' | 'origin'> }

/**
 * Checks every approval that there is against what its second person has signed. One that no longer holds was changed behind everybody's back,
 * with the rights of the database: it goes into the log of record, once, and is an alarm (A01, A04). Answers how many.
 */
export async function tellAltered({ proposals, passkeys, toldOnce, clock, rp }: Tools): Promise<number> {
  let told = 0
  for (let page = await proposals.approved({ most: atOnce }); page.length > 0; page = await proposals.approved({ after: page.at(-1)?.id, most: atOnce })) {
    for (const proposal of page) {
      const passkey = proposal.decision?.is === 'approved' ? await passkeys.find(proposal.decision.evidence.passkey) : undefined
      const fault = await approvalFault(proposal, { rp, passkey })
      const reason = altered.find((one) => one === fault)
      if (reason !== undefined && (await toldOnce.tell(`approval ${proposal.id}`, { type: 'proposal.altered', proposal: proposal.id, reason, by: 'clock' }, clock.now()))) told += 1
    }
  }
  return told
}
