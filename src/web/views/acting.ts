import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { interactionPlaces, places } from '#web/places.ts'
import { button, linkButton, notice, summaryList, withService, type Service } from './parts.ts'
import { backToService } from './sign-in.ts'

type Tie = 'parent' | 'guardian'

export type ForWhom = {
  service: Service
  uid: string
  /** Who has just signed in. */
  self: string
  choices: readonly { account: string; name: string; tie: Tie }[]
}

/** In whose name: whoever signed in, or one of those they represent. */
export function forWhomPage(view: View, { service, uid, self, choices }: ForWhom): Html {
  const t = textsOf(view.language).acting
  return page(view, {
    title: t.title,
    body: html`<h1>${t.title}</h1>
<p class="lead">${withService(t.lead, service)}</p>
<form method="post" action="${interactionPlaces(uid).forWhom}">${csrfField(view)}
${button(html`${t.self} <span lang="vi">${self}</span>`, { name: 'choice', value: 'self' })}
${choices.map(({ account, name, tie }) => button(html`${t.instead} <span lang="vi">${name}</span> (${t.ties[tie]})`, { name: 'choice', value: account, look: 'secondary' }))}</form>
<p class="hint">${t.caution}</p>
${backToService(view, service, uid)}`,
  })
}

/** Beside everything that is agreed to for somebody else: whose it is. */
export function inNameOf(view: View, name: string): Html {
  const t = textsOf(view.language).acting
  return notice('info', html`${t.actingFor} <strong lang="vi">${name}</strong>. ${t.actingForLead}`, view.language)
}

export type WardShown = { person: string; name: string; number: string; tie: Tie; account: 'none' | 'cannot' | { level: number } }

/** "My e-ID": whom the register lets this person act for. */
export function wardsPage(view: View, wards: readonly WardShown[]): Html {
  const { acting: { wards: t }, myEid } = textsOf(view.language)
  return page(view, {
    title: t.title,
    body: html`<h1>${t.title}</h1>
${wards.length === 0 ? html`<p class="lead">${t.none}</p><p>${t.noneHint}</p>` : html`<p class="lead">${t.lead}</p>${wards.map((ward) => shownWard(view, ward))}<p>${t.ends}</p>`}
${linkButton(myEid.back, places.account, 'link')}`,
  })
}

function shownWard(view: View, { person, name, number, tie, account }: WardShown): Html {
  const { acting: { ties, wards: t } } = textsOf(view.language)
  return html`<section class="share"><h2 lang="vi">${name}</h2>
${summaryList([{ label: t.number, value: number }, { label: t.tie, value: ties[tie] }, { label: t.account, value: accountInWords(view, account) }])}
${account === 'none' && html`<form method="post" action="${places.wards}">${csrfField(view)}<input type="hidden" name="ward" value="${person}">${button(t.open(name), { look: 'secondary' })}</form>`}</section>`
}

function accountInWords({ language }: View, account: WardShown['account']): string {
  const { wards: t } = textsOf(language).acting
  if (account === 'none') return t.hasNot
  return account === 'cannot' ? t.cannot : t.has(account.level)
}
