import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { bullets, button } from '#web/views/parts.ts'

type Kept = { action: string; typed: Readonly<Record<string, unknown>>; /** Where to sign in. */ door: string }

/** The sign-in is too old for a change. It is renewed in another tab, so that nothing typed is lost, script or none. */
export function confirmAgainPage(view: View, { action, typed, door }: Kept): Html {
  const t = textsOf(view.language).console.confirmAgain
  const hidden = Object.entries(typed).filter(([name]) => name !== 'csrf').flatMap(([name, value]) => [value].flat().map((one) => html`<input type="hidden" name="${name}" value="${String(one)}">`))
  return page(view, {
    title: t.title,
    body: html`<h1>${t.title}</h1><p class="lead">${t.text}</p>${bullets(t.steps, 'steps')}
<p><a class="btn primary" href="${door}" target="_blank" rel="noopener"><span>${t.door}</span></a></p>
<form method="post" action="${action}">${csrfField(view)}${hidden}${button(t.send, { look: 'secondary' })}</form>`,
  })
}

export function confirmedPage(view: View): Html {
  const t = textsOf(view.language).console.confirmAgain
  return page(view, { title: t.done, body: html`<h1>${t.done}</h1><p class="lead">${t.doneText}</p>` })
}
