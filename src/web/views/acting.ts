import { html, type Html } from '#web/html.ts'
import { formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import type { Reader } from '#web/i18n/vi/in-person.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { places } from '#web/place/citizen.ts'
import { interactionPlaces } from '#web/place/interaction.ts'
import { button, linkButton, nameOf, notice, summaryList, withService, type Service } from './parts.ts'
import { backToService } from './sign-in.ts'

type Tie = 'parent' | 'guardian'

export type ForWhom = {
  service: Service
  uid: string
  /** Who has just signed in; nobody where the service asks for organisations alone. */
  self: string | undefined
  /** `code` is the public number of an organisation. */
  choices: readonly { value: string; name: string; as: string; code?: string }[]
  /** Whether their own name stands on top. */
  selfFirst: boolean
}

/** In whose name: whoever signed in, or one of those they represent. */
export function forWhomPage(view: View, { service, uid, self, choices, selfFirst }: ForWhom): Html {
  const { acting: wards, organisation: { door } } = textsOf(view.language)
  const t = choices.some(({ code }) => code !== undefined) ? door : wards
  const own = self !== undefined && button(html`${wards.self} <span lang="vi">${self}</span>`, { name: 'choice', value: 'self', look: selfFirst ? 'primary' : 'secondary' })
  const others = choices.map((choice, at) => choiceButton(view, choice, at === 0 && (own === false || !selfFirst)))
  return page(view, {
    title: t.title,
    body: html`<h1>${t.title}</h1>
<p class="lead">${withService(t.lead, service)}</p>
<form method="post" action="${interactionPlaces(uid).forWhom}">${csrfField(view)}
${selfFirst ? [own, ...others] : [...others, own]}</form>
<p class="hint">${t.caution}</p>
${backToService(view, service, uid)}`,
  })
}

function choiceButton({ language }: View, { value, name, as, code }: ForWhom['choices'][number], first: boolean): Html {
  const { acting, organisation } = textsOf(language)
  const label = code === undefined ? html`${acting.instead} <span lang="vi">${name}</span> (${as})` : html`${organisation.door.instead} <span lang="vi">${name}</span> (${code}): ${as}`
  return button(label, { name: 'choice', value, look: first ? 'primary' : 'secondary' })
}

/** Beside everything that is agreed to in the name of an organisation: which one. */
export function inNameOfOrganisation(view: View, name: string): Html {
  const { door } = textsOf(view.language).organisation
  return notice('info', html`${door.actingFor} <strong lang="vi">${name}</strong>. ${door.actingForLead}`, view.language)
}

/** Beside everything that is agreed to for somebody else: whose it is. */
export function inNameOf(view: View, name: string): Html {
  const t = textsOf(view.language).acting
  return notice('info', html`${t.actingFor} <strong lang="vi">${name}</strong>. ${t.actingForLead}`, view.language)
}

export type WardShown = { person: string; name: string; number: string; tie: Tie; account: 'none' | 'cannot' | { level: number } }

/** "My e-ID": whom the register lets this person act for. */
export function wardsPage(view: View, { reader, wards }: { reader: Reader; wards: readonly WardShown[] }): Html {
  const { acting: { wards: t }, myEid } = textsOf(view.language)
  return page(view, {
    title: t.title,
    body: html`<h1>${t.title}</h1>
${wards.length === 0 ? html`<p class="lead">${t.none}</p><p>${t.noneHint(reader)}</p>` : html`<p class="lead">${t.lead}</p>${wards.map((ward) => shownWard(view, ward))}<p>${t.ends}</p>`}
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

export type AgreedByOther = { at: Date; /** Unknown where the service is there no more. */ service: Service | undefined; id: string; /** Of whoever agreed. */ name: string | undefined }

/** "My e-ID": what a representative agreed to in this person's name. They are asked anew themself. */
export function agreedList(view: View, agreed: readonly AgreedByOther[]): Html | false {
  const { agreed: t } = textsOf(view.language).acting
  return agreed.length > 0 && html`<section><h2>${t.title}</h2><p>${t.lead}</p>
${agreed.map(({ at, service, id, name }) => summaryList([
    { label: t.at, value: formatTime(at) },
    { label: t.service, value: service === undefined ? html`<bdi>${id}</bdi>` : nameOf(service) },
    { label: t.by, value: name === undefined ? t.nameless : html`<span lang="vi">${name}</span>` },
  ]))}</section>`
}
