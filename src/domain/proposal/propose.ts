import { newId, proposalId, type AccountId, type ProposalId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { ReadEntry } from '#domain/client/entry.ts'
import type { ClientStore } from '#domain/client/store.ts'
import { subjectOf, takes, type Change } from './change.ts'
import { mustMay, type Officer } from '#domain/officer/officer.ts'
import type { Owned } from '#domain/officer/permission.ts'
import type { Proposal } from './proposal.ts'
import type { ProposalStore } from './store.ts'

type Tools = Parameters<typeof mustMay>[0] & { proposals: Pick<ProposalStore, 'add'>; clientStore: Pick<ClientStore, 'find'>; readEntry: ReadEntry }

/** `id` is a name that was chosen before, for what is tried again. */
type Wish = { change: Change; reason: string; id?: ProposalId | undefined }

/**
 * Puts a change before a second person. What it is about has to be within the proposer's reach as it is now and as it would be.
 * Answers what is wrong with the wish itself, to be said beside its field. Throws `officer.not-allowed`, `proposal.own` for one's own role.
 */
export async function propose(tools: Tools, officer: Officer, { change, reason, id }: Wish): Promise<{ proposal: Proposal } | { fault: string }> {
  const read = await readChange(tools, change)
  if ('fault' in read) return read
  if (read.actsFor !== undefined && read.actsFor !== officer.account) return { fault: 'acts_for: is the officer who proposes it; nobody lends out the roles of another' }
  for (const owned of read.owned) await mustMay(tools, officer, takes[change.act].proposer, owned)
  if (change.act === 'role.grant' && change.role.account === officer.account) {
    await tools.audit.append({ type: 'officer.refused', by: officer.account, permission: takes[change.act].proposer, reason: 'own-proposal', ...throughOf(officer) })
    throw new Problem('proposal.own')
  }
  const at = tools.clock.now()
  const proposal = { id: id ?? proposalId.parse(newId(at.getTime())), change, proposer: officer.account, proposedAt: at, reason }
  await tools.proposals.add(proposal, { type: 'proposal.made', proposal: proposal.id, act: change.act, subject: subjectOf(change), by: officer.account, ...throughOf(officer) })
  return { proposal }
}

function throughOf({ through }: Officer) {
  return through === undefined ? {} : { through }
}

type Reader = Pick<Tools, 'clientStore' | 'readEntry'>

/** Whom a change concerns: the owners before and after. */
export async function ownersOf(tools: Reader, change: Change): Promise<readonly Owned[]> {
  const read = await readChange(tools, change)
  return 'owned' in read ? read.owned : [{}]
}

type Read = { owned: readonly Owned[]; /** Whom a program is to act for from now on. */ actsFor?: AccountId | undefined }

async function readChange({ clientStore, readEntry }: Reader, change: Change): Promise<Read | { fault: string }> {
  if (!('client' in change)) return { owned: [{}] }
  const live = await clientStore.find(change.client)
  if (change.act === 'client.register' && live !== undefined) return { fault: `client_id: ${change.client} is registered already` }
  if (change.act !== 'client.register' && live === undefined) throw new Problem('request.not-found')
  const now = live === undefined ? [] : [{ sector: live.own.sector }]
  if (!('entry' in change)) return { owned: now }
  const read = await readEntry(change.entry)
  if ('fault' in read) return read
  if (read.client.id !== change.client) return { fault: `client_id: is ${read.client.id}, and the proposal is about ${change.client}` }
  const actsFor = read.client.own.acts_for
  return { owned: [...now, { sector: read.client.own.sector }], ...(actsFor !== live?.own.acts_for && { actsFor }) }
}
