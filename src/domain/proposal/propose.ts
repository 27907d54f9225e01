import { newId, proposalId, sector, type ProposalId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { Client, ClientState } from '#domain/client/client.ts'
import type { ReadEntry } from '#domain/client/entry.ts'
import type { ClientStore } from '#domain/client/store.ts'
import { agencyFault } from './agency.ts'
import { gainersOf, subjectOf, takes, type Act, type Change } from './change.ts'
import { mustMay, throughOf, type Officer } from '#domain/officer/officer.ts'
import type { Owned } from '#domain/officer/permission.ts'
import type { Proposal } from './proposal.ts'
import type { ProposalRules } from './rules.ts'
import { secretOf } from './secret.ts'
import type { ProposalStore } from './store.ts'

type Tools = Parameters<typeof mustMay>[0] & { proposals: Pick<ProposalStore, 'add'>; clientStore: Pick<ClientStore, 'find'>; readEntry: ReadEntry; proposalRules: ProposalRules }

/** `id` is a name that was chosen before, for what is tried again. */
type Wish = { change: Change; reason: string; id?: ProposalId | undefined }

/**
 * Puts a change before a second person. What it is about has to be within the proposer's reach as it is now and as it would be.
 * Answers what is wrong with the wish itself, to be said beside its field. Throws `officer.not-allowed`, `proposal.own` for one's own role,
 * `proposal.stale` for a client that is in no state for it, `proposal.too-many`.
 */
export async function propose(tools: Tools, officer: Officer, { change, reason, id }: Wish): Promise<{ proposal: Proposal } | { fault: string }> {
  for (const owned of await ownersOf(tools, change)) await mustMay(tools, officer, takes[change.act].proposer, owned)
  const fault = await faultOf(tools, officer, change)
  if (fault !== undefined) return { fault }
  if (gainersOf(change).includes(officer.account)) {
    await tools.audit.append({ type: 'officer.refused', by: officer.account, permission: takes[change.act].proposer, reason: 'own-proposal', ...throughOf(officer) })
    throw new Problem('proposal.own')
  }
  const at = tools.clock.now()
  const proposal = { id: id ?? proposalId.parse(newId(at.getTime())), change, proposer: officer.account, ...throughOf(officer), proposedAt: at, reason }
  await tools.proposals.add(proposal, { type: 'proposal.made', proposal: proposal.id, act: change.act, subject: subjectOf(change), by: officer.account, ...throughOf(officer) })
  return { proposal }
}

/** Whom a change concerns: the owners before and after, whatever else may be wrong with it. */
export async function ownersOf({ clientStore }: Pick<Tools, 'clientStore'>, change: Change): Promise<readonly Owned[]> {
  if (!('client' in change)) return [{}]
  const live = await clientStore.find(change.client)
  const wanted = 'entry' in change ? sector.safeParse(change.entry['sector']).data : undefined
  const sectors = [live?.own.sector, wanted].filter((one) => one !== undefined)
  return sectors.length === 0 ? [{}] : sectors.map((one) => ({ sector: one }))
}

/** In which states a client is for an act. */
const statesFor = {
  'client.register': [],
  'client.change': ['live', 'suspended'],
  'client.secret': ['live', 'suspended'],
  'client.resume': ['suspended'],
  'client.end': ['live', 'suspended'],
} as const satisfies Record<Extract<Act, `client.${string}`>, readonly ClientState[]>

/** Whether something may be proposed about a client as it stands. */
export function isFor(act: keyof typeof statesFor, state: ClientState = 'live'): boolean {
  const states: readonly ClientState[] = statesFor[act]
  return states.includes(state)
}

async function faultOf({ clientStore, readEntry, clock, proposalRules }: Tools, { account }: Officer, change: Change): Promise<string | undefined> {
  if (!('client' in change)) return undefined
  const live = await clientStore.find(change.client)
  if (change.act === 'client.register' && live !== undefined) return `client_id: ${change.client} is registered already`
  if (change.act !== 'client.register' && live === undefined) throw new Problem('request.not-found')
  if (live !== undefined && !isFor(change.act, live.state)) throw new Problem('proposal.stale')
  if (change.act === 'client.secret') return secretFault(live, change.keeps_days, proposalRules)
  if (!('entry' in change)) return undefined
  if ('client_secret' in change.entry) return 'client_secret: a proposal holds no secret; one is issued at /quan-tri once the client is there'
  const read = await readEntry(change.entry)
  if ('fault' in read) return read.fault
  if (read.client.id !== change.client) return `client_id: is ${read.client.id}, and the proposal is about ${change.client}`
  return agencyFault(read.client.own.acts_for, account, clock.now())
}

function secretFault(live: Client | undefined, keepsDays: number, { secretOverlapDays: most }: ProposalRules): string | undefined {
  if (live === undefined || secretOf(live) !== 'there') return 'client: has no secret that could be replaced'
  return keepsDays > most ? `keeps_days: is ${most} at most` : undefined
}
