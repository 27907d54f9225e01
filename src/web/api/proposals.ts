import { z } from 'zod'
import { proposalId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { change } from '#domain/proposal/change.ts'
import { withdraw } from '#domain/proposal/decide.ts'
import { approvalEvidence, type Proposal } from '#domain/proposal/proposal.ts'
import { isOfClients, seesProposal } from '#domain/proposal/program.ts'
import { propose } from '#domain/proposal/propose.ts'
import type { ProposalStore } from '#domain/proposal/store.ts'
import { visibleTo, type VisibleTools } from '#web/admin/visible.ts'
import { endpoint, type Caller } from './endpoint.ts'
import { listOf } from './page-of.ts'

type Tools = VisibleTools & Parameters<typeof propose>[0] & Parameters<typeof withdraw>[0] & { proposals: ProposalStore }

const decision = z.strictObject({
  is: z.enum(['approved', 'returned', 'withdrawn']),
  by: z.string(),
  at: z.iso.datetime(),
  reason: z.string().optional(),
  /** The signature over the change, to be checked without us (docs/administration.md). */
  evidence: approvalEvidence.optional(),
})
const shown = z.strictObject({
  id: z.string(),
  change,
  proposer: z.string(),
  /** The program that proposed it for them. */
  through: z.string().optional(),
  proposed_at: z.iso.datetime(),
  reason: z.string(),
  state: z.enum(['waiting', 'approved', 'returned', 'withdrawn']),
  decision: decision.optional(),
})

const nothing = z.strictObject({})
const named = z.strictObject({ proposal: proposalId })
const mostDecided = 200

export const listProposals = endpoint({
  endpoint: 'GET /proposals',
  summary: 'Proposals that wait, oldest first, or the latest decided ones, newest first',
  scope: 'proposals.read',
  on: 'list',
  path: nothing,
  query: z.strictObject({ state: z.enum(['waiting', 'decided']).default('waiting') }),
  body: nothing,
  answer: { name: 'Proposals', schema: listOf(shown) },
  async act(tools: Tools, caller, { query }) {
    const all = query.state === 'waiting' ? await tools.proposals.waiting() : await tools.proposals.decided(mostDecided)
    return { items: (await seenBy(tools, caller, all)).map(toShown) }
  },
})

export const readProposal = endpoint({
  endpoint: 'GET /proposals/{proposal}',
  summary: 'One proposal, with the signature that approved it',
  scope: 'proposals.read',
  on: 'list',
  path: named,
  query: nothing,
  body: nothing,
  answer: { name: 'Proposal', schema: shown },
  act: async (tools: Tools, caller, { path }) => toShown(await visible(tools, caller, path.proposal)),
})

/** What takes two people is proposed here and decided at the console, by somebody else, with a key. */
export const makeProposal = endpoint({
  endpoint: 'POST /proposals',
  summary: 'Propose a change of a client',
  scope: 'clients.propose',
  on: 'list',
  path: nothing,
  query: nothing,
  body: z.strictObject({ change, reason: z.string().trim().min(1).max(500) }),
  answer: { name: 'Proposal', schema: shown },
  async act(tools: Tools, caller, { body, id }) {
    // Roles and keys of the server are for people to think about; and a program that could make another would outlive its own end.
    const { change: what } = body
    if (!isOfClients(what.act) || ('entry' in what && 'acts_for' in what.entry)) throw new Problem('officer.not-allowed')
    const name = proposalId.parse(id)
    const before = await tools.proposals.find(name)
    if (before !== undefined) return toShown(before)
    const made = await propose(tools, caller, { change: body.change, reason: body.reason, id: name })
    if ('fault' in made) throw new Problem('proposal.faulty', { detail: { fault: made.fault } })
    return toShown(made.proposal)
  },
})

export const withdrawProposal = endpoint({
  endpoint: 'POST /proposals/{proposal}/withdraw',
  summary: 'Take back a proposal of one’s own',
  scope: 'clients.propose',
  on: 'list',
  path: named,
  query: nothing,
  body: z.strictObject({ reason: z.string().trim().min(1).max(500) }),
  answer: { name: 'Proposal', schema: shown },
  async act(tools: Tools, caller, { path, body }) {
    const proposal = await visible(tools, caller, path.proposal)
    // To the program it is not there: a role is proposed at the console, and taken back there.
    if (!isOfClients(proposal.change.act)) throw new Problem('request.not-found')
    if (proposal.decision?.is !== 'withdrawn') await withdraw(tools, caller, proposal, body.reason)
    return toShown(await visible(tools, caller, path.proposal))
  },
})

/** What its officer may read, as far as the program's own scopes go. */
function seenBy(tools: Tools, caller: Caller, all: readonly Proposal[]): Promise<readonly Proposal[]> {
  return visibleTo(tools, caller, all.filter(({ change: { act } }) => seesProposal(caller.scopes, act)))
}

async function visible(tools: Tools, caller: Caller, id: Proposal['id']): Promise<Proposal> {
  const proposal = await tools.proposals.find(id)
  const [seen] = proposal === undefined ? [] : await seenBy(tools, caller, [proposal])
  if (seen === undefined) throw new Problem('request.not-found')
  return seen
}

function toShown({ id, change: what, proposer, through, proposedAt, reason, decision: decided }: Proposal): z.input<typeof shown> {
  return {
    id,
    change: what,
    proposer,
    ...(through !== undefined && { through }),
    proposed_at: proposedAt.toISOString(),
    reason,
    state: decided?.is ?? 'waiting',
    ...(decided && {
      decision: {
        is: decided.is,
        by: decided.by,
        at: decided.at.toISOString(),
        ...(decided.is !== 'approved' && decided.reason !== '' && { reason: decided.reason }),
        ...(decided.is === 'approved' && { evidence: decided.evidence }),
      },
    }),
  }
}
