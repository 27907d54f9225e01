import type { AccountId } from '#kernel/id.ts'
import type { Json } from '#kernel/canonical.ts'
import type { Impersonal } from '#domain/audit/shown.ts'
import type { ToldProblem } from '#domain/audit/told-problem.ts'
import type { Recorded } from '#domain/audit/trail.ts'
import { html, type Html, type Part } from '#web/html.ts'
import { formatClock, formatCount, formatDay, formatTime } from '#web/i18n/format.ts'
import { wordProblem } from '#web/i18n/problem.ts'
import { textsOf } from '#web/i18n/language.ts'
import type { View } from '#web/page.ts'
import { consolePlaces } from '#web/place/console.ts'
import { select } from '#web/views/area.ts'
import { errorSummary, field, type FieldFault } from '#web/views/field.ts'
import { button, details, linkButton, summaryList, table } from '#web/views/parts.ts'
import { adminPage, type AdminView } from './frame.ts'

/** An officer by name. */
export type Named = { account: AccountId; name: string }

type Typed = { from: string; to: string; by: string; type: string; client: string; reference: string; xep: 'oldest' | '' }
type Found = { rows: readonly Impersonal[]; from: Date; to: Date; links: { older: string | undefined; download: string } }
/** What somebody was told; `around` leads to what was recorded then. */
type Told = { found: ToldProblem | undefined; around: string | undefined }
type Searched = { typed: Typed; named: readonly Named[]; faults: readonly FieldFault[]; found?: Found; told?: Told }

const mostDownloaded = 10_000

/** When comes first, for it is what makes a search short. */
export function auditPage(view: AdminView, { typed, named, faults, found, told }: Searched): Html {
  const { audit: t, listing: { audit: words } } = textsOf(view.language)
  return adminPage(view, {
    title: t.title,
    failed: faults.length > 0,
    script: faults.length > 0,
    body: html`<p class="lead">${t.lead}</p>
<p><a href="${consolePlaces.auditLookUp}">${t.lookUp.link}</a></p>
${errorSummary(faults, view.language)}
${searchForm(view, { typed, named, faults })}
${told && toldPart(view, told)}
${found && html`<section><h2>${t.found(formatTime(found.from), formatTime(found.to))}</h2>
${eventTable(view, found.rows, named)}
${found.links.older !== undefined && linkButton(typed.xep === 'oldest' ? words.later : t.older, found.links.older, 'secondary')}
${found.rows.length > 0 && html`<p><a href="${found.links.download}">${t.download}</a> <span class="hint">${t.downloadHint(formatCount(mostDownloaded, view.language))}</span></p>`}</section>`}`,
  })
}

function toldPart({ language }: AdminView, { found, around }: Told): Html {
  const { audit: { told: t }, problems } = textsOf(language)
  if (found === undefined) return html`<section><h2>${t.title}</h2><p>${t.none}</p></section>`
  const { reference, at, problem, place, client, error } = found
  return html`<section><h2>${t.title}</h2>
${summaryList([
    { label: problems.reference, value: mono(reference) },
    { label: t.when, value: formatTime(at) },
    { label: t.what, value: html`${wordProblem(problem, {}, language).title} <span class="mono">${problem}</span>` },
    ...(place === '' ? [] : [{ label: t.where, value: mono(place) }]),
    ...(client === undefined ? [] : [{ label: t.client, value: mono(client) }]),
    ...(error === undefined ? [] : [{ label: t.error, value: mono(error) }]),
  ])}
${around !== undefined && html`<p><a href="${around}">${t.around}</a></p>`}</section>`
}

function searchForm(view: AdminView, { typed, named, faults }: Searched): Html {
  const { language } = view
  const { audit: t, listing: { order, audit: { orders } } } = textsOf(language)
  const error = (name: string) => faults.find((fault) => fault.field === name)?.message
  const types = Object.entries(t.types).map(([value, label]) => ({ value, label }))
  return html`<form method="get" action="${consolePlaces.audit}">
<div class="pair">${field({ name: 'from', label: t.from, hint: t.timeHint, language, type: 'datetime-local', value: typed.from, error: error('from') })}
${field({ name: 'to', label: t.to, language, type: 'datetime-local', value: typed.to, error: error('to') })}</div>
<div class="pair">${select({ name: 'type', label: t.type, language, value: typed.type, error: error('type'), choices: [{ value: '', label: t.anyType }, ...types] })}
${select({ name: 'by', label: t.by, hint: t.byHint, language, value: typed.by, error: error('by'), choices: [{ value: '', label: t.anyone }, ...named.map(({ account, name }) => ({ value: account, label: name }))] })}</div>
<div class="pair">${field({ name: 'client', label: t.client, language, value: typed.client, error: error('client'), maxlength: 128, spellcheck: false })}
${field({ name: 'reference', label: t.asked, hint: t.referenceHint, language, value: typed.reference, error: error('reference'), maxlength: 64, spellcheck: false })}</div>
${select({ name: 'xep', label: order, language, value: typed.xep, choices: [{ value: '', label: orders.newest }, { value: 'oldest', label: orders.oldest }] })}
${button(t.search)}</form>`
}

/** Events in words; everything that may be read of one stands in its details. Whom it is about is a column in a look-up alone. */
export function eventTable(view: View, rows: readonly (Recorded | Impersonal)[], named: readonly Named[]): Html {
  const t = textsOf(view.language).audit
  if (rows.length === 0) return html`<p>${t.none}</p>`
  const words: Readonly<Record<string, string>> = t.types
  const who = (actor: AccountId | undefined) => actor && (named.find(({ account }) => account === actor)?.name ?? mono(actor))
  const about = (row: Recorded | Impersonal) => ('leads' in row ? [] : [row.account && mono(row.account)])
  const inCase = rows.every((row) => !('leads' in row))
  return table(t.title, [t.at, t.type, t.by, ...(inCase ? [t.account] : []), t.client, t.details], rows.map((row) => [
    html`<span class="seq">${formatDay(row.at)}</span> <span class="seq">${formatClock(row.at)}</span>`, words[row.type] ?? row.type, who(row.actor), ...about(row), row.client && mono(row.client), recorded(view, row)]))
}

const mono = (text: string): Html => html`<span class="mono">${text}</span>`

/** Its other members are columns of their own. */
const besides = new Set(['account', 'client', 'by'])

function recorded(view: View, row: Recorded | Impersonal): Part {
  const t = textsOf(view.language).audit
  const { id, at, data } = row
  const rest = Object.entries(data).filter(([name]) => !besides.has(name))
  return details(t.details, html`<dl class="terms"><div><dt>${t.reference}</dt><dd class="mono">${id}</dd></div>
<div><dt>${t.exactly}</dt><dd class="mono">${at.toISOString()}</dd></div>
${rest.map(([name, value]) => html`<div><dt class="mono">${name}</dt><dd class="mono">${plain(value)}</dd></div>`)}</dl>
${'leads' in row && row.leads && html`<p><a href="${consolePlaces.auditLookUp}?event=${id}">${t.lookUp.behind}</a></p>`}`)
}

function plain(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}
