import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { places } from '#web/place/citizen.ts'
import { birthDateField, type DateParts } from './date-field.ts'
import { errorSummary, field, type FieldFault } from './field.ts'
import { bullets, button, linkButton } from './parts.ts'

export type LostFaults = { number?: 'missing' | 'format'; birthDate?: 'dateMissing' | 'yearShort' | 'dateWrong'; shown?: 'missing' | 'format' }

/** The reference or code is never filled in again. */
export function lostPage(view: View, { number, parts, faults = {} }: { number?: string; parts?: DateParts; faults?: LostFaults } = {}): Html {
  const { lost: t, signIn, registration } = textsOf(view.language)
  const { language } = view
  const numberError = faults.number && signIn.numberErrors[faults.number]
  const bornError = faults.birthDate && registration.identity.errors[faults.birthDate]
  const shownError = faults.shown && t.errors[faults.shown]
  const summary: FieldFault[] = [['number', numberError], ['birthDay', bornError], ['shown', shownError]]
    .flatMap(([at = '', message]) => (message === undefined ? [] : [{ field: at, message }]))
  return page(view, {
    title: t.title,
    failed: summary.length > 0,
    script: summary.length > 0,
    body: html`${errorSummary(summary, language)}
<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
<form method="post" action="${places.lost}" novalidate>${csrfField(view)}
${field({ name: 'number', label: signIn.numberLabel, hint: signIn.numberHint, language, look: 'number', inputmode: 'numeric', value: number, error: numberError })}
${birthDateField({ language, value: parts, error: bornError, paper: 'either' })}
${field({ name: 'shown', label: t.shown, hint: t.shownHint, language, look: 'wide', autocapitalize: 'characters', autocomplete: 'off', spellcheck: false, error: shownError })}
${button(t.button)}</form>
<h2>${t.neitherTitle}</h2>
<p>${t.neither}</p>`,
  })
}

/** The same for everybody, whatever they typed. */
export function lostReportedPage(view: View): Html {
  const t = textsOf(view.language).lost.done
  return page(view, {
    title: t.title,
    body: html`<h1>${t.title}</h1>
<p class="lead">${t.text}</p>
${bullets(t.list)}
${linkButton(t.again, places.lost, 'secondary')}`,
  })
}
