import { deskGrounds, lookUpGrounds } from '#domain/audit/case.ts'
import type { Recorded } from '#domain/audit/trail.ts'
import { roles } from '#domain/officer/role.ts'
import { html, type Html, type Part } from '#web/html.ts'
import { formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import type { Reader } from '#web/i18n/vi/in-person.ts'
import { page, type View } from '#web/page.ts'
import { places } from '#web/place/citizen.ts'
import { agreedList, type AgreedByOther } from './acting.ts'
import { linkButton, summaryList } from './parts.ts'

/** Everybody who looked, newest first: by which role, in which case and why. Who it was is for auditors to find out. */
export function historyPage(view: View, { reader, rows, agreed, older }: { reader: Reader; rows: readonly Recorded[]; agreed: readonly AgreedByOther[]; older: string | undefined }): Html {
  const { audit: { history: t }, myEid } = textsOf(view.language)
  return page(view, {
    title: t.title,
    body: html`<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
${rows.length === 0 ? html`<p>${t.none}</p>` : html`${rows.map((row) => look(view, row))}
<p>${t.strange(reader)}</p>`}
${agreedList(view, agreed)}
${older !== undefined && linkButton(t.older, `${places.history}?older=${older}`, 'secondary')}
${linkButton(myEid.back, places.account, 'link')}`,
  })
}

function look(view: View, { id, at, type, data }: Recorded): Html {
  const { audit: { history: t, lookUp }, console } = textsOf(view.language)
  const role = roles.find((name) => name === data['role'])
  const ground = [...lookUpGrounds, ...deskGrounds].find((name) => name === data['ground'])
  const atDesk = deskGrounds.some((name) => name === ground)
  // At a desk the record of the registry is shown, and nothing of the log.
  const what = atDesk ? t.looks['registry.shown'] : type === 'audit.looked-up' || type === 'account.shown' || type === 'registry.shown' ? t.looks[type] : type
  const number: Part = typeof data['case'] === 'string' ? html`<span lang="vi">${data['case']}</span>` : t.noCase
  return summaryList([
    { label: t.at, value: formatTime(at) },
    { label: t.what, value: what },
    { label: t.who, value: role === undefined ? t.operator : t.officer(console.roles.names[role]) },
    { label: t.case, value: number },
    ...(ground === undefined ? [] : [{ label: t.ground, value: lookUp.grounds[ground] }]),
    { label: t.reference, value: html`<span class="mono">${id}</span>` },
  ])
}
