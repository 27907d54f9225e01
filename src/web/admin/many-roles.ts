import { z } from 'zod'
import { Problem } from '#kernel/problem.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { readOfficerFile } from '#domain/officer/file.ts'
import { manyColumns, mostAtOnce, repeated, roleOrEnd, type ManyCells, type ManyRoles } from '#domain/officer/many.ts'
import type { OfficerStore } from '#domain/officer/store.ts'
import { propose } from '#domain/proposal/propose.ts'
import { parsePersonalNumber } from '#domain/registry/personal-number.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import { posted } from '#web/account/citizen.ts'
import { textsOf } from '#web/i18n/language.ts'
import type { Texts } from '#web/i18n/vi.ts'
import { consolePlaces, proposalPlaces } from '#web/place/console.ts'
import { longestList, manyRolesPage } from '#web/views/admin/many-roles.ts'
import { officerRoute, ofTheSystem, type OfficerTools } from './officer.ts'

type Reading = { officers: Pick<OfficerStore, 'rolesOf'>; accounts: Pick<AccountStore, 'findByPerson'>; registry: Pick<RegistryStore, 'findByNumber'> }

const showManyRoles = officerRoute({
  route: `GET ${consolePlaces.manyRoles}`,
  may: 'role.propose',
  on: ofTheSystem,
  form: z.strictObject({}),
  act: async (_tools: OfficerTools, { view }) => ({ page: manyRolesPage(view, { typed: {}, faults: [], listMissing: false, reasonMissing: false }) }),
})

/** Many roles as one list for a second person, who signs just this; with any fault in it nothing is proposed. */
const proposeManyRoles = officerRoute({
  route: `POST ${consolePlaces.manyRoles}`,
  may: 'role.propose',
  on: ofTheSystem,
  form: posted.extend({ list: z.string().max(longestList), reason: z.string().trim().max(500) }),
  act: async (tools: OfficerTools & Reading & Parameters<typeof propose>[0], { officer, view }, { list, reason }) => {
    const read = await readList(tools, list, { t: textsOf(view.language), now: view.at })
    const faults = 'faults' in read ? read.faults : []
    if ('faults' in read || reason === '') {
      return { page: manyRolesPage(view, { typed: { list, reason }, faults, listMissing: list.trim() === '', reasonMissing: reason === '' }), status: 422 }
    }
    const proposed = await propose(tools, officer, { change: { act: 'role.many', ...read.roles }, reason })
    if ('fault' in proposed) throw new Problem('internal')
    return { redirect: proposalPlaces(proposed.proposal.id).start }
  },
})

export const manyRolesRoutes = [showManyRoles, proposeManyRoles] as const

type At = { t: Texts; now: Date }

/** Everything that is wrong with it, in words and by line, or what it gives and ends. */
async function readList(tools: Reading, text: string, { t, now }: At): Promise<{ roles: ManyRoles } | { faults: readonly string[] }> {
  const { manyRoles: words } = t
  const file = readOfficerFile(text, { columns: manyColumns, most: mostAtOnce })
  if ('fault' in file) return { faults: [words.file(file.fault)] }
  const twice = repeated(file.rows)
  if (twice.length > 0) return { faults: twice.map((line) => words.at(line, words.repeated)) }
  const roles: ManyRoles = { grants: [], ends: [] }
  const faults: string[] = []
  for (const { line, cells } of file.rows) {
    const read = await readRow(tools, cells, now)
    if ('faults' in read) faults.push(...read.faults.map(({ column, code }) => words.at(line, `${column}: ${words.codes[code] ?? code}`)))
    if ('grant' in read) roles.grants.push(read.grant)
    if ('end' in read) roles.ends.push(read.end)
  }
  if (faults.length > 0) return { faults }
  return roles.grants.length + roles.ends.length === 0 ? { faults: [words.nothingNew] } : { roles }
}

async function readRow({ registry, accounts, officers }: Reading, cells: ManyCells, now: Date) {
  const number = parsePersonalNumber(cells.number ?? '')
  const person = number && (await registry.findByNumber(number))
  const account = person && (await accounts.findByPerson(person.id))?.id
  return roleOrEnd(cells, { account, held: account === undefined ? [] : await officers.rolesOf(account), now })
}
