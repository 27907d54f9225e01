import { z } from 'zod'
import { clientOrders, type ClientDirectory, type ClientLine } from '#domain/client/directory.ts'
import { may, reach } from '#domain/officer/permission.ts'
import { csv } from '#web/answer/csv.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import { places } from '#web/places.ts'
import { clientsPage } from '#web/views/admin/clients.ts'
import { officerRoute, type OfficerTools } from './officer.ts'

type Tools = OfficerTools & { clientDirectory: Pick<ClientDirectory, 'search'> }

const perPage = 50
const mostInFile = 10_000

/** A form sends a field that was left empty too. */
const text = (longest: number) => z.string().trim().max(longest).transform((value) => (value === '' ? undefined : value)).optional()

const asked = z.strictObject({
  tim: text(100),
  tinhtrang: z.enum(['live', 'suspended', 'ended', '']).transform((state) => (state === '' ? undefined : state)).optional(),
  to: text(63),
  xep: z.enum(clientOrders).default('name'),
  trang: z.string().regex(/^[1-9]\d{0,4}$/).default('1').transform(Number),
  dang: z.literal('csv').optional(),
})

/** The clients that these roles reach, by what stands in the address. */
export const showClients = officerRoute({
  route: `GET ${places.clients}`,
  may: 'client.read',
  on: 'list',
  asks: true,
  form: asked,
  act: async ({ clientDirectory }: Tools, { officer, view }, { dang, ...wish }) => {
    const search = { within: reach(officer.roles, 'client.read', view.at), text: wish.tim, state: wish.tinhtrang, sector: wish.to, order: wish.xep }
    if (dang === 'csv') {
      const { lines } = await clientDirectory.search({ ...search, offset: 0, most: mostInFile })
      return { download: { name: 'ung-dung.csv', type: 'text/csv', text: inFile(lines, view.language) } }
    }
    const { lines, all } = await clientDirectory.search({ ...search, offset: (wish.trang - 1) * perPage, most: perPage })
    return { page: clientsPage(view, { lines, all, asked: wish, perPage, proposes: may(officer.roles, 'client.propose', 'list', view.at) }) }
  },
})

function inFile(lines: readonly ClientLine[], language: Language): string {
  const { list: { columns, id, name, levelColumns }, states, profiles } = textsOf(language).clients
  const head = [id, name, columns.legalName, columns.sector, columns.state, columns.profile, columns.class, levelColumns.account, levelColumns.authentication, columns.ends]
  return csv(head, lines.map((line) => [
    line.id, line.name, line.legalName[language], line.sector, states[line.state], profiles[line.profile], line.relying_party_class,
    line.minimum_account_level, line.minimum_authentication_level, line.ends_on,
  ]))
}
