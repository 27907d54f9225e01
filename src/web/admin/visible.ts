import type { Clock } from '#kernel/clock.ts'
import type { Officer } from '#domain/officer/officer.ts'
import { may, type Permission } from '#domain/officer/permission.ts'
import type { Proposal } from '#domain/proposal/proposal.ts'
import { ownersOf } from '#domain/proposal/propose.ts'

export type VisibleTools = Parameters<typeof ownersOf>[0] & { clock: Clock }

/** Who reads a proposal: whoever reads what it is about. */
export function readerOf({ change }: Proposal): Permission {
  if ('client' in change) return 'client.read'
  if (change.act === 'break-glass.seal') return 'break-glass.read'
  if (change.act === 'doubt.end') return 'doubt.read'
  return change.act === 'role.grant' || change.act === 'role.many' ? 'role.read' : 'key.read'
}

/** Those of them that these roles may read; one's own always. */
export async function visibleTo(tools: VisibleTools, officer: Officer, all: readonly Proposal[]): Promise<readonly Proposal[]> {
  const now = tools.clock.now()
  const seen = await Promise.all(all.map(async (proposal) => {
    if (proposal.proposer === officer.account) return true
    const owners = await ownersOf(tools, proposal.change)
    return owners.every((owned) => may(officer.roles, readerOf(proposal), owned, now))
  }))
  return all.filter((_proposal, at) => seen[at])
}
