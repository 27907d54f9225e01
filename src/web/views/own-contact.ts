import type { Reach } from '#domain/account/contact.ts'
import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { places } from '#web/place/citizen.ts'
import { codeField, errorSummary, field } from './field.ts'
import { button, linkButton, notice, summaryList } from './parts.ts'

type Kind = Reach['kind']

type Contacts = {
  /** With the middle hidden: there may be somebody behind. */
  known: readonly { kind: Kind; shown: string }[]
  /** A number is offered where messages can be sent. */
  kinds: readonly Kind[]
  fault?: { kind: Kind; typed: string } | undefined
  note?: 'changed' | 'spent' | undefined
}

/** Where the holder is told, and a form for each kind. */
export function contactsPage(view: View, { known, kinds, fault, note }: Contacts): Html {
  const { ownContact: t, myEid } = textsOf(view.language)
  const valueOf = (kind: Kind) => known.filter((one) => one.kind === kind).map(({ shown }) => shown).join(', ') || t.none
  return page(view, {
    title: t.title,
    failed: fault !== undefined || note === 'spent',
    script: fault !== undefined,
    body: html`${errorSummary(fault === undefined ? [] : [{ field: fault.kind, message: t[fault.kind].fault }], view.language)}
<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
${note === 'changed' && notice('success', t.changed, view.language)}
${note === 'spent' && notice('warning', t.spent, view.language)}
${summaryList((['email', 'phone'] as const).map((kind) => ({ label: t.kinds[kind], value: valueOf(kind) })))}
<p>${t.oldLost}</p>
${kinds.map((kind) => changeForm(view, kind, fault))}
${linkButton(myEid.back, places.account, 'link')}`,
  })
}

const looks = {
  email: { type: 'email', inputmode: 'email', autocomplete: 'email', maxlength: 254 },
  phone: { type: 'tel', inputmode: 'tel', autocomplete: 'tel-national', maxlength: 30 },
} as const

function changeForm(view: View, kind: Kind, fault: Contacts['fault']): Html {
  const { ownContact: { [kind]: t } } = textsOf(view.language)
  const mine = fault?.kind === kind ? fault : undefined
  return html`<h2>${t.title}</h2>
<form method="post" action="${places.contacts}" novalidate>${csrfField(view)}<input type="hidden" name="kind" value="${kind}">
${field({ name: kind, label: t.label, hint: t.hint, language: view.language, value: mine?.typed, error: mine && t.fault, spellcheck: false, ...looks[kind] })}
${button(t.button, { look: 'secondary' })}</form>`
}

type CodeStep = { to: string; generation: number; minutes: number; digits: number; error?: { is: 'missing' } | { is: 'wrong'; left: number } | undefined }

/** The code that went to the new address. */
export function contactCodePage(view: View, { to, generation, minutes, digits, error }: CodeStep): Html {
  const { ownContact: { code: t } } = textsOf(view.language)
  const message = error && (error.is === 'wrong' ? t.wrong(error.left) : t.missing)
  return page(view, {
    title: t.title,
    failed: message !== undefined,
    script: message !== undefined,
    body: html`${errorSummary(message === undefined ? [] : [{ field: 'code', message }], view.language)}
<h1>${t.title}</h1>
<p class="lead">${t.lead(to, minutes)}</p>
<form method="post" action="${places.contactCode}" novalidate>${csrfField(view)}<input type="hidden" name="n" value="${String(generation)}">
${codeField({ name: 'code', label: t.label(digits), hint: t.hint, error: message, language: view.language, maxlength: 12 })}
${button(t.button)}</form>
${linkButton(t.again, places.contacts, 'link')}`,
  })
}
