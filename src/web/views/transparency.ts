import { html, type Html } from '#web/html.ts'
import { formatCount } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { page, type View } from '#web/page.ts'
import { places } from '#web/place/citizen.ts'
import { logPlaces } from '#web/place/program.ts'
import { bullets, linkButton, summaryList, table } from './parts.ts'

export type ShownChange = { seq: number; at: string; what: string; whose: string; subject: string; by: string }

type Props = {
  head: { size: number; root: string; key: string }
  /** Newest first. */
  changes: readonly ShownChange[]
  /** The line before which the next page begins; absent on the last. */
  older: number | undefined
  isNewest: boolean
}

export function transparencyPage(view: View, { head, changes, older, isNewest }: Props): Html {
  const t = textsOf(view.language).transparency
  const mono = (text: string) => html`<span class="mono">${text}</span>`
  const link = (href: string, text: string) => html`<a href="${href}">${text}</a>`
  const last = Math.min(head.size, 100) - 1
  return page(view, {
    title: t.title,
    wide: true,
    work: true,
    body: html`<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
<section><h2>${t.what.title}</h2>
${bullets(t.what.list)}
<p>${t.what.private}</p></section>
<section><h2>${t.head.title}</h2>
${summaryList([
  { label: t.head.size, value: formatCount(head.size, view.language) },
  { label: t.head.root, value: mono(head.root) },
  { label: t.head.key, value: mono(head.key) },
  { label: t.head.forPrograms, value: html`${link(logPlaces.checkpoint, t.head.checkpoint)} · ${link(`${logPlaces.entries}?from=0&to=${Math.max(0, last)}`, t.head.entries)}` },
])}</section>
<section>${changes.length === 0 ? html`<p>${t.none}</p>` : changesTable(view, changes)}
${older !== undefined && linkButton(t.older, `${places.transparency}?truoc=${older}`, 'secondary')}
${!isNewest && linkButton(t.newest, places.transparency, 'link')}</section>`,
  })
}

function changesTable({ language }: View, changes: readonly ShownChange[]): Html {
  const t = textsOf(language).transparency
  const count = (seq: number | undefined) => formatCount(seq ?? 0, language)
  const { seq, at, what, whose, by } = t.columns
  const caption = t.changes(count(changes.at(-1)?.seq), count(changes[0]?.seq))
  return table(caption, [seq, at, what, whose, by], changes.map((change) => [
    html`<a class="seq" href="${`${logPlaces.entries}?from=${change.seq}&to=${change.seq}`}">${count(change.seq)}</a>`,
    change.at,
    change.what,
    change.whose === change.subject ? html`<span class="mono">${change.subject}</span>` : html`${change.whose} <span class="quiet">${change.subject}</span>`,
    change.by,
  ]))
}
