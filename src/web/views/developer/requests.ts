import type { DeveloperClient } from '#domain/sandbox/developer-client.ts'
import type { ExplainedRequest } from '#domain/sandbox/sandbox.ts'
import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { page, type View } from '#web/page.ts'
import { developerClientPlaces } from '#web/place/developer.ts'
import { linkButton, table } from '#web/views/parts.ts'

type Shown = Omit<ExplainedRequest, 'at'> & { at: string }

/** What a client asked last, and why it was refused where it was. */
export function requestsPage(view: View, { id, name }: DeveloperClient, seen: readonly Shown[]): Html {
  const t = textsOf(view.language).developer
  const { requests } = t
  const places: Readonly<Record<string, string>> = requests.places
  const rows = seen.map((one) => [html`${one.at}${!one.proven && html`<br><span class="quiet">${requests.unproven}</span>`}`, places[one.endpoint] ?? one.endpoint, outcome(one, requests.good), html`<span class="mono" lang="en">${one.sent.join(', ')}</span>`])
  return page(view, {
    work: true,
    title: requests.title,
    wide: true,
    body: html`<p class="up"><a href="${developerClientPlaces(id).start}">${t.toClient}</a></p>
<h1>${requests.title}</h1>
<p class="quiet">${requests.text} ${seen.some(({ proven }) => !proven) && requests.unprovenText}</p>
${seen.length === 0 ? html`<p class="lead">${requests.none}</p>` : table(name, requests.head, rows)}`,
  })
}

function outcome({ status, error, reason, cause, remedy }: Shown, good: string): Html {
  if (error === undefined) return html`${status < 400 ? good : ''} ${status}`
  return html`<span lang="en"><strong class="mono">${status} ${error}</strong>${reason !== undefined && reason !== '' && html`<br>${reason}`}${cause !== undefined && html`<br>${cause}`}${
    remedy !== undefined && html`<br><strong>${remedy}</strong>`}</span>`
}

export function faultBusyPage(view: View, id: string): Html {
  const t = textsOf(view.language).developer
  return page(view, {
    work: true,
    title: t.fault.title,
    failed: true,
    body: html`<h1>${t.fault.title}</h1><p class="lead">${t.fault.busy}</p>${linkButton(t.toClient, developerClientPlaces(id).start)}`,
  })
}
