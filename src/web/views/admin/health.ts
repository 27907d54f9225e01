import type { Day } from '#kernel/clock.ts'
import type { Expiry } from '#domain/client/expiry.ts'
import type { Mark } from '#domain/statistic/health.ts'
import { moved, monthOf } from '#domain/statistic/period.ts'
import { html, type Html, type Part } from '#web/html.ts'
import { formatBirthDate as formatDate, formatCount, formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { clientPlaces, healthPlaces } from '#web/places.ts'
import { linkButton, summaryList, table } from '#web/views/parts.ts'
import { bars } from './bars.ts'
import { expiriesPart } from './expiries.ts'
import { adminPage, type AdminView } from './frame.ts'

/** What an error of the protocol means and what to do about it, in English as relying parties read it. */
export type Explain = (error: string, reason: string) => { cause: string; remedy: string } | undefined

export type Health = {
  id: string
  name: string
  until: Date
  lastUse: Day | undefined
  marks: readonly Mark[]
  days: readonly { day: Day; finished: number; refused: number; cancelled: number }[]
  faults: readonly { error: string; reason: string; count: number }[]
  explain: Explain
  expiries: readonly Expiry[]
  /** Whether the reader may ask about linked accounts. */
  asksLinks: boolean
}

export function healthPage(view: AdminView, health: Health): Html {
  const { id, name, until, faults, expiries, asksLinks } = health
  const { health: t } = textsOf(view.language)
  const at = healthPlaces(id)
  const usage = [moved(monthOf(view.at), -1), monthOf(view.at)].map((month) => html`<li><a href="${at.usage}?thang=${month}" download>${t.usage}: ${formatDate(month)}</a></li>`)
  return adminPage(view, {
    title: t.title(name),
    between: [{ at: clientPlaces(id).start, label: name }],
    body: html`<p class="lead">${t.until(formatTime(until))}</p>
${summaryList(seen(view, health))}
${expiriesPart(expiries, view)}
${daysPart(view, health)}
<section>${faults.length === 0 ? html`<h2>${t.faults}</h2><p>${t.noFaults}</p>` : table(t.faults, [t.error, t.times, t.meaning], faults.map((one) => faultRow(view, health, one)))}</section>
<section><h2>${t.ourKeys}</h2><p>${t.ourKeysText}</p></section>
<ul class="list">${usage}</ul>
${asksLinks && linkButton(t.links.title, at.links, 'secondary')}`,
  })
}

function seen({ language }: AdminView, { lastUse, marks }: Health): readonly { label: Part; value: Part }[] {
  const { health: t } = textsOf(language)
  const of = (what: Mark['what']) => marks.find((mark) => mark.what === what)
  const [fetched, failed, certificate] = [of('keys-fetched'), of('keys-failed'), of('certificate')]
  return [
    { label: t.lastUse, value: lastUse === undefined ? t.never : formatDate(lastUse) },
    ...(fetched ? [{ label: t.keysFetched, value: formatTime(fetched.at) }] : []),
    ...(failed ? [{ label: t.keysFailed, value: html`${formatTime(failed.at)} <span class="mono">${failed.detail}</span>` }] : []),
    ...(certificate ? [{ label: t.certificate, value: `${formatTime(certificate.at)}, ${t.certificateUntil(formatTime(new Date(certificate.detail)))}` }] : []),
  ]
}

function daysPart({ language }: AdminView, { days }: Health): Html {
  const { health: t, statistics: words } = textsOf(language)
  const count = (value: number) => formatCount(value, language)
  const most = days.toSorted((one, other) => other.finished + other.refused - one.finished - one.refused)[0]
  const drawn = most !== undefined && most.finished + most.refused > 0 && bars('days', {
    title: t.days,
    description: words.chart(count(most.finished + most.refused), formatDate(most.day)),
    columns: days.map(({ day, finished, refused }) => ({ label: words.bar(formatDate(day), count(finished), count(refused)), good: finished, bad: refused })),
  })
  const used = days.filter(({ finished, refused, cancelled }) => finished + refused + cancelled > 0)
  if (used.length === 0) return html`<section><h2>${t.days}</h2><p>${words.none}</p></section>`
  return html`<section>${drawn}${table(t.days, [t.day, words.finished, words.refused, words.cancelled], used.toReversed().map(({ day, finished, refused, cancelled }) =>
    [formatDate(day), count(finished), count(refused), count(cancelled)]))}</section>`
}

function faultRow({ language }: AdminView, { explain }: Health, { error, reason, count }: Health['faults'][number]): readonly Part[] {
  const meant = explain(error, reason)
  return [
    html`<span class="mono">${error}</span>`,
    formatCount(count, language),
    meant && html`<span lang="en">${reason !== '' && html`“${reason}”. `}${`${meant.cause} ${meant.remedy}`.replaceAll('`', '')}</span>`,
  ]
}
