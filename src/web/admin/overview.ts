import { z } from 'zod'
import { Problem } from '#kernel/problem.ts'
import { readiness } from '#domain/break-glass/key.ts'
import type { BreakGlassStore } from '#domain/break-glass/store.ts'
import { may } from '#domain/officer/permission.ts'
import { inForce } from '#domain/officer/role.ts'
import type { ProposalStore } from '#domain/proposal/store.ts'
import type { KeyRules } from '#domain/signing-key/rules.ts'
import { standingAt } from '#domain/signing-key/standing.ts'
import type { SigningKeys } from '#domain/signing-key/store.ts'
import { waits, within, type AnswerTimeStore } from '#domain/statistic/answer-time.ts'
import type { Ending } from '#domain/statistic/counted.ts'
import type { StatisticStore } from '#domain/statistic/store.ts'
import { consolePlaces } from '#web/place/console.ts'
import { viewOf } from '#web/request/visit.ts'
import { confirmedPage } from '#web/views/admin/confirm-again.ts'
import { overviewPage, type Live } from '#web/views/admin/overview.ts'
import { alarmsFor, type AlarmTools } from './alarms.ts'
import { inWords } from './approvals.ts'
import { overdueFor, reviewsFor, type ReviewTools } from './connections.ts'
import { expiriesFor, type ExpiryTools } from './health.ts'
import { officerRoute, type OfficerTools } from './officer.ts'
import { visibleTo, type VisibleTools } from './visible.ts'

type Tools = OfficerTools & VisibleTools & AlarmTools & ExpiryTools & ReviewTools & { proposals: Pick<ProposalStore, 'waiting'>; statistics: Pick<StatisticStore, 'live'>; answerTimes: Pick<AnswerTimeStore, 'since'>; signingKeys: SigningKeys; keyRules: KeyRules; breakGlass: Pick<BreakGlassStore, 'newest'> }

const liveMilliseconds = 5 * 60_000
const shownPercent = 95
/** Of what waits, so many are a click away; the rest are behind the link. */
const mostShown = 5

/** What happens now, what waits, and which roles one has. */
export const showOverview = officerRoute({
  route: `GET ${consolePlaces.start}`,
  may: 'console.open',
  on: 'list',
  form: z.strictObject({}),
  act: async (tools: Tools, { officer, view }) => {
    const [waiting, reviews, overdue, alarms] = await Promise.all([
      tools.proposals.waiting().then((all) => visibleTo(tools, officer, all)), reviewsFor(tools, officer, view.at, { state: 'waiting', order: 'oldest', offset: 0, most: mostShown }), overdueFor(tools, officer, view.at), alarmsFor(tools, officer, view.at),
    ])
    const first = await Promise.all(waiting.slice(0, mostShown).map((one) => inWords(tools, one)))
    const live = may(officer.roles, 'statistics.read', {}, view.at) ? { live: await liveOf(tools, view.at) } : {}
    const ending = may(officer.roles, 'client.read', 'list', view.at) ? { expiries: await expiriesFor(tools, officer, view.at) } : {}
    const keys = may(officer.roles, 'key.read', {}, view.at) ? { keys: { standing: standingAt(tools.signingKeys.held, await tools.signingKeys.list(), view.at), rules: tools.keyRules } } : {}
    const glass = may(officer.roles, 'break-glass.read', {}, view.at) ? { emergency: readiness(await tools.breakGlass.newest(), view.at) } : {}
    return { page: overviewPage(view, { waiting: { all: waiting.length, first }, reviews: { all: reviews.all, first: reviews.rows }, overdue, alarms, roles: officer.roles.filter((role) => inForce(role, view.at)), ...live, ...keys, ...ending, ...glass }) }
  },
})

/** Sign-ins of late on all servers; nothing where that cannot be read in time, for the page is wanted most when much is wrong. */
async function liveOf({ statistics, answerTimes }: Tools, now: Date): Promise<Live | 'late'> {
  const since = new Date(now.getTime() - liveMilliseconds)
  try {
    const [ended, counts] = await Promise.all([statistics.live(since), answerTimes.since(since)])
    const of = (ending: Ending) => ended.find((one) => one.ending === ending)?.count ?? 0
    return {
      minutes: liveMilliseconds / 60_000,
      ended: { finished: of('finished'), refused: of('refused'), cancelled: of('cancelled') },
      answered: waits.map((wait) => ({ wait, ...within(shownPercent, counts.filter((one) => one.wait === wait)) })),
      percent: shownPercent,
    }
  } catch (error) {
    if (error instanceof Problem) return 'late'
    throw error
  }
}

/** Back in the second tab from a sign-in that a change had asked for. */
export const showConfirmed = officerRoute({
  route: `GET ${consolePlaces.confirmed}`,
  may: 'console.open',
  on: 'list',
  form: z.strictObject({}),
  act: async (tools: OfficerTools, { visit }) => ({ page: confirmedPage(viewOf(tools, visit)) }),
})
