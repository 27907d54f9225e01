import { z } from 'zod'
import { proposalId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { ownMetadata } from '#domain/client/client.ts'
import { entryOf, type ClientEntry } from '#domain/client/entry.ts'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import { mustBeOfAnother } from '#domain/connection/review.ts'
import { may } from '#domain/officer/permission.ts'
import { assertion, readResponse } from '#domain/passkey/response.ts'
import { acts, barredFrom, subjectOf, takes } from '#domain/proposal/change.ts'
import { approve, beginApproval, returnProposal, withdraw } from '#domain/proposal/decide.ts'
import { differences, keyDifferences, secretDifferences, type Difference } from '#domain/proposal/difference.ts'
import type { Proposal } from '#domain/proposal/proposal.ts'
import type { ConnectionStore } from '#domain/connection/store.ts'
import { proposalOrders, proposalStates, readerAs, type ProposalDirectory } from '#domain/proposal/search.ts'
import type { ProposalStore } from '#domain/proposal/store.ts'
import { ownersOf } from '#domain/proposal/propose.ts'
import { standingAt } from '#domain/signing-key/standing.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import { posted } from '#web/account/citizen.ts'
import { forBrowser } from '#web/interaction/options.ts'
import { noteOf } from '#web/interaction/sign-in.ts'
import { clientPlaces, consolePlaces, proposalPaths, proposalPlaces } from '#web/place/console.ts'
import type { Answer } from '#web/route.ts'
import { approvalsInFile, approvalsPage, reviewPage, type Proposed, type Review } from '#web/views/admin/approvals.ts'
import type { ListedDoubt } from '#web/views/admin/desk-chip.ts'
import type { ListedRole } from '#web/views/admin/many-roles.ts'
import { asFile, listed, oneOf, rowsPerPage, sliceOf, typed } from './listing.ts'
import { nameOf, namesOf, officerRoute, type OfficerTools, type Scene } from './officer.ts'
import { visibleTo, type VisibleTools } from './visible.ts'

type Tools = OfficerTools & VisibleTools & Parameters<typeof approve>[0] & {
  proposals: ProposalStore
  proposalDirectory: ProposalDirectory
  catalogue: Catalogue
  connections: Pick<ConnectionStore, 'behind'>
  accounts: Pick<AccountStore, 'find'>
  registry: Pick<RegistryStore, 'find'>
}

const atProposal = z.strictObject({ id: proposalId })
const postedAt = posted.extend({ id: proposalId })

const asked = z.strictObject({ tinhtrang: z.enum(proposalStates).default('waiting'), viec: oneOf(acts), doituong: typed(128), ...listed(proposalOrders, 'newest') })

/** What waits for a second person, or what was decided. */
export const showApprovals = officerRoute({
  route: `GET ${consolePlaces.approvals}`,
  may: 'console.open',
  on: 'list',
  asks: true,
  form: asked,
  act: async (tools: Tools & Parameters<typeof asFile>[0], { officer, view }, { dang, ...wish }) => {
    const { rows, all } = await tools.proposalDirectory.search({
      reader: readerAs(officer, view.at), state: wish.tinhtrang, act: wish.viec, subject: wish.doituong, order: wish.xep, ...sliceOf({ trang: wish.trang, dang }),
    })
    const nameOnce = namesOf(tools)
    const proposed = await Promise.all(rows.map((one) => inWords(tools, one, nameOnce)))
    if (dang === 'csv') return asFile(tools, officer, { table: 'proposals', by: 'console.open', name: 'de-xuat', ...approvalsInFile(view, proposed) })
    return { page: approvalsPage(view, { proposed, all, asked: wish, perPage: rowsPerPage }) }
  },
})

export const showProposal = officerRoute({
  route: `GET ${proposalPaths.start}`,
  may: 'console.open',
  on: 'list',
  form: atProposal,
  act: async (tools: Tools, scene, { id }) => showReview(tools, scene, await visible(tools, scene, id)),
})

/** The assertion is over the change itself, and of this moment. */
export const approveProposal = officerRoute({
  route: `POST ${proposalPaths.approve}`,
  may: 'console.open',
  on: 'list',
  signs: true,
  form: postedAt.extend({ assertion: z.string().max(32_768) }),
  act: async (tools: Tools, scene, { id, assertion: text }) => {
    const proposal = await visible(tools, scene, id)
    await mustBeOfAnother(tools, scene.officer, proposal)
    if (text === '') return showReview(tools, scene, proposal, { note: { is: 'failed' } })
    const answer = readResponse(assertion, text)
    if (answer === undefined) throw new Problem('request.malformed')
    try {
      await approve(tools, scene.officer, proposal, answer)
      return { redirect: proposalPlaces(id).start }
    } catch (error) {
      const note = error instanceof Problem ? noteOf(error) : undefined
      if (note === undefined) throw error
      return showReview(tools, scene, proposal, { note })
    }
  },
})

export const sendBack = officerRoute({
  route: `POST ${proposalPaths.return}`,
  may: 'console.open',
  on: 'list',
  form: postedAt.extend({ reason: z.string().trim().max(500).default('') }),
  act: async (tools: Tools, scene, { id, reason }) => {
    const proposal = await visible(tools, scene, id)
    await mustBeOfAnother(tools, scene.officer, proposal)
    if (reason === '') return { ...(await showReview(tools, scene, proposal, { reasonMissing: true })), status: 422 }
    await returnProposal(tools, scene.officer, proposal, reason)
    return { redirect: proposalPlaces(id).start }
  },
})

export const withdrawProposal = officerRoute({
  route: `POST ${proposalPaths.withdraw}`,
  may: 'console.open',
  on: 'list',
  form: postedAt.extend({ reason: z.string().trim().max(500).default('') }),
  act: async (tools: Tools, scene, { id, reason }) => {
    const proposal = await visible(tools, scene, id)
    if (reason === '' && proposal.proposer === scene.officer.account) return { ...(await showReview(tools, scene, proposal, { reasonMissing: true })), status: 422 }
    await withdraw(tools, scene.officer, proposal, reason)
    return { redirect: proposalPlaces(id).start }
  },
})

/** What these roles may not read is as good as none. */
async function visible(tools: Tools, { officer }: Scene, id: Proposal['id']): Promise<Proposal> {
  const proposal = await tools.proposals.find(id)
  const [seen] = proposal === undefined ? [] : await visibleTo(tools, officer, [proposal])
  if (seen === undefined) throw new Problem('request.not-found')
  return seen
}

async function showReview(tools: Tools, { officer, view }: Scene, proposal: Proposal, more: Pick<Review, 'note' | 'reasonMissing'> = {}): Promise<Answer> {
  const { change, proposer, decision } = proposal
  const own = proposer === officer.account
  const [owners, connection] = await Promise.all([ownersOf(tools, change), tools.connections.behind(proposal.id)])
  const barred = barredFrom(change).includes(officer.account)
  const decides = decision === undefined && !own && !barred && connection?.owner !== officer.account && owners.every((owned) => may(officer.roles, takes[change.act].approver, owned, view.at))
  const options = decides ? forBrowser(await beginApproval(tools, officer, proposal)) : undefined
  const collect = own && change.act === 'client.secret' && decision?.is === 'approved' ? clientPlaces(change.client).newSecret : undefined
  const lacking = change.act === 'key.activate' && decision === undefined ? await tools.signingKeys.lacking(change.kid, view.at) : []
  return { page: reviewPage(view, { proposed: await inWords(tools, proposal), differences: await changesOf(tools, proposal), catalogue: tools.catalogue, own, options, connection, collect, lacking, listed: await listOf(tools, proposal), doubts: await doubtsIn(tools, proposal), ...more }) }
}

/** Of many roles each, with whose it is. */
async function listOf(tools: Tools, { change }: Proposal): Promise<readonly ListedRole[]> {
  if (change.act !== 'role.many') return []
  const named = namesOf(tools)
  return Promise.all([...change.ends, ...change.grants].map(async (one) => ({ ...one, name: await named(one.account) })))
}

/** Of a doubt each reading, with who read. */
async function doubtsIn(tools: Tools, { change }: Proposal): Promise<readonly ListedDoubt[]> {
  if (change.act !== 'doubt.end') return []
  const named = namesOf(tools)
  return Promise.all(change.readings.map(async ({ at, by, ...one }) => ({ ...one, at: new Date(at), name: await named(by) })))
}

async function changesOf(tools: Tools, { change, decision }: Proposal): Promise<readonly Difference[]> {
  if (change.act === 'role.grant') return differences(undefined, change.role)
  if (change.act === 'client.secret') return secretDifferences(change)
  if ('kid' in change) return keyDifferences(change, standingAt(tools.signingKeys.held, await tools.signingKeys.list(), tools.clock.now()))
  if (!('entry' in change)) return []
  const live = change.act === 'client.register' || decision !== undefined ? undefined : await tools.clientStore.find(change.client)
  return differences(live && await withNames(tools, entryOf(live)), await withNames(tools, change.entry))
}

/** An entry as people read it: whom a program acts for by name, beside the account. */
export async function withNames(tools: Parameters<typeof nameOf>[0], entry: ClientEntry): Promise<ClientEntry> {
  const agency = ownMetadata.shape.acts_for.safeParse(entry['acts_for']).data
  return agency === undefined ? entry : { ...entry, acts_for: { ...agency, officer: `${await nameOf(tools, agency.officer)} (${agency.officer})` } }
}

/** A proposal as people read of it. */
export async function inWords(tools: Parameters<typeof nameOf>[0], { id, change, proposer, through, proposedAt, reason, decision }: Proposal, named = namesOf(tools)): Promise<Proposed> {
  return {
    id,
    act: change.act,
    subject: change.act === 'role.grant' ? await named(change.role.account) : subjectOf(change),
    ...(change.act === 'doubt.end' && { subject: [...new Set(change.readings.map(({ reference }) => reference))].join(', ') }),
    ...(change.act === 'role.many' && { count: { grants: change.grants.length, ends: change.ends.length } }),
    proposer: await named(proposer),
    through,
    at: proposedAt,
    reason,
    decision: decision && { is: decision.is, by: await named(decision.by), at: decision.at, reason: decision.is === 'approved' || decision.reason === '' ? undefined : decision.reason },
  }
}
