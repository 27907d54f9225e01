import { stepOf, type Expiry } from '#domain/client/expiry.ts'
import { html, type Html, type Part } from '#web/html.ts'
import { formatTime } from '#web/i18n/format.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import { healthPlaces } from '#web/place/console.ts'
import { table } from '#web/views/parts.ts'

/** What ends soon, each with the way to its service. */
export function expiriesPart(expiries: readonly Expiry[], { language, at: now }: { language: Language; at: Date }): Html {
  const { health: t } = textsOf(language)
  if (expiries.length === 0) return html`<section><h2>${t.expiries}</h2><p>${t.noExpiries}</p></section>`
  return html`<section>${table(t.expiries, [t.service, t.what, t.at], expiries.map(({ client, name, what, at }) =>
    [html`<a href="${healthPlaces(client).start}">${name}</a>`, t.whats[what], html`${formatTime(at)} ${urgency(at, now, language)}`]))}<p class="hint">${t.expiriesText}</p></section>`
}

/** The last week, and what is over, in words and not by colour. */
function urgency(at: Date, now: Date, language: Language): Part {
  const { letters: t } = textsOf(language)
  if (at < now) return html`<strong>${t.over}</strong>`
  return stepOf({ at }, now) === 7 && html`<strong>${t.soon}</strong>`
}
