import { html, jsonBlock, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import type { Reader } from '#web/i18n/vi/in-person.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { places, requestPlaces } from '#web/place/citizen.ts'
import { inNameOf, type ForWhom } from './acting.ts'
import { confirmedDetails, consentGroup, type ConfirmedDetail, type ConsentGroup } from './consent.ts'
import { radioList } from './field.ts'
import { bullets, button, linkButton, notice, servicePlate, summaryList, withService, type Service, type SummaryRow } from './parts.ts'
import { passkeyForm, passkeyNotes, type PasskeyNote } from './passkey-form.ts'

/** A request of a service, in words. */
export type Request = {
  id: string
  service: Service
  organisation: string
  sentAt: string
  endsAt: string
  /** Whom it is about, where the person answers for somebody else. */
  inNameOf?: string | undefined
}

/** Everything that waits, oldest first. */
export function requestsPage(view: View, requests: readonly Request[]): Html {
  const t = textsOf(view.language)
  const card = ({ id, service, sentAt, inNameOf: name }: Request) =>
    html`<li><a href="${requestPlaces(id).start}"><strong lang="${service.language ?? 'vi'}">${service.name}</strong>${name !== undefined && html`<span>${t.acting.instead} <bdi lang="vi">${name}</bdi></span>`}<span>${t.approval.sentAt(sentAt)}</span></a></li>`
  return page(view, {
    title: t.approval.title,
    body: html`<h1>${t.approval.title}</h1>
${
  requests.length === 0
    ? html`<p class="lead">${t.approval.none}</p><p>${t.approval.noneHint}</p>`
    : html`<p class="lead">${t.approval.lead}</p><ul class="cards">${requests.map(card)}</ul>`
}
${linkButton(t.approval.reload, places.requests, 'secondary')}
${linkButton(t.myEid.back, places.account, 'link')}`,
  })
}

function sender({ language }: View, { organisation }: Request): SummaryRow {
  return { label: textsOf(language).approval.organisation, value: organisation }
}

function times({ language }: View, { sentAt, endsAt }: Request): readonly SummaryRow[] {
  const t = textsOf(language).approval
  return [{ label: t.sent, value: sentAt }, { label: t.ends, value: endsAt }]
}

function refusal(view: View, { id }: Request, { reason, label }: { reason: 'not-me' | 'declined' | 'unreachable' | 'no-organisation'; label: string }): Html {
  const look = reason === 'unreachable' || reason === 'no-organisation' ? 'primary' : 'secondary'
  return html`<form method="post" action="${requestPlaces(id).refuse}">${csrfField(view)}${
    button(label, { look, name: 'reason', value: reason })
  }</form>`
}

/** Whom it is about, where that is somebody else than who answers. */
function about(view: View, { inNameOf: name }: Request): Html | false {
  return name !== undefined && inNameOf(view, name)
}

/** The first question: which code is the person being shown? Whoever has none in front of them has only the way out. */
export function matchPage(view: View, request: Request, choices: readonly string[]): Html {
  const t = textsOf(view.language).approval
  return page(view, {
    title: t.match.title(request.service.name),
    body: html`<h1>${withService(t.match.title, request.service)}</h1>
<p class="lead">${t.match.lead}</p>
${about(view, request)}
<form method="post" action="${requestPlaces(request.id).code}">${csrfField(view)}
<div class="codes">${choices.map((code) => button(code, { look: 'secondary', name: 'code', value: code }))}</div></form>
${notice('warning', t.match.caution, view.language)}
${refusal(view, request, { reason: 'not-me', label: t.match.notMe })}
${summaryList([sender(view, request), ...times(view, request)])}`,
  })
}

/** In whose name somebody may answer. */
export type InNames = Pick<ForWhom, 'self' | 'choices' | 'selfFirst'>

export type Confirmation = {
  code: string
  /** Where there is a choice. */
  names?: InNames | undefined
  groups: readonly ConsentGroup[]
  details: readonly ConfirmedDetail[]
  options: PublicKeyCredentialRequestOptionsJSON
  note?: PasskeyNote
}

/** The second: what is sent, and the passkey; when it was asked stands below, for it decides nothing. Posts `assertion`, and `optional` for each box that was ticked. */
export function confirmPage(view: View, request: Request, { code, names, groups, details, options, note }: Confirmation): Html {
  const t = textsOf(view.language).approval
  const shared = html`${names !== undefined && nameChoice(view, names)}${confirmedDetails(details)}${
    groups.length === 0
      ? html`<p>${t.confirm.nothingShared}</p>`
      : html`<h2>${t.confirm.shares}</h2>${groups.map((group) => consentGroup(view, group))}`
  }`
  return page(view, {
    title: t.confirm.title(request.service.name),
    script: true,
    body: html`<h1>${withService(t.confirm.title, request.service)}</h1>
${about(view, request)}
${summaryList([{ label: t.code, value: html`<span class="mono big">${code}</span>` }, sender(view, request)])}
${passkeyForm(view, { action: requestPlaces(request.id).approve, act: 'confirm', label: t.confirm.button, above: shared })}
${passkeyNotes(view, {}, note)}
${refusal(view, request, { reason: 'declined', label: t.confirm.decline })}
${summaryList(times(view, request))}
${jsonBlock('passkey-options', options)}`,
  })
}

/** Chosen before anything is confirmed, and read beside what is shared. */
function nameChoice({ language }: View, { self, choices, selfFirst }: InNames): Html {
  const { acting, organisation: { door } } = textsOf(language)
  const own = self === undefined ? [] : [{ value: 'self', label: html`${acting.self} <span lang="vi">${self}</span>`, checked: selfFirst }]
  const others = choices.map(({ value, name, as, code }, at) => ({ value, label: html`${door.instead} <span lang="vi">${name}</span> (${code}): ${as}`, checked: at === 0 && (own.length === 0 || !selfFirst) }))
  return radioList('choice', door.title, selfFirst ? [...own, ...others] : [...others, ...own], door.caution)
}

/** The person cannot give what is asked, with the account or the passkeys they have: said before they unlock anything. */
export function unreachablePage(view: View, request: Request, { missing, reader }: { missing: 'account-level' | 'hardware-key' | 'organisation'; /** Whose account would have to be raised. */ reader: Reader }): Html {
  const { close, [missing]: t } = textsOf(view.language).approval.unreachable
  return page(view, {
    title: t.title,
    body: html`${servicePlate(request.service)}
<h1>${t.title}</h1>
<p class="lead">${withService(t.text, request.service)}</p>
<p>${t.todo(reader)}</p>
${refusal(view, request, { reason: missing === 'organisation' ? 'no-organisation' : 'unreachable', label: close })}`,
  })
}

/** How it ended. */
export function endedPage(view: View, how: 'approved' | 'declined' | 'mismatched' | 'answering' | 'failed'): Html {
  const t = textsOf(view.language)
  const { title, text } = t.approval.ended[how]
  return page(view, {
    title,
    body: html`<h1>${title}</h1>
<p class="lead">${text}</p>
${linkButton(t.myEid.back, places.account, 'secondary')}`,
  })
}

/** The answer to an empty form: no script, or a browser that knows no passkeys. */
export function noPasskeyHerePage(view: View, again: string): Html {
  const t = textsOf(view.language).signIn.unsupported
  return page(view, {
    title: t.title,
    failed: true,
    body: html`<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
${bullets(t.list)}
${linkButton(t.again, again)}`,
  })
}
