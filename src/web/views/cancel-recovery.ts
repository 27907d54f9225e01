import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { places } from '#web/place/citizen.ts'
import { bullets, button, linkButton, notice } from './parts.ts'

/** In "my e-ID", while a recovery can be objected to. */
export function heldNotice(view: View, until: string): Html {
  const t = textsOf(view.language).lost.held
  return html`${notice('warning', t.warning(until), view.language)}
${linkButton(t.link, places.cancelRecovery, 'secondary')}`
}

export function cancelRecoveryPage(view: View): Html {
  const t = textsOf(view.language).lost.held
  return page(view, {
    title: t.title,
    body: html`<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
${bullets(t.list)}
<form method="post" action="${places.cancelRecovery}">${csrfField(view)}${button(t.button, { look: 'danger' })}</form>
${linkButton(textsOf(view.language).myEid.back, places.account, 'link')}`,
  })
}

export function recoveryCancelledPage(view: View): Html {
  const t = textsOf(view.language).lost.held
  return page(view, {
    title: t.done,
    body: html`<h1>${t.done}</h1>
<p class="lead">${t.doneText}</p>
${linkButton(textsOf(view.language).myEid.notSignedIn.again, places.account)}`,
  })
}
