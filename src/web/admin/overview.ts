import { z } from 'zod'
import { Problem } from '#kernel/problem.ts'
import { may } from '#domain/officer/permission.ts'
import { inForce } from '#domain/officer/role.ts'
import type { ProposalStore } from '#domain/proposal/store.ts'
import type { KeyRules } from '#domain/signing-key/rules.ts'
import { standingAt } from '#domain/signing-key/standing.ts'
import type { SigningKeys } from '#domain/signing-key/store.ts'
import type { Ending } from '#domain/statistic/counted.ts'
import type { StatisticStore } from '#domain/statistic/store.ts'
import { places } from '#web/places.ts'
import { viewOf } from '#web/request/visit.ts'
import { confirmedPage } from '#web/views/admin/confirm-again.ts'
import { overviewPage } from '#web/views/admin/overview.ts'
import { citizenRoute, type CitizenTools } from '#web/account/citizen.ts'
import { alarmsFor, type AlarmTools } from './alarms.ts'
import { expiriesFor, type ExpiryTools } from './health.ts'
import { officerRoute, type OfficerTools } from './officer.ts'
import { visibleTo, type VisibleTools } from './visible.ts'

type Tools = OfficerTools & VisibleTools & AlarmTools & ExpiryTools & { proposals: Pick<ProposalStore, 'waiting'>; statistics: Pick<StatisticStore, 'live'>; signingKeys: SigningKeys; keyRules: KeyRules }

const liveMilliseconds = 5 * 60_000

/** What happens now, what waits, and which roles one has. */
export const showOverview = officerRoute({
  route: `GET ${places.console}`,
  may: 'console.open',
  on: 'list',
  form: z.strictObject({}),
  act: async (tools: Tools, { officer, view }) => {
    const [waiting, alarms] = await Promise.all([tools.proposals.waiting().then((all) => visibleTo(tools, officer, all)), alarmsFor(tools, officer, view.at)])
    const live = may(officer.roles, 'statistics.read', {}, view.at) ? { live: await liveOf(tools, view.at) } : {}
    const ending = may(officer.roles, 'client.read', 'list', view.at) ? { expiries: await expiriesFor(tools, officer, view.at) } : {}
    const keys = may(officer.roles, 'key.read', {}, view.at) ? { keys: { standing: standingAt(tools.signingKeys.held, await tools.signingKeys.list(), view.at), rules: tools.keyRules } } : {}
    return { page: overviewPage(view, { waiting: waiting.length, alarms, roles: officer.roles.filter((role) => inForce(role, view.at)), ...live, ...keys, ...ending }) }
  },
})

/** Sign-ins that ended lately; nothing where the log cannot be read in time, for the page is wanted most when much is wrong. */
async function liveOf({ statistics }: Tools, now: Date): Promise<{ minutes: number; ended: Readonly<Record<Ending, number>> } | 'late'> {
  try {
    const ended = await statistics.live(new Date(now.getTime() - liveMilliseconds))
    const of = (ending: Ending) => ended.find((one) => one.ending === ending)?.count ?? 0
    return { minutes: liveMilliseconds / 60_000, ended: { finished: of('finished'), refused: of('refused'), cancelled: of('cancelled') } }
  } catch (error) {
    if (error instanceof Problem) return 'late'
    throw error
  }
}

/** Back in the second tab from a sign-in that a change had asked for. */
export const showConfirmed = citizenRoute({
  route: `GET ${places.confirmed}`,
  form: z.strictObject({}),
  act: async (tools: CitizenTools, { visit }) => ({ page: confirmedPage(viewOf(tools, visit)) }),
})
