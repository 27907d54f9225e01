import { z } from 'zod'
import { clientOrders, type ClientDirectory, type ClientLine } from '#domain/client/directory.ts'
import { may, reach } from '#domain/officer/permission.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import { consolePlaces } from '#web/place/console.ts'
import { clientsPage } from '#web/views/admin/clients.ts'
import { asFile, listed, oneOf, rowsPerPage, sliceOf, typed } from './listing.ts'
import { officerRoute, type OfficerTools } from './officer.ts'

type Tools = OfficerTools & Parameters<typeof asFile>[0] & { clientDirectory: Pick<ClientDirectory, 'search'> }

const states = ['live', 'suspended', 'ended'] as const

const asked = z.strictObject({ tim: typed(100), tinhtrang: oneOf(states), to: typed(63), ...listed(clientOrders, 'name') })

/** The clients that these roles reach, by what stands in the address. */
export const showClients = officerRoute({
  route: `GET ${consolePlaces.clients}`,
  may: 'client.read',
  on: 'list',
  asks: true,
  form: asked,
  act: async (tools: Tools, { officer, view }, { dang, ...wish }) => {
    const search = { within: reach(officer.roles, 'client.read', view.at), text: wish.tim, state: wish.tinhtrang, sector: wish.to, order: wish.xep }
    const { lines, all } = await tools.clientDirectory.search({ ...search, ...sliceOf({ trang: wish.trang, dang }) })
    if (dang === 'csv') return asFile(tools, officer, { table: 'clients', by: 'client.read', name: 'ung-dung', ...inFile(lines, view.language) })
    return { page: clientsPage(view, { lines, all, asked: wish, perPage: rowsPerPage, proposes: may(officer.roles, 'client.propose', 'list', view.at) }) }
  },
})

function inFile(lines: readonly ClientLine[], language: Language) {
  const { list: { columns, id, name, levelColumns }, states, profiles } = textsOf(language).clients
  const head = [id, name, columns.legalName, columns.sector, columns.state, columns.profile, columns.class, levelColumns.account, levelColumns.authentication, columns.ends]
  const rows = lines.map((line) => [
    line.id, line.name, line.legalName[language], line.sector, states[line.state], profiles[line.profile], line.relying_party_class,
    line.minimum_account_level, line.minimum_authentication_level, line.ends_on,
  ])
  return { head, rows }
}
