import type { Json } from '#kernel/canonical.ts'
import type { ClientState } from '#domain/client/client.ts'
import type { ClientEntry } from '#domain/client/entry.ts'
import { inReadingOrder } from '#domain/client/member.ts'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import { html, type Html, type Part } from '#web/html.ts'
import { formatCount, formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { clientPlaces, consolePlaces, healthPlaces, proposalPlaces } from '#web/place/console.ts'
import { field } from '#web/views/field.ts'
import { linkButton, notice, summaryList, table } from '#web/views/parts.ts'
import type { Proposed } from './approvals.ts'
import { askPage, type Asking } from './client-question.ts'
import { secretNotices } from './client-secret.ts'
import { adminPage, backTo, type AdminView } from './frame.ts'
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
  secret: 'none' | 'missing' | 'there'
  /** A new secret waits for this officer. */
  collects: boolean
  /** Until when the secret before is good too. */
  formerUntil: Date | undefined
}

export function clientPage(view: AdminView, { id, name, state, entry, catalogue, waiting, decided, ways, secret, collects, formerUntil }: Props): Html {
  const { clients: t, clientSecrets: { replace: replaceSecret } } = textsOf(view.language)
  const at = clientPlaces(id)
  const members = inReadingOrder(Object.entries(entry).flatMap(([member, value]) => (hasContent(value) ? [{ member, value }] : [])))
  return adminPage(view, {
    title: name,
    body: html`<p>${t.state}: <strong${state !== 'live' && html` class="tag"`}>${t.states[state]}</strong> · <a href="${healthPlaces(id).start}">${textsOf(view.language).agreement.toHealth}</a></p>
${secret === 'missing' && notice('warning', t.detail.secretMissing, view.language)}
${secretNotices(view, { id, collects, formerUntil })}
${waiting.length > 0 && proposals(view, t.detail.waiting, waiting)}
<section><h2>${t.detail.members}</h2>
${summaryList(members.map(({ member, value }) => ({ label: memberName(view, member), value: memberValue(view, catalogue, { member, value }) })))}</section>
${ways.change && linkButton(t.detail.change, at.change)}
${ways.resume && linkButton(t.detail.resume, at.resume, 'secondary')}
${ways.secret && linkButton(secret === 'missing' ? t.detail.secret : replaceSecret, at.secret, 'secondary')}
${ways.suspend && linkButton(t.detail.suspend, at.suspend, 'danger')}
${ways.end && linkButton(t.detail.end, at.end, 'secondary')}
${decided.length === 0 ? html`<p>${t.detail.noHistory}</p>` : proposals(view, t.detail.history, decided)}
${backTo(view, consolePlaces.clients)}`,
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
