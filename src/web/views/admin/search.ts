import type { ClientLine } from '#domain/client/directory.ts'
import { html, type Html } from '#web/html.ts'
import { formatCount } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { clientPlaces, consolePlaces } from '#web/place/console.ts'
import { table } from '#web/views/parts.ts'
import { reviewsTable, type Waiting } from './connections.ts'
import { adminPage, doorsFor, type AdminView } from './frame.ts'

type Found = {
  clients: { lines: readonly ClientLine[]; all: number }
  requests: readonly Waiting[]
  /** By which pages of the console are found too. */
  isCalledSo: (name: string) => boolean
}

export function searchPage(view: AdminView, { q, found }: { q: string; found?: Found }): Html {
  const { search: t } = textsOf(view.language)
  return adminPage(view, { title: q === '' ? t.title : t.results(q), sought: q, body: found ? results(view, found, q) : html`<p class="lead">${t.lead}</p>` })
}

function results(view: AdminView, { clients: { lines, all }, requests, isCalledSo }: Found, q: string): Html {
  const { search: t, clients: { list: { columns }, states } } = textsOf(view.language)
  const doors = doorsFor(view).filter(({ name }) => isCalledSo(name))
  if (doors.length + lines.length + requests.length === 0) return html`<p class="lead">${t.none}</p>`
  return html`${doors.length > 0 && html`<section><h2>${t.pages}</h2><ul class="cards">${doors.map(({ at, name }) => html`<li><a href="${at}"><strong>${name}</strong></a></li>`)}</ul></section>`}
${lines.length > 0 && html`<section>${table(t.clients, [columns.client, columns.legalName, columns.state], lines.map((line) => [
    html`<a href="${clientPlaces(line.id).start}">${line.name}</a>`, line.legalName[view.language], states[line.state]]))}
${all > lines.length && html`<p><a href="${consolePlaces.clients}?${new URLSearchParams({ tim: q }).toString()}">${t.all(formatCount(all, view.language))}</a></p>`}</section>`}
${requests.length > 0 && html`<section>${reviewsTable(view, requests, t.requests)}</section>`}`
}
