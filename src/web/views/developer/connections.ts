import { checkNames, type Checklist } from '#domain/connection/checklist.ts'
import { isOpenTo, type Connection } from '#domain/connection/connection.ts'
import type { Deadline } from '#domain/connection/deadline.ts'
import type { KeySetStanding } from '#domain/signing-key/watch.ts'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import type { DeveloperClient } from '#domain/sandbox/developer-client.ts'
import { html, type Html, type Part } from '#web/html.ts'
import { formatBirthDate, formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { connectionPlaces, developerPlaces, selfTestPlace } from '#web/place/developer.ts'
import { clientFields, type Typed } from '#web/views/admin/client-form.ts'
import { errorSummary, type FieldFault } from '#web/views/field.ts'
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
${clients.length === 0 && html`<p><a href="${developerPlaces.start}">${t.noClients}</a></p>`}
${clients.map(({ id, name }) => html`<form method="post" action="${developerPlaces.connections}">${csrfField(view)}<input type="hidden" name="client" value="${id}">
${button(t.begin(name), { look: 'secondary' })}</form><p><a href="${selfTestPlace(id)}">${t.toSelfTest}: ${name}</a></p>`)}</section>`,
  })
}

export type ConnectionPage = {
  connection: Connection
  deadline: Deadline | undefined
  /** Of the live server. */
  issuer: string
  catalogue: Catalogue
  /** What stands in the fields. */
  typed: Typed
  faults: readonly FieldFault[]
  /** What was typed is kept, though it is not whole. */
  kept?: boolean | undefined
  incomplete?: boolean | undefined
  checklist?: Checklist | undefined
  /** Of a service that is live. */
  keySet?: KeySetStanding | undefined
  notReady?: boolean | undefined
}

export function connectionPage(view: View, { connection, deadline, issuer, faults, checklist, keySet, kept = false, notReady = false, ...fields }: ConnectionPage): Html {
  const { id, state } = connection
  const t = textsOf(view.language).goingLive.request
  const at = connectionPlaces(id)
  return page(view, {
    work: true,
    title: serviceOf(connection),
    wide: true,
    failed: faults.length > 0 || notReady,
    script: faults.length > 0,
    body: html`<h1>${serviceOf(connection)}</h1>
${kept && notice('info', t.keptSoFar, view.language)}
${errorSummary(faults, view.language)}
${notReady && notice('error', t.notReady, view.language)}
${standing(view, { connection, deadline })}
${state === 'live' && livePart(view, textOf(connection.entry['client_id']), { issuer, keySet })}
${isOpenTo('save', state) && writing(view, { connection, faults, ...fields })}
${checklist && checklistTable(view, checklist)}
<div class="pair">${isOpenTo('submit', state) && html`<form method="post" action="${at.send}">${csrfField(view)}${button(t.send)}</form>`}
${isOpenTo('withdraw', state) && html`<form method="post" action="${at.withdraw}">${csrfField(view)}${button(t.withdraw, { look: 'secondary' })}</form>`}</div>
<p><a href="${developerPlaces.connections}">${t.title}</a></p>`,
  })
}

function standing({ language }: View, { connection: { state, submittedAt, review }, deadline }: Pick<ConnectionPage, 'connection' | 'deadline'>): Html {
  const t = textsOf(language).goingLive.request
  return summaryList([
    { label: t.state, value: t.states[state] },
    ...(submittedAt ? [{ label: t.since, value: formatTime(submittedAt) }] : []),
    ...(deadline && state === 'submitted' ? [{ label: t.due, value: formatBirthDate(deadline.dueOn) }] : []),
    ...(state === 'returned' && review ? [{ label: t.returned, value: review.reason }] : []),
  ])
}

/** The form of a request that is being written, as far as it is. */
function writing(view: View, { connection: { id, tried }, typed, faults, catalogue, incomplete = false }: Pick<ConnectionPage, 'connection' | 'typed' | 'faults' | 'catalogue' | 'incomplete'>): Html {
  const t = textsOf(view.language).goingLive.request
  return html`${incomplete && html`<p>${t.incomplete}</p>`}
<form method="post" action="${connectionPlaces(id).save}" novalidate>${csrfField(view)}<button name="do" value="send" hidden></button>${clientFields(view, { typed, faults, catalogue })}
${button(t.save, { name: 'do', value: 'send' })}</form><p><a href="${selfTestPlace(tried)}">${t.toSelfTest}</a></p>`
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

export function checklistTable(view: View, checklist: Checklist, caption?: string): Part {
  const t = textsOf(view.language).goingLive.request
  return table(caption ?? t.checklist, [t.check, t.outcome], checkNames.map((name) => [t.checks[name], t.outcomes[checklist[name]]]))
}
