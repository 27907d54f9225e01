import { printed, type RecoveryCode } from '#domain/recovery/code.ts'
import { html, type Html } from '#web/html.ts'
import { formatCount } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { places } from '#web/place/citizen.ts'
import { bullets, button, linkButton, notice } from './parts.ts'

type Shown = { left: number; made?: string | undefined; count: number }

/** What printed codes are for, how many are left, and new ones. */
export function recoveryCodesPage(view: View, { left, made, count }: Shown): Html {
  const { recoveryCodes: t, myEid } = textsOf(view.language)
  return page(view, {
    title: t.title,
    body: html`<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
${made === undefined ? html`<p>${t.none}</p>` : html`<p><strong>${t.left(formatCount(left, view.language), made)}</strong></p>`}
${bullets(t.list)}
<form method="post" action="${places.recoveryCodes}">${csrfField(view)}${button(t.make(formatCount(count, view.language)))}</form>
${made !== undefined && html`<p>${t.replaces}</p>`}
${linkButton(myEid.back, places.account, 'link')}`,
  })
}

/** For whoever holds an office. */
export function noCodesPage(view: View): Html {
  const { recoveryCodes: t, myEid } = textsOf(view.language)
  return page(view, { title: t.title, body: html`<h1>${t.title}</h1>\n<p class="lead">${t.inOffice}</p>\n${linkButton(myEid.back, places.account, 'secondary')}` })
}

/** The only time that anybody sees them. */
export function printedCodesPage(view: View, codes: readonly RecoveryCode[]): Html {
  const { recoveryCodes: t, myEid } = textsOf(view.language)
  return page(view, {
    title: t.printedTitle,
    body: html`<h1>${t.printedTitle}</h1>
<p class="lead">${t.printedLead}</p>
${notice('warning', t.once, view.language)}
<ol class="steps">${codes.map((code) => html`<li><strong class="nb">${printed(code)}</strong></li>`)}</ol>
${linkButton(myEid.back, places.account, 'secondary')}`,
  })
}
