import { z } from 'zod'
import { inForce } from '#domain/officer/role.ts'
import type { ProposalStore } from '#domain/proposal/store.ts'
import { places } from '#web/places.ts'
import { viewOf } from '#web/request/visit.ts'
import { confirmedPage } from '#web/views/admin/confirm-again.ts'
import { overviewPage } from '#web/views/admin/overview.ts'
import { citizenRoute, type CitizenTools } from '#web/account/citizen.ts'
import { officerRoute, type OfficerTools } from './officer.ts'
import { visibleTo, type VisibleTools } from './visible.ts'

type Tools = OfficerTools & VisibleTools & { proposals: Pick<ProposalStore, 'waiting'> }

/** What waits, and which roles one has. */
export const showOverview = officerRoute({
  route: `GET ${places.console}`,
  may: 'console.open',
  on: 'list',
  form: z.strictObject({}),
  act: async (tools: Tools, { officer, view }) => {
    const waiting = await visibleTo(tools, officer, await tools.proposals.waiting())
    return { page: overviewPage(view, { waiting: waiting.length, roles: officer.roles.filter((role) => inForce(role, view.at)) }) }
  },
})

/** Back in the second tab from a sign-in that a change had asked for. */
export const showConfirmed = citizenRoute({
  route: `GET ${places.confirmed}`,
  form: z.strictObject({}),
  act: async (tools: CitizenTools, { visit }) => ({ page: confirmedPage(viewOf(tools, visit)) }),
})
