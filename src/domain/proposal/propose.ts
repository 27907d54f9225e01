import { newId, proposalId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { ReadEntry } from '#domain/client/entry.ts'
import type { ClientStore } from '#domain/client/store.ts'
import { subjectOf, takes, type Change } from './change.ts'
import { mustMay, type Officer } from '#domain/officer/officer.ts'
import type { Owned } from '#domain/officer/permission.ts'
import type { Proposal } from './proposal.ts'
import type { ProposalStore } from './store.ts'

type Tools = Parameters<typeof mustMay>[0] & { proposals: Pick<ProposalStore, 'add'>; clientStore: Pick<ClientStore, 'find'>; readEntry: ReadEntry }

/**
 * Puts a change before a second person. What it is about has to be within the proposer's reach as it is now and as it would be.
 * Answers what is wrong with the wish itself, to be said beside its field. Throws `officer.not-allowed`, `proposal.own` for one's own role.
 */
export async function propose(tools: Tools, officer: Officer, { change, reason }: { change: Change; reason: string }): Promise<{ proposal: Proposal } | { fault: string }> {
  const read = await readChange(tools, change)
  if ('fault' in read) return read
  for (const owned of read.owned) await mustMay(tools, officer, takes[change.act].proposer, owned)
  if (change.act === 'role.grant' && change.role.account === officer.account) {
    await tools.audit.append({ type: 'officer.refused', by: officer.account, permission: takes[change.act].proposer, reason: 'own-proposal' })
    throw new Problem('proposal.own')
  }
  const at = tools.clock.now()
  const proposal = { id: proposalId.parse(newId(at.getTime())), change, proposer: officer.account, proposedAt: at, reason }
  await tools.proposals.add(proposal, { type: 'proposal.made', proposal: proposal.id, act: change.act, subject: subjectOf(change), by: officer.account })
  return { proposal }
}

type Reader = Pick<Tools, 'clientStore' | 'readEntry'>

/** Whom a change concerns: the owners before and after. */
export async function ownersOf(tools: Reader, change: Change): Promise<readonly Owned[]> {
  const read = await readChange(tools, change)
  return 'owned' in read ? read.owned : [{}]
}

async function readChange({ clientStore, readEntry }: Reader, change: Change): Promise<{ owned: readonly Owned[] } | { fault: string }> {
  if (change.act === 'role.grant') return { owned: [{}] }
  const live = await clientStore.find(change.client)
  if (change.act === 'client.register' && live !== undefined) return { fault: `client_id: ${change.client} is registered already` }
  if (change.act !== 'client.register' && live === undefined) throw new Problem('request.not-found')
  const now = live === undefined ? [] : [{ sector: live.own.sector }]
  if (!('entry' in change)) return { owned: now }
  const read = await readEntry(change.entry)
  if ('fault' in read) return read
  if (read.client.id !== change.client) return { fault: `client_id: is ${read.client.id}, and the proposal is about ${change.client}` }
  return { owned: [...now, { sector: read.client.own.sector }] }
}
