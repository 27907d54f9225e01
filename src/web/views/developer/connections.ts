import { checkNames, type Checklist } from '#domain/connection/checklist.ts'
import { isOpenTo, type Connection } from '#domain/connection/connection.ts'
import type { Deadline } from '#domain/connection/deadline.ts'
import type { KeySetStanding } from '#domain/signing-key/watch.ts'
import type { DeveloperClient } from '#domain/sandbox/developer-client.ts'
import { html, type Html, type Part } from '#web/html.ts'
import { formatBirthDate, formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { connectionPlaces, places, selfTestPlace } from '#web/places.ts'
import { errorSummary, errorText, hintText } from '#web/views/field.ts'
import { keySetPart } from '#web/views/key-set.ts'
import { button, notice, summaryList, table } from '#web/views/parts.ts'

type Lists = { mine: readonly (Connection & { deadline: Deadline | undefined })[]; clients: readonly DeveloperClient[] }

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** What an entry calls its client; its owner may have typed anything. */
export const serviceOf = ({ entry, tried }: Pick<Connection, 'entry' | 'tried'>): string => textOf(entry['client_name']) || tried

export function connectionsPage(view: View, { mine, clients }: Lists): Html {
  const t = textsOf(view.language).goingLive.request
  return page(view, {
    work: true,
    title: t.title,
    wide: true,
    body: html`<h1>${t.title}</h1><p class="lead">${t.lead}</p>
${mine.length === 0
    ? html`<p>${t.none}</p>`
    : table(t.mine, [t.service, t.state, t.since, t.due], mine.map((one) => [
      html`<a href="${connectionPlaces(one.id).start}">${serviceOf(one)}</a>`, t.states[one.state], formatTime(one.submittedAt ?? one.createdAt),
      one.state === 'submitted' && one.deadline && formatBirthDate(one.deadline.dueOn)]))}
<section><h2>${t.beginTitle}</h2>
${clients.length === 0 && html`<p><a href="${places.developers}">${t.noClients}</a></p>`}
${clients.map(({ id, name }) => html`<form method="post" action="${places.connections}">${csrfField(view)}<input type="hidden" name="client" value="${id}">
${button(t.begin(name), { look: 'secondary' })}</form><p><a href="${selfTestPlace(id)}">${t.toSelfTest}: ${name}</a></p>`)}</section>`,
  })
}

export type ConnectionPage = {
  connection: Connection
  deadline: Deadline | undefined
  /** Of the live server. */
  issuer: string
  /** What was typed, where it is not what is kept. */
  text: string
  fault?: string | undefined
  checklist?: Checklist | undefined
  /** Of a service that is live. */
  keySet?: KeySetStanding | undefined
  notReady?: boolean | undefined
}

export function connectionPage(view: View, { connection, deadline, issuer, text, fault, checklist, keySet, notReady = false }: ConnectionPage): Html {
  const { id, state, tried, submittedAt } = connection
  const t = textsOf(view.language).goingLive.request
  const at = connectionPlaces(id)
  const told = fault === undefined ? [] : [{ field: 'entry', message: fault }]
  return page(view, {
    work: true,
    title: serviceOf(connection),
    wide: true,
    failed: told.length > 0 || notReady,
    script: told.length > 0,
    body: html`<h1>${serviceOf(connection)}</h1>
${errorSummary(told, view.language)}
${notReady && notice('error', t.notReady, view.language)}
${summaryList([
      { label: t.state, value: t.states[state] },
      ...(submittedAt ? [{ label: t.since, value: formatTime(submittedAt) }] : []),
      ...(deadline && state === 'submitted' ? [{ label: t.due, value: formatBirthDate(deadline.dueOn) }] : []),
      ...(state === 'returned' && connection.review ? [{ label: t.returned, value: connection.review.reason }] : []),
    ])}
${state === 'live' && livePart(view, textOf(connection.entry['client_id']), { issuer, keySet })}
${isOpenTo('save', state) && html`<form method="post" action="${at.save}" novalidate>${csrfField(view)}${entryField(view, { text, fault })}
${button(t.save)}</form><p><a href="${selfTestPlace(tried)}">${t.toSelfTest}</a></p>`}
${checklist && checklistTable(view, checklist)}
<div class="pair">${isOpenTo('submit', state) && html`<form method="post" action="${at.send}">${csrfField(view)}${button(t.send)}</form>`}
${isOpenTo('withdraw', state) && html`<form method="post" action="${at.withdraw}">${csrfField(view)}${button(t.withdraw, { look: 'secondary' })}</form>`}</div>
<p><a href="${places.connections}">${t.title}</a></p>`,
  })
}

function livePart(view: View, client: string, { issuer, keySet }: Pick<ConnectionPage, 'issuer' | 'keySet'>): Html {
  const { live } = textsOf(view.language).goingLive.request
  return html`${notice('success', live(client), view.language)}${liveValues(view, client, issuer)}
${keySet && keySetPart(keySet, view.language)}`
}

/** What a program needs on the live server, to copy. */
function liveValues(view: View, client: string, issuer: string): Html {
  const { client: t } = textsOf(view.language).developer
  const discovery = `${issuer}/.well-known/openid-configuration`
  return summaryList([
    { label: t.id, value: html`<code class="mono">${client}</code>` },
    { label: t.issuer, value: html`<code class="mono">${issuer}</code>` },
    { label: t.discovery, value: html`<a class="mono" href="${discovery}">${discovery}</a>` },
  ])
}

function entryField(view: View, { text, fault }: { text: string; fault: string | undefined }): Html {
  const t = textsOf(view.language).goingLive.request
  return html`<div class="field${fault !== undefined && ' bad'}"><label for="entry">${t.entry}</label>
${hintText('entry', t.entryHint)}${errorText('entry', fault, view.language)}
<textarea class="mono" id="entry" name="entry" rows="24" maxlength="30000" spellcheck="false" aria-describedby="entry-hint${fault !== undefined && ' entry-error'}"${
    fault !== undefined && html` aria-invalid="true"`}>
${text}</textarea></div>`
}

export function checklistTable(view: View, checklist: Checklist, caption?: string): Part {
  const t = textsOf(view.language).goingLive.request
  return table(caption ?? t.checklist, [t.check, t.outcome], checkNames.map((name) => [t.checks[name], t.outcomes[checklist[name]]]))
}
