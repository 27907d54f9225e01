import { z } from 'zod'
import type { ClientDirectory } from '#domain/client/directory.ts'
import { may, reach } from '#domain/officer/permission.ts'
import { folded } from '#domain/registry/name.ts'
import { consolePlaces } from '#web/place/console.ts'
import { searchPage } from '#web/views/admin/search.ts'
import { reviewsFor, type ReviewTools } from './connections.ts'
import { officerRoute, type OfficerTools } from './officer.ts'

type Tools = OfficerTools & ReviewTools & { clientDirectory: Pick<ClientDirectory, 'search'> }

const mostShown = 10

/** Of everything that these roles may read: what is called so. Citizens are found by a look-up with a case, and not here. */
const search = officerRoute({
  route: `GET ${consolePlaces.search}`,
  may: 'console.open',
  on: 'list',
  asks: true,
  form: z.strictObject({ q: z.string().trim().max(100).default('') }),
  act: async (tools: Tools, { officer, view }, { q }) => {
    if (q === '') return { page: searchPage(view, { q }) }
    const isCalledSo = (name: string) => folded(name).includes(folded(q))
    const readsClients = may(officer.roles, 'client.read', 'list', view.at)
    const [clients, requests] = await Promise.all([
      readsClients ? tools.clientDirectory.search({ within: reach(officer.roles, 'client.read', view.at), text: q, order: 'name', offset: 0, most: mostShown }) : { lines: [], all: 0 },
      reviewsFor(tools, officer, view.at, { text: q, state: 'waiting', order: 'oldest', offset: 0, most: mostShown }),
    ])
    return { page: searchPage(view, { q, found: { clients, requests: requests.rows, isCalledSo } }) }
  },
})

export const searchRoutes = [search] as const
