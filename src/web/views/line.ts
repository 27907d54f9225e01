import { html, type Html } from '#web/html.ts'
import { formatCount } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { page, type View } from '#web/page.ts'

/** `wait` and `again` in seconds. */
export type LineProps = { position: number; wait: number; again: number }

/** Very many sign in at once: which place this person has, and that it is kept (ux §4.9). */
export function linePage(view: View, { position, wait, again }: LineProps): Html {
  const t = textsOf(view.language).line
  const { minutes } = textsOf(view.language).problems
  const about = wait < 60 ? t.lessThanAMinute : t.about(minutes(formatCount(Math.ceil(wait / 60), view.language)))
  return page(view, {
    title: t.title(formatCount(position, view.language)),
    again,
    body: html`<h1>${t.title(formatCount(position, view.language))}</h1>
<p class="lead">${about}</p>
<p>${t.stay}</p>
<p>${t.kept}</p>`,
  })
}
