import type { Expiry } from '#domain/client/expiry.ts'
import { html, type Html } from '#web/html.ts'
import { formatTime } from '#web/i18n/format.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import { healthPlaces } from '#web/places.ts'
import { table } from '#web/views/parts.ts'

/** What ends soon, each with the way to its service. */
export function expiriesPart(expiries: readonly Expiry[], language: Language): Html {
  const { health: t } = textsOf(language)
  if (expiries.length === 0) return html`<section><h2>${t.expiries}</h2><p>${t.noExpiries}</p></section>`
  return html`<section>${table(t.expiries, [t.service, t.what, t.at], expiries.map(({ client, name, what, at }) =>
    [html`<a href="${healthPlaces(client).start}">${name}</a>`, t.whats[what], formatTime(at)]))}<p class="hint">${t.expiriesText}</p></section>`
}
