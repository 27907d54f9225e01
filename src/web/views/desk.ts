import type { Live } from '#domain/desk/answer.ts'
import { officeAt } from '#domain/desk/station.ts'
import { html, jsonBlock, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { places } from '#web/place/citizen.ts'
import { codeField, errorSummary, field } from './field.ts'
import { bullets, button, levelBadge, linkButton } from './parts.ts'
import { inAppNotice, passkeyForm } from './passkey-form.ts'

type CodeAsked = { fault?: 'missing' | 'wrong'; /** Whose application it is, asked where a network has no tries left. */ owner?: { typed: string; fault: boolean } }

/** Where the code of a desk is typed, or put by a camera. After a fault it is never filled in again. */
export function deskCodePage(view: View, { fault, owner }: CodeAsked = {}): Html {
  const { level2: t, frame } = textsOf(view.language)
  const { language } = view
  const error = fault && t.codeFaults[fault]
  const ownerError = owner?.fault === true ? t.ownerFault : undefined
  const faults = [...(error === undefined ? [] : [{ field: 'code', message: error }]), ...(ownerError === undefined ? [] : [{ field: 'number', message: ownerError }])]
  return page(view, {
    title: t.title,
    failed: faults.length > 0 || owner !== undefined,
    script: faults.length > 0 || 'scanned',
    body: html`${errorSummary(faults, language)}
<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
<form method="post" action="${places.level2}" novalidate>${csrfField(view)}
${codeField({ name: 'code', label: t.code, hint: t.codeHint, language, error, maxlength: 40 })}
${owner !== undefined && field({ name: 'number', label: t.owner, hint: t.ownerHint, language, value: owner.typed, error: ownerError, inputmode: 'numeric', look: 'number', maxlength: 40, autocomplete: 'off' })}
${button(frame.continue)}</form>
<h2>${t.bringTitle}</h2>
${bullets(t.bring)}`,
  })
}

/** Who the officer is, as they allow it, and what they are about to do. */
function whoActs(view: View, { station: { badge, desk, commune }, purpose }: Live): Html {
  const { level2: t } = textsOf(view.language)
  return html`<p class="lead">${t.acts[purpose]({ officer: badge ?? t.nameless, desk, commune, office: officeAt({ commune }) })}</p>`
}

function number(view: View, { code }: Live): Html {
  const { level2: t } = textsOf(view.language)
  return html`<p>${t.number}</p><p class="match">${code.number}</p>`
}

function denial(view: View): Html {
  return html`<form method="post" action="${places.level2Deny}">${csrfField(view)}${button(textsOf(view.language).level2.no, { look: 'secondary' })}</form>`
}

/** The officer compares; the page looks again by itself. */
export function deskWaitPage(view: View, application: Live): Html {
  const { level2: t } = textsOf(view.language)
  return page(view, {
    title: t.compareTitle,
    again: 3,
    body: html`<h1>${t.compareTitle}</h1>
${whoActs(view, application)}
${number(view, application)}
<p role="status">${t.waiting}</p>
${denial(view)}`,
  })
}

type Key = { note: 'failed' | undefined } & (
  { act: 'confirm'; options: PublicKeyCredentialRequestOptionsJSON } | { act: 'create'; options: PublicKeyCredentialCreationOptionsJSON }
)

/** Yes is the passkey itself, so that nobody says it for them. */
export function deskNumberPage(view: View, application: Live, { act, options, note }: Key): Html {
  const { level2: t, registration: { passkey: { notes } }, signIn } = textsOf(view.language)
  return page(view, {
    title: t.compareTitle,
    script: true,
    body: html`<h1>${t.compareTitle}</h1>
${whoActs(view, application)}
${number(view, application)}
<p>${act === 'create' ? t.makes : t.signs}</p>
${passkeyForm(view, { action: places.level2Answer, act, label: t.yes })}
<p class="note" id="note" role="status" data-cancelled="${notes.cancelled}" data-failed="${notes.failed}" data-exists="${notes.exists}">${note && notes[note]}</p>
${inAppNotice(view, {})}
<noscript><p class="notice warning">${signIn.noScript}</p></noscript>
${denial(view)}
${jsonBlock('passkey-options', options)}`,
  })
}

export type DeskEnd = 'done' | 'denied' | 'refused' | 'over' | 'closed'

export function deskEndPage(view: View, end: DeskEnd): Html {
  const { level2: { ends } } = textsOf(view.language)
  const { title, text } = ends[end]
  return page(view, {
    title,
    failed: end === 'closed' || end === 'over',
    body: html`${end === 'done' && html`<p class="done">${levelBadge(2, view.language)}</p>`}<h1>${title}</h1>
<p class="lead">${text}</p>
${end === 'done' ? linkButton(ends.toAccount, places.account) : linkButton(ends.again, places.level2, 'secondary')}`,
  })
}
