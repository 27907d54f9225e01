import { secretToken } from '#kernel/random.ts'
import type { Clock } from '#kernel/clock.ts'
import type { ProposalId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { Client } from '#domain/client/client.ts'
import { needsSecret } from '#domain/client/profile.ts'
import type { ClientStore } from '#domain/client/store.ts'
import type { Officer } from '#domain/officer/officer.ts'
import { roleFor, type Permission } from '#domain/officer/permission.ts'
import type { Change } from './change.ts'
import type { Proposal } from './proposal.ts'
import type { ProposalRules } from './rules.ts'
import type { ProposalStore } from './store.ts'

type Tools = { clock: Clock; clientStore: Pick<ClientStore, 'issueSecret' | 'secretsIssued' | 'endFormerSecret'>; proposals: Pick<ProposalStore, 'about'>; proposalRules: ProposalRules; /** Whether its approval was signed. */ isApproved: (id: ProposalId) => Promise<boolean> }

const days = (count: number): number => count * 86_400_000

/** Where a client stands with the secret by which it proves itself. */
export function secretOf({ own, registered }: Client): 'none' | 'missing' | 'there' {
  if (!needsSecret(own.profile, registered)) return 'none'
  return registered.client_secret === undefined ? 'missing' : 'there'
}

/** What is proposed in place of the secret that a client has (A01). */
export function replacement({ id }: Client, { secretOverlapDays }: ProposalRules): Change {
  return { act: 'client.secret', client: id, keeps_days: secretOverlapDays }
}

/** The first secret of a client, by one person: it opens nothing that two people have not agreed to. Throws `proposal.stale` where it has one. */
export async function issueFirstSecret(tools: Tools, officer: Officer, client: Client, reason: string): Promise<string> {
  if (secretOf(client) !== 'missing') throw new Problem('proposal.stale')
  return issued(tools, officer, client, { reason })
}

/** The approved replacement that waits for this officer, who has proposed it. Whoever does not come for it in time proposes it again. */
export async function toCollect({ clock, clientStore, proposals, proposalRules, isApproved }: Omit<Tools, 'clientStore'> & { clientStore: Pick<ClientStore, 'secretsIssued'> }, { account }: Officer, { id }: Client): Promise<Proposal | undefined> {
  const since = new Date(clock.now().getTime() - days(proposalRules.secretCollectDays))
  const fits = ({ change, proposer, decision }: Proposal) => change.act === 'client.secret' && proposer === account && decision?.is === 'approved' && decision.at >= since
  const approved = (await proposals.about(id)).filter(fits)
  const used: ReadonlySet<ProposalId> = new Set(approved.length === 0 ? [] : await clientStore.secretsIssued(id))
  for (const one of approved) if (!used.has(one.id) && (await isApproved(one.id))) return one
  return undefined
}

/** Makes the secret that two people agreed to, once; only now is there one, so that nobody has seen it before. Throws `request.not-found`. */
export async function collectSecret(tools: Tools, officer: Officer, client: Client, reason: string): Promise<string> {
  const proposal = await toCollect(tools, officer, client)
  if (proposal?.change.act !== 'client.secret') throw new Problem('request.not-found')
  const former = new Date(tools.clock.now().getTime() + days(proposal.change.keeps_days))
  return issued(tools, officer, client, { reason, approved: { proposal: proposal.id, formerUntil: former } })
}

type Issue = { reason: string; approved?: { proposal: ProposalId; formerUntil: Date } }

async function issued({ clock, clientStore }: Tools, officer: Officer, { id, own: { sector } }: Client, { reason, approved }: Issue): Promise<string> {
  const [secret, at] = [secretToken(), clock.now()]
  const by = { role: roleFor(officer.roles, needed, { sector }, at), ...(approved && { proposal: approved.proposal }) }
  const event = { type: 'client.secret-issued', client: id, by: officer.account, reason, ...(approved && { proposal: approved.proposal }) } as const
  if (!(await clientStore.issueSecret(id, { secret, by, at, event, ...(approved && { approved }) }))) throw new Problem('proposal.over')
  return secret
}

const needed: Permission = 'client.propose'

/** The replaced secret stops at once: what does harm does not wait for a second person. Throws `proposal.stale` where there is none. */
export async function endFormerSecret({ clock, clientStore }: Pick<Tools, 'clock' | 'clientStore'>, officer: Officer, { id, own: { sector } }: Client, reason: string): Promise<void> {
  const at = clock.now()
  const by = { role: roleFor(officer.roles, needed, { sector }, at) }
  if (!(await clientStore.endFormerSecret(id, { by, at, event: { type: 'client.secret-withdrawn', client: id, by: officer.account, reason } }))) throw new Problem('proposal.stale')
}
