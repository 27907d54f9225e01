import type { AccountId } from '#kernel/id.ts'
import { mayExport } from '#domain/audit/look-up.ts'
import type { Filter, Sought } from '#domain/audit/oversight.ts'
import { withoutPeople, type Impersonal } from '#domain/audit/shown.ts'
import type { ToldProblemStore } from '#domain/audit/told-problem.ts'
import type { AuditTrail, Recorded, Search } from '#domain/audit/trail.ts'
import type { Officer } from '#domain/officer/officer.ts'
import type { OfficerStore } from '#domain/officer/store.ts'
import { csv } from '#web/answer/csv.ts'
import { textsOf } from '#web/i18n/language.ts'
import { consolePlaces } from '#web/place/console.ts'
import type { Answer } from '#web/route.ts'
import { auditPage, type Named } from '#web/views/admin/audit.ts'
import { around, queryOf, readSearch, typedSearch, type TypedSearch } from './audit-search.ts'
import { nameOf, officerRoute, ofTheSystem, type OfficerTools, type Scene } from './officer.ts'

export type AuditTools = OfficerTools & Parameters<typeof nameOf>[0] & { trail: AuditTrail }
type Tools = AuditTools & { toldProblems: Pick<ToldProblemStore, 'find'>; officers: Pick<OfficerStore, 'list'> }

export const pageRows = 50
const mostDownloaded = 10_000
/** So many rows are asked for at a time, each time within the deadline of a statement. */
const chunk = 1000

/**
 * What happened, by when, which officer, what, at which service, and of nobody in particular: what leads to a person is left out (A04).
 * That it was searched is on record before anything is shown.
 */
export const showAudit = officerRoute({
  route: `GET ${consolePlaces.audit}`,
  may: 'audit.read',
  on: ofTheSystem,
  asks: true,
  form: typedSearch,
  act: async (tools: Tools, { officer, view }, typed) => {
    const named = await officersOf(tools)
    const read = readSearch(typed, named, { t: textsOf(view.language).audit, now: view.at })
    if ('faults' in read) return { page: auditPage(view, { typed, named, faults: read.faults }), status: 400 }
    if (read.told !== undefined) return showTold(tools, { officer, view }, { ...read, told: read.told, typed, named })
    const { rows, older } = await pageOf(tools, read.search)
    await recordSearch(tools, officer, { ...read, found: rows.length > 0, exported: false })
    const links = { older: older && `${consolePlaces.audit}${queryOf(typed, { older })}`, download: `${consolePlaces.auditDownload}${queryOf(typed, { older: '' })}` }
    return { page: auditPage(view, { typed, named, faults: [], found: { rows: ofNobody(rows, named), from: read.search.from, to: read.search.to, links } }) }
  },
})

/** The search of the page as a table for spreadsheets. */
export const downloadAudit = officerRoute({
  route: `GET ${consolePlaces.auditDownload}`,
  may: 'audit.read',
  on: ofTheSystem,
  asks: true,
  form: typedSearch,
  act: async (tools: Tools & Parameters<typeof mayExport>[0], { officer, view }, typed) => {
    const named = await officersOf(tools)
    const read = readSearch(typed, named, { t: textsOf(view.language).audit, now: view.at })
    if ('faults' in read) return { page: auditPage(view, { typed, named, faults: read.faults }), status: 400 }
    if (read.told !== undefined) return { redirect: `${consolePlaces.audit}${queryOf(typed)}` }
    await mayExport(tools, officer)
    const rows = await allOf(tools, read.search)
    await recordSearch(tools, officer, { ...read, found: rows.length > 0, exported: true })
    return { download: { name: `nhat-ky-${view.at.toISOString().slice(0, 10)}.csv`, type: 'text/csv', text: csv(head, ofNobody(rows, named).map(cells)) } }
  },
})

type Asked = { told: string; filters: readonly Filter[]; sought: Sought; typed: TypedSearch; named: readonly Named[] }

/** What somebody was told on an error page, of whom nothing is known here (S09). */
async function showTold(tools: Tools, { officer, view }: Pick<Scene, 'officer' | 'view'>, { told: reference, typed, named, ...read }: Asked): Promise<Answer> {
  const found = await tools.toldProblems.find(reference)
  await recordSearch(tools, officer, { ...read, found: found !== undefined, exported: false })
  return { page: auditPage(view, { typed, named, faults: [], told: { found, around: found && `${consolePlaces.audit}${around(found)}` } }) }
}

type Searched = { filters: readonly Filter[]; sought: Sought; found: boolean; exported: boolean }

/** Who searched for what. Of words that led to nothing the log keeps none that was typed freely, for it could be anybody's name (L04). */
function recordSearch({ audit }: Pick<Tools, 'audit'>, { account: by }: Officer, { filters, sought, found, exported }: Searched): Promise<void> {
  const { client: _client, reference: _reference, ...chosen } = sought
  return audit.append({ type: 'audit.searched', by, filters, sought: found ? sought : chosen, exported })
}

function ofNobody(rows: readonly Recorded[], named: readonly Named[]): readonly Impersonal[] {
  const officers = new Set<string>(named.map(({ account }) => account))
  return rows.map((row) => withoutPeople(row, officers))
}

const head = ['id', 'at', 'type', 'actor', 'client', 'data']

function cells({ id, at, type, actor, client, data }: Impersonal): readonly (string | undefined)[] {
  return [id, at.toISOString(), type, actor, client, JSON.stringify(data)]
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
export async function officersOf(tools: Parameters<typeof nameOf>[0] & { officers: Pick<OfficerStore, 'list'> }): Promise<readonly Named[]> {
  const accounts = new Set<AccountId>((await tools.officers.list()).map(({ account }) => account))
  const named = await Promise.all([...accounts].map(async (account) => ({ account, name: await nameOf(tools, account) })))
  return named.toSorted((one, other) => one.name.localeCompare(other.name, 'vi'))
}
