import type { SystemStatus } from '#domain/statistic/system-status.ts'
import { html, type Html } from '#web/html.ts'
import { formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { page, type View } from '#web/page.ts'
import { places } from '#web/place/citizen.ts'
import { notice, summaryList, table } from './parts.ts'

export function statusPage(view: View, { at, signIn, registry, hours }: SystemStatus): Html {
  const { status: t } = textsOf(view.language)
  const works = (does: boolean) => (does ? t.works : t.fails)
  const up = signIn && registry
  const known = hours?.flatMap(({ hour, success }) => (success === undefined ? [] : [[formatTime(hour), `${success} %`]]))
  return page(view, {
    title: t.title,
    body: html`<h1>${t.title}</h1>
${up ? html`<p class="lead">${t.up}</p>` : notice('error', t.down, view.language)}
<section><h2>${t.parts}</h2>${summaryList([{ label: t.part.signIn, value: works(signIn) }, { label: t.part.registry, value: works(registry) }])}
<p class="hint">${t.checked(formatTime(at))}</p></section>
<section>${known === undefined || known.length === 0
      ? html`<h2>${t.hours}</h2><p>${known === undefined ? t.unknown : t.few}</p>`
      : html`<p>${t.hoursText}</p>${table(t.hours, [t.hour, t.success], known)}`}</section>
<p>${t.forPrograms}<a href="${places.statusData}">${places.statusData}</a></p>`,
  })
}
