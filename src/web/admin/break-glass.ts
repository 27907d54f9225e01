import { z } from 'zod'
import { Problem } from '#kernel/problem.ts'
import type { BreakGlassStore } from '#domain/break-glass/store.ts'
import { may } from '#domain/officer/permission.ts'
import { propose } from '#domain/proposal/propose.ts'
import { posted } from '#web/account/citizen.ts'
import { consolePlaces, proposalPlaces } from '#web/place/console.ts'
import { breakGlassPage } from '#web/views/admin/break-glass.ts'
import { officerRoute, ofTheSystem, type OfficerTools } from './officer.ts'

type Tools = OfficerTools & { breakGlass: Pick<BreakGlassStore, 'newest'> }

/** Whether the emergency could be met now; what is done in it is done at the server. */
const showBreakGlass = officerRoute({
  route: `GET ${consolePlaces.breakGlass}`,
  may: 'break-glass.read',
  on: ofTheSystem,
  form: z.strictObject({}),
  act: async ({ breakGlass }: Tools, { officer, view }) => (
    { page: breakGlassPage(view, { key: await breakGlass.newest(), proposes: may(officer.roles, 'break-glass.propose', {}, view.at) }) }
  ),
})

const proposeBreakGlass = officerRoute({
  route: `POST ${consolePlaces.breakGlass}`,
  may: 'break-glass.propose',
  on: ofTheSystem,
  form: posted.extend({ reason: z.string().trim().max(500) }),
  act: async (tools: Tools & Parameters<typeof propose>[0], { officer, view }, { reason }) => {
    if (reason === '') return { page: breakGlassPage(view, { key: await tools.breakGlass.newest(), proposes: true, reasonMissing: true }), status: 422 }
    const proposed = await propose(tools, officer, { change: { act: 'break-glass.seal' }, reason })
    if ('fault' in proposed) throw new Problem('internal')
    return { redirect: proposalPlaces(proposed.proposal.id).start }
  },
})

export const breakGlassRoutes = [showBreakGlass, proposeBreakGlass] as const
