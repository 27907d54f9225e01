import { html, jsonBlock, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import type { Reader } from '#web/i18n/vi/in-person.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { places } from '#web/place/citizen.ts'
import { interactionPlaces } from '#web/place/interaction.ts'
import { errorSummary, field, type FieldFault } from './field.ts'
import { bullets, button, linkButton, servicePlate, withService, type Service } from './parts.ts'
import { inAppNotice, passkeyForm } from './passkey-form.ts'
import { backToService } from './sign-in.ts'

type Recovering = { service: Service; uid: string }

/** "What do you still have?" */
export function recoverWaysPage(view: View, { service, uid }: Recovering): Html {
  const t = textsOf(view.language).recovery.ways
  const at = interactionPlaces(uid)
  const way = (href: string, label: string, hint: string) => html`<li><a href="${href}"><strong>${label}</strong><span>${hint}</span></a></li>`
  return page(view, {
    title: t.title,
    body: html`${servicePlate(service)}
<h1>${t.title}</h1>
<ul class="cards">${way(at.otherPhone, t.device, t.deviceHint)}
${way(at.recoverCode, t.codes, t.codesHint)}
${way(`${places.help}#mat-may`, t.nothing, t.nothingHint)}</ul>
${backToService(view, service, uid)}`,
  })
}

export type RecoverFaults = { number?: 'missing' | 'format'; code?: 'missing' | 'format' | 'wrong' }

/** The code is never filled in again, not even a wrong one. */
export function recoverCodePage(view: View, { service, uid, number, faults = {} }: Recovering & { number?: string; faults?: RecoverFaults }): Html {
  const { recovery: { code: t }, signIn, frame } = textsOf(view.language)
  const { language } = view
  const numberError = faults.number && signIn.numberErrors[faults.number]
  const codeError = faults.code && t.errors[faults.code]
  const summary: FieldFault[] = [
    ...(numberError === undefined ? [] : [{ field: 'number', message: numberError }]), ...(codeError === undefined ? [] : [{ field: 'code', message: codeError }]),
  ]
  return page(view, {
    title: t.title,
    failed: summary.length > 0,
    script: summary.length > 0,
    body: html`${errorSummary(summary, language)}
${servicePlate(service)}
<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
<form method="post" action="${interactionPlaces(uid).recoverCode}" novalidate>${csrfField(view)}
${field({ name: 'number', label: signIn.numberLabel, hint: signIn.numberHint, language, look: 'number', inputmode: 'numeric', value: number, error: numberError })}
${field({ name: 'code', label: t.label, hint: t.hint, language, look: 'wide', autocapitalize: 'characters', autocomplete: 'off', spellcheck: false, error: codeError })}
${button(frame.continue)}</form>
${linkButton(t.back, interactionPlaces(uid).recover, 'link')}
${backToService(view, service, uid)}`,
  })
}

type PasskeyStep = Recovering & { options: PublicKeyCredentialCreationOptionsJSON; note?: 'failed' }

export function recoverPasskeyPage(view: View, { service, uid, options, note }: PasskeyStep): Html {
  const { recovery: { passkey: t }, registration: { passkey: { notes } }, signIn } = textsOf(view.language)
  return page(view, {
    title: t.title,
    script: true,
    body: html`<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
${passkeyForm(view, { action: interactionPlaces(uid).recoverPasskey, act: 'create', label: t.button })}
<p class="note" id="note" role="status" data-cancelled="${notes.cancelled}" data-failed="${notes.failed}" data-exists="${notes.exists}">${note && notes[note]}</p>
${inAppNotice(view, service)}
<noscript><p class="notice warning">${signIn.noScript}</p></noscript>
${jsonBlock('passkey-options', options)}`,
  })
}

/** What is different for a while, and what to do about the passkey that was lost. */
export function recoverDonePage(view: View, { service, uid, reader, hours }: Recovering & { reader: Reader; hours: number }): Html {
  const { recovery: { done: t }, frame } = textsOf(view.language)
  return page(view, {
    title: t.title,
    body: html`<h1>${t.title}</h1>
<p class="lead">${t.lead(hours)}</p>
${bullets(t.list(reader))}
<form method="post" action="${interactionPlaces(uid).recovered}">${csrfField(view)}${button(withService(frame.backTo, service))}</form>`,
  })
}

/** The account was closed as lost: the passkey is there, and opens it when nobody has objected. */
export function recoverWaitsPage(view: View, { service, uid, reader, opensAt, alone }: Recovering & { reader: Reader; opensAt: string; alone: boolean }): Html {
  const { recovery: { waits: t } } = textsOf(view.language)
  return page(view, {
    title: t.title,
    body: html`<h1>${t.title}</h1>
<p class="lead">${t.lead(opensAt)}</p>
${bullets([...(alone ? [t.alone] : []), ...t.list(reader)])}
${backToService(view, service, uid)}`,
  })
}
