import { z } from 'zod'
import { connectionId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { Sliced } from '#kernel/slice.ts'
import { isOpenTo, type Connection } from '#domain/connection/connection.ts'
import { deadlineOf } from '#domain/connection/deadline.ts'
import { overdueBefore } from '#domain/connection/overdue.ts'
import { lookAt } from '#domain/connection/request.ts'
import { entryDigest, ownedOf, proposeConnection, sendBack } from '#domain/connection/review.ts'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import type { ConnectionRules } from '#domain/connection/rules.ts'
import { reviewOrders, reviewStates, type ConnectionDirectory, type ConnectionSearch } from '#domain/connection/search.ts'
import type { ConnectionStore } from '#domain/connection/store.ts'
import type { Officer } from '#domain/officer/officer.ts'
import { may, reach } from '#domain/officer/permission.ts'
import { posted } from '#web/account/citizen.ts'
import { consolePlaces, proposalPlaces, reviewPaths, reviewPlaces } from '#web/place/console.ts'
import { connectionReviewPage, reviewsInFile, reviewsPage, type Overdue, type ReviewPage, type Waiting } from '#web/views/admin/connections.ts'
import { asFile, listed, rowsPerPage, sliceOf, typed } from './listing.ts'
import { officerRoute, type OfficerTools, type Scene } from './officer.ts'

type Tools = OfficerTools & Parameters<typeof proposeConnection>[0] & ReviewTools & { catalogue: Catalogue }
type At = { id: Connection['id'] }

const at = z.strictObject({ id: connectionId })
const postedAt = posted.extend({ id: connectionId })
const said = z.string().trim().max(500)
const seen = z.string().max(64)
const asked = z.strictObject({ tim: typed(100), tinhtrang: z.enum(reviewStates).default('waiting'), to: typed(63), ...listed(reviewOrders, 'oldest') })

/** The requests that these roles reach, by what stands in the address: first what waits for a reviewer, the longest on top. */
const showReviews = officerRoute({
  route: `GET ${consolePlaces.reviews}`,
  may: 'connection.review',
  on: 'list',
  asks: true,
  form: asked,
  act: async (tools: Tools & Parameters<typeof asFile>[0], { officer, view }, { dang, ...wish }) => {
    const { rows, all } = await reviewsFor(tools, officer, view.at, { text: wish.tim, state: wish.tinhtrang, sector: wish.to, order: wish.xep, ...sliceOf({ trang: wish.trang, dang }) })
    if (dang === 'csv') return asFile(tools, officer, { table: 'connections', by: 'connection.review', name: 'de-nghi-ket-noi', ...reviewsInFile(view, rows) })
    return { page: reviewsPage(view, { rows, all, asked: wish, perPage: rowsPerPage }) }
  },
})

export type ReviewTools = { connections: Pick<ConnectionStore, 'unanswered'> & ConnectionDirectory; connectionRules: ConnectionRules }

/** The requests that whoever has these roles reaches, each with its clock. */
export async function reviewsFor(
  { connections, connectionRules: { checkDays } }: ReviewTools, { roles }: Officer, now: Date, wish: Omit<ConnectionSearch, 'within' | 'overdueBefore'>,
): Promise<Sliced<Waiting>> {
  const { rows, all } = await connections.search({ within: reach(roles, 'connection.review', now), overdueBefore: overdueBefore(now, checkDays), ...wish })
  return { rows: rows.map((connection) => ({ connection, deadline: deadlineOf(connection.submittedAt ?? connection.createdAt, now, checkDays) })), all }
}

/** Of those that the law wants answered by now, whoever they wait for. */
export async function overdueFor({ connections, connectionRules: { checkDays } }: ReviewTools, { roles }: Officer, now: Date): Promise<Overdue> {
  const late = await connections.unanswered(reach(roles, 'connection.review', now), overdueBefore(now, checkDays))
  return { days: checkDays, late: late.map((connection) => ({ connection, deadline: deadlineOf(connection.submittedAt ?? connection.createdAt, now, checkDays) })) }
}

const showReview = officerRoute({
  route: `GET ${reviewPaths.start}`,
  may: 'connection.review',
  on: async (tools: Tools, input: At) => ownedOf(await connectionAt(tools, input)),
  form: at,
  act: async (tools: Tools, scene, input) => shown(tools, scene, await connectionAt(tools, input)),
})

const returnConnection = officerRoute({
  route: `POST ${reviewPaths.return}`,
  may: 'connection.review',
  on: async (tools: Tools, input: At) => ownedOf(await connectionAt(tools, input)),
  form: postedAt.extend({ reason: said, seen }),
  act: async (tools: Tools, scene, { id, reason, seen: digest }) => {
    const connection = await connectionAt(tools, { id })
    if (reason === '') return { ...(await shown(tools, scene, connection, { reasonMissing: 'return' })), status: 422 }
    if ((await sendBack(tools, scene.officer, connection, { reason, seen: digest })) === 'changed') return { ...(await shown(tools, scene, connection, { changed: true })), status: 409 }
    return { redirect: reviewPlaces(id).start }
  },
})

const propose = officerRoute({
  route: `POST ${reviewPaths.propose}`,
  may: 'connection.review',
  on: async (tools: Tools, input: At) => ownedOf(await connectionAt(tools, input)),
  form: postedAt.extend({ why: said, seen }),
  act: async (tools: Tools, scene, { id, why, seen: digest }) => {
    const connection = await connectionAt(tools, { id })
    if (why === '') return { ...(await shown(tools, scene, connection, { reasonMissing: 'propose' })), status: 422 }
    const proposed = await proposeConnection(tools, scene.officer, connection, { reason: why, seen: digest })
    if (proposed === 'changed') return { ...(await shown(tools, scene, connection, { changed: true })), status: 409 }
    if ('proposal' in proposed) return { redirect: proposalPlaces(proposed.proposal.id).start }
    return { ...(await shown(tools, scene, connection, 'fault' in proposed ? { fault: proposed.fault } : { unready: true })), status: 422 }
  },
})

export const reviewRoutes = [showReviews, showReview, returnConnection, propose]

/** What was never sent is nobody's business but its owner's. */
async function connectionAt({ connections }: Pick<Tools, 'connections'>, { id }: At): Promise<Connection> {
  const found = await connections.find(id)
  if (found?.submittedAt === undefined) throw new Problem('request.not-found')
  return found
}

async function shown(tools: Tools, { officer, view }: Scene, connection: Connection, more: Partial<ReviewPage> = {}) {
  const looked = await lookAt(tools, connection)
  const own = connection.owner === officer.account
  const acts = isOpenTo('propose', connection.state) && !own && may(officer.roles, 'client.propose', ownedOf(connection), view.at)
  const deadline = connection.submittedAt && deadlineOf(connection.submittedAt, view.at, tools.connectionRules.checkDays)
  const found = 'fault' in looked ? { fault: looked.fault, checklist: undefined } : { fault: undefined, checklist: connection.checklist ?? looked.checklist }
  return { page: connectionReviewPage(view, { connection, seen: entryDigest(connection.entry), deadline, ...found, acts, own, catalogue: tools.catalogue, ...more }) }
}
