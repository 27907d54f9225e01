import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import type { Paper } from '#web/i18n/vi/papers.ts'
import { page, type View } from '#web/page.ts'
import { bullets, linkButton, summaryList } from './parts.ts'
import { places } from '#web/place/citizen.ts'

/** `ids` and `ends` stand at the section of the same place. */
function paper(view: View, { title, lead, sections }: Paper, ids: readonly (string | undefined)[] = [], ends: readonly (Html | undefined)[] = []): Html {
  return page(view, {
    title,
    body: html`<h1>${title}</h1>
<p class="lead">${lead}</p>
${sections.map(
  (section, index) => html`<section>
<h2${ids[index] !== undefined && html` id="${ids[index]}"`}>${section.title}</h2>
${(section.paragraphs ?? []).map((text) => html`<p>${text}</p>`)}
${section.list && bullets(section.list)}${ends[index]}</section>`,
)}`,
  })
}

/** `#mat-may` is where "I lost my phone" leads. */
export function helpPage(view: View): Html {
  return paper(view, textsOf(view.language).papers.help, [undefined, 'mat-may'], [undefined, linkButton(textsOf(view.language).lost.link, places.lost, 'secondary')])
}

export function privacyPage(view: View): Html {
  return paper(view, textsOf(view.language).papers.privacy)
}

export function accessibilityPage(view: View): Html {
  return paper(view, textsOf(view.language).papers.accessibility)
}

/** `/` in development: what this is and where to click. */
export function devHomePage(view: View, { portal }: { portal: string }): Html {
  const t = textsOf(view.language).papers.home
  const link = (href: string) => html`<a href="${href}">${href}</a>`
  return page(view, {
    title: t.title,
    body: html`<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
${linkButton(t.portal, portal)}
${linkButton(textsOf(view.language).myEid.title, places.account, 'secondary')}
${linkButton(textsOf(view.language).lost.link, places.lost, 'secondary')}
<h2>${t.linksTitle}</h2>
${summaryList([
  { label: t.styleguide, value: link(places.styleguide) },
  { label: t.discovery, value: link('/.well-known/openid-configuration') },
  { label: t.jwks, value: link('/jwks') },
])}`,
  })
}
