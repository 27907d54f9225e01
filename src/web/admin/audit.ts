import type { AccountId } from '#kernel/id.ts'
import type { AuditTrail, Recorded, Search } from '#domain/audit/trail.ts'
import type { OfficerStore } from '#domain/officer/store.ts'
import { csv } from '#web/answer/csv.ts'
import { textsOf } from '#web/i18n/language.ts'
import { places } from '#web/places.ts'
import { auditPage, type Named } from '#web/views/admin/audit.ts'
import { queryOf, readSearch, typedSearch } from './audit-search.ts'
import { nameOf, officerRoute, ofTheSystem, type OfficerTools } from './officer.ts'

export type AuditTools = OfficerTools & Parameters<typeof nameOf>[0] & { trail: AuditTrail }
type Tools = AuditTools & { officers: Pick<OfficerStore, 'list'> }

export const pageRows = 50
const mostDownloaded = 10_000
/** So many rows are asked for at a time, each time within the deadline of a statement. */
const chunk = 1000

/** What happened, by when, which officer, what, at which service. That it was searched is on record before anything is shown. */
export const showAudit = officerRoute({
  route: `GET ${places.audit}`,
  may: 'audit.read',
  on: ofTheSystem,
  asks: true,
  form: typedSearch,
  act: async (tools: Tools, { officer, view }, typed) => {
    const named = await officersOf(tools)
    const read = readSearch(typed, textsOf(view.language).audit, view.at)
    if ('faults' in read) return { page: auditPage(view, { typed, named, faults: read.faults }), status: 400 }
    await tools.audit.append({ type: 'audit.searched', by: officer.account, filters: read.filters, exported: false })
    const { rows, older } = await pageOf(tools, read.search)
    const links = { older: older && `${places.audit}${queryOf(typed, { older })}`, download: `${places.auditDownload}${queryOf(typed, { older: '' })}` }
    return { page: auditPage(view, { typed, named, faults: [], found: { rows, from: read.search.from, to: read.search.to, links } }) }
  },
})

/** The search of the page as a table for spreadsheets. */
export const downloadAudit = officerRoute({
  route: `GET ${places.auditDownload}`,
  may: 'audit.read',
  on: ofTheSystem,
  asks: true,
  form: typedSearch,
  act: async (tools: Tools, { officer, view }, typed) => {
    const read = readSearch(typed, textsOf(view.language).audit, view.at)
    if ('faults' in read) return { page: auditPage(view, { typed, named: await officersOf(tools), faults: read.faults }), status: 400 }
    await tools.audit.append({ type: 'audit.searched', by: officer.account, filters: read.filters, exported: true })
    const rows = await allOf(tools, read.search)
    return { download: { name: `nhat-ky-${view.at.toISOString().slice(0, 10)}.csv`, type: 'text/csv', text: csv(head, rows.map(cells)) } }
  },
})

const head = ['id', 'at', 'type', 'actor', 'account', 'client', 'data']

function cells({ id, at, type, actor, account, client, data }: Recorded): readonly (string | undefined)[] {
  return [id, at.toISOString(), type, actor, account, client, JSON.stringify(data)]
}

/** One page, and where the next one begins. */
export async function pageOf({ trail }: Pick<AuditTools, 'trail'>, search: Search): Promise<{ rows: readonly Recorded[]; older?: string | undefined }> {
  const found = await trail.search(search, pageRows + 1)
  const rows = found.slice(0, pageRows)
  return { rows, older: found.length > pageRows ? rows.at(-1)?.id : undefined }
}

async function allOf({ trail }: Tools, search: Search): Promise<readonly Recorded[]> {
  const all: Recorded[] = []
  while (all.length < mostDownloaded) {
    const next = await trail.search({ ...search, older: all.at(-1)?.id ?? search.older }, chunk)
    all.push(...next)
    if (next.length < chunk) break
  }
  return all
}

/** Everybody who was ever an officer, by name. */
export async function officersOf(tools: Tools): Promise<readonly Named[]> {
  const accounts = new Set<AccountId>((await tools.officers.list()).map(({ account }) => account))
  const named = await Promise.all([...accounts].map(async (account) => ({ account, name: await nameOf(tools, account) })))
  return named.toSorted((one, other) => one.name.localeCompare(other.name, 'vi'))
}
