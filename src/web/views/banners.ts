import type { Banner } from '#domain/banner/banner.ts'
import { html, type Html } from '#web/html.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'

/** What is on top of every page while it is up; nothing at all when nothing is. */
export function bannersBlock(banners: readonly Pick<Banner, 'kind' | 'text'>[], language: Language): Html | false {
  const t = textsOf(language).banners
  return banners.length > 0 && html`<section aria-label="${t.label}">${banners.map(({ kind, text }) =>
    html`<p class="notice${kind === 'maintenance' && ' warning'}"><strong>${t.kinds[kind]}.</strong> ${text[language]}</p>`)}</section>
`
}
