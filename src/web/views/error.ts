import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { page, type View } from '#web/page.ts'
import { details, linkButton } from './parts.ts'

export type ErrorProps = {
  /** What happened, as a title: `wordProblem(code, detail, language).title`. */
  title: string
  sentence: string
  whatToDo: string
  /** `7F3K-29QD`, the same as in log and audit. */
  reference: string
  back?: { href: string; label: string }
  /** The protocol's own words, folded; only for clients in a sandbox. */
  technical?: string
}

/** Every error a person meets: what happened, what to do, a reference, and a way back. */
export function errorPage(view: View, { title, sentence, whatToDo, reference, back, technical }: ErrorProps): Html {
  const t = textsOf(view.language).problems
  return page(view, {
    title,
    failed: true,
    body: html`<h1>${title}</h1>
<p class="lead">${sentence}</p>
<p>${whatToDo}</p>
${back && linkButton(back.label, back.href)}
<div class="ref"><p>${t.reference}: <strong class="mono">${reference}</strong></p><p class="hint">${t.referenceHint}</p></div>
${technical !== undefined && details(t.technical, html`<p class="mono" lang="en">${technical}</p>`)}`,
  })
}
