import type { Json } from '#kernel/canonical.ts'
import type { ClientState } from '#domain/client/client.ts'
import type { ClientEntry } from '#domain/client/entry.ts'
import { inReadingOrder } from '#domain/client/member.ts'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import { html, type Html, type Part } from '#web/html.ts'
import { formatCount, formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField } from '#web/page.ts'
import { clientPlaces, healthPlaces, places, proposalPlaces } from '#web/places.ts'
import { errorSummary, field, type FieldFault } from '#web/views/field.ts'
import { button, linkButton, notice, summaryList, table } from '#web/views/parts.ts'
import type { Proposed } from './approvals.ts'
import { adminPage, backTo, reasonField, type AdminView } from './frame.ts'
import { memberName, memberValue } from './member.ts'

/** What this officer may do about this client as it stands. */
export type Ways = Readonly<Record<'change' | 'suspend' | 'resume' | 'end' | 'secret', boolean>>

type Props = {
  id: string
  name: string
  state: ClientState
  entry: ClientEntry
  catalogue: Catalogue
  waiting: readonly Proposed[]
  decided: readonly Proposed[]
  ways: Ways
  secretMissing: boolean
}

export function clientPage(view: AdminView, { id, name, state, entry, catalogue, waiting, decided, ways, secretMissing }: Props): Html {
  const { clients: t } = textsOf(view.language)
  const at = clientPlaces(id)
  const members = inReadingOrder(Object.entries(entry).flatMap(([member, value]) => (hasContent(value) ? [{ member, value }] : [])))
  return adminPage(view, {
    title: name,
    body: html`<p>${t.state}: <strong${state !== 'live' && html` class="tag"`}>${t.states[state]}</strong> · <a href="${healthPlaces(id).start}">${textsOf(view.language).agreement.toHealth}</a></p>
${secretMissing && notice('warning', t.detail.secretMissing, view.language)}
${waiting.length > 0 && proposals(view, t.detail.waiting, waiting)}
<section><h2>${t.detail.members}</h2>
${summaryList(members.map(({ member, value }) => ({ label: memberName(view, member), value: memberValue(view, catalogue, { member, value }) })))}</section>
${ways.change && linkButton(t.detail.change, at.change)}
${ways.resume && linkButton(t.detail.resume, at.resume, 'secondary')}
${ways.secret && linkButton(t.detail.secret, at.secret, 'secondary')}
${ways.suspend && linkButton(t.detail.suspend, at.suspend, 'danger')}
${ways.end && linkButton(t.detail.end, at.end, 'secondary')}
${decided.length === 0 ? html`<p>${t.detail.noHistory}</p>` : proposals(view, t.detail.history, decided)}
${backTo(view, places.clients)}`,
  })
}

function hasContent(value: Json | undefined): value is Json {
  return value !== undefined && !(Array.isArray(value) && value.length === 0)
}

function proposals(view: AdminView, caption: string, all: readonly Proposed[]): Html {
  const { acts, approvals: t } = textsOf(view.language).console
  return table(caption, [t.act, t.proposer, t.at, t.outcome], all.map(({ id, act, proposer, at, decision }): readonly Part[] => [
    html`<a href="${proposalPlaces(id).start}">${acts[act]}</a>`, proposer, formatTime(at),
    decision === undefined ? t.waiting : t.decidedAs(t.outcomes[decision.is], decision.by, formatTime(decision.at)),
  ]))
}

type Asking = { id: string; name: string; faults: readonly FieldFault[]; reason?: string | undefined }

type Question = Asking & { title: string; text: Part; action: string; submit: string; look: 'primary' | 'danger'; fields?: Html }

function askPage(view: AdminView, { id, name, faults, reason, title, text, action, submit, look, fields }: Question): Html {
  const error = (field: string) => faults.find((fault) => fault.field === field)?.message
  return adminPage(view, {
    title,
    between: [{ at: clientPlaces(id).start, label: name }],
    failed: faults.length > 0,
    script: faults.length > 0,
    body: html`${text}
${errorSummary(faults, view.language)}
<form method="post" action="${action}">${csrfField(view)}${fields}${reasonField(view, { value: reason, error: error('reason') })}
${button(submit, { look })}</form>
${backTo(view, clientPlaces(id).start)}`,
  })
}

/** One person stops a client at once, knowing how many will notice. */
export function suspendPage(view: AdminView, { people, typed, ...asking }: Asking & { people: number; typed?: string | undefined }): Html {
  const { suspend: t } = textsOf(view.language).clients
  return askPage(view, {
    ...asking,
    title: t.title(asking.name),
    text: html`<p class="lead">${t.text(formatCount(people, view.language))}</p><p>${t.back}</p>`,
    action: clientPlaces(asking.id).suspend,
    submit: t.button,
    look: 'danger',
    fields: field({
      name: 'name', label: t.confirm(asking.name), language: view.language, value: typed, error: asking.faults.find((fault) => fault.field === 'name')?.message, maxlength: 200, spellcheck: false,
    }),
  })
}

export function resumePage(view: AdminView, asking: Asking): Html {
  const { resume: t } = textsOf(view.language).clients
  return askPage(view, { ...asking, title: t.title(asking.name), text: html`<p class="lead">${t.text}</p>`, action: clientPlaces(asking.id).resume, submit: t.button, look: 'primary' })
}

export function endPage(view: AdminView, asking: Asking): Html {
  const { end: t } = textsOf(view.language).clients
  return askPage(view, { ...asking, title: t.title(asking.name), text: html`<p class="lead">${t.text}</p>`, action: clientPlaces(asking.id).end, submit: t.button, look: 'danger' })
}

export function secretPage(view: AdminView, { replaces, ...asking }: Asking & { replaces: boolean }): Html {
  const { secret: t } = textsOf(view.language).clients
  return askPage(view, {
    ...asking,
    title: t.title(asking.name),
    text: html`<p class="lead">${t.text}</p>${replaces && notice('warning', t.replaces, view.language)}`,
    action: clientPlaces(asking.id).secret,
    submit: t.button,
    look: replaces ? 'danger' : 'primary',
  })
}

/** The only time that anybody sees it. */
export function newSecretPage(view: AdminView, { id, secret }: { id: string; secret: string }): Html {
  const { secret: t, members } = textsOf(view.language).clients
  return adminPage(view, {
    title: t.doneTitle,
    body: html`${notice('warning', t.done, view.language)}
${summaryList([{ label: members.client_id, value: html`<span class="mono">${id}</span>` }, { label: t.label, value: html`<span class="mono" id="secret">${secret}</span>` }])}
${backTo(view, clientPlaces(id).start)}`,
  })
}
