import type { Day } from '#kernel/clock.ts'
import type { Expiry } from '#domain/client/expiry.ts'
import type { KeySetStanding } from '#domain/signing-key/watch.ts'
import type { Mark } from '#domain/statistic/health.ts'
import type { Figure, Line } from '#domain/statistic/figures.ts'
import { moved, monthOf } from '#domain/statistic/period.ts'
import { html, type Html, type Part } from '#web/html.ts'
import { formatBirthDate as formatDate, formatCount, formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { clientPlaces, healthPlaces } from '#web/place/console.ts'
import { keySetPart } from '#web/views/key-set.ts'
import { linkButton, summaryList, table } from '#web/views/parts.ts'
import { bars, type Bar } from './bars.ts'
import { expiriesPart } from './expiries.ts'
import { adminPage, type AdminView } from './frame.ts'
import { figure } from './statistics.ts'

/** What an error of the protocol means and what to do about it, in English as relying parties read it. */
export type Explain = (error: string, reason: string) => { cause: string; remedy: string } | undefined

export type Health = {
  id: string
  name: string
  until: Date
  lastUse: Day | undefined
  marks: readonly Mark[]
  keySet: KeySetStanding
  /** Whether the reader is of the organisation, and sees every count. */
  own: boolean
  /** What finished, was refused, was cancelled. */
  days: readonly Line<Day>[]
  faults: readonly { error: string; reason: string; count: Figure }[]
  explain: Explain
  expiries: readonly Expiry[]
  /** Whether the reader may ask about linked accounts. */
  asksLinks: boolean
}

export function healthPage(view: AdminView, health: Health): Html {
  const { id, name, until, faults, keySet, expiries, asksLinks, own } = health
  const { health: t } = textsOf(view.language)
  const at = healthPlaces(id)
  const usage = [moved(monthOf(view.at), -1), ...(own ? [monthOf(view.at)] : [])].map((month) => html`<li><a href="${at.usage}?thang=${month}" download>${t.usage}: ${formatDate(month)}</a></li>`)
  return adminPage(view, {
    title: t.title(name),
    between: [{ at: clientPlaces(id).start, label: name }],
    body: html`<p class="lead">${t.until(formatTime(until))}</p>
${summaryList(seen(view, health))}
${keySetPart(keySet, view.language)}
${expiriesPart(expiries, view)}
${daysPart(view, health)}
<section>${faults.length === 0 ? html`<h2>${t.faults}</h2><p>${t.noFaults}</p>` : table(t.faults, [t.error, t.times, t.meaning], faults.map((one) => faultRow(view, health, one)))}</section>
<ul class="list">${usage}</ul>
${!own && html`<p class="hint">${t.guarded}</p>`}
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
  const sumOf = ({ figures: [finished = 0, refused = 0] }: Line<Day>) => finished + refused
  const most = days.toSorted((one, other) => sumOf(other) - sumOf(one))[0]
  const column = ({ key, figures: [good, bad] }: Line<Day>): Bar => (good === undefined || bad === undefined
    ? { label: `${formatDate(key)}: ${words.hidden}`, whole: good ?? bad ?? 0 }
    : { label: words.bar(formatDate(key), count(good), count(bad)), good, bad })
  const drawn = most !== undefined && sumOf(most) > 0 && bars('days', { title: t.days, description: words.chart(count(sumOf(most)), formatDate(most.key)), columns: days.map(column) })
  const used = days.filter(({ figures }) => figures.some((one) => one !== 0))
  if (used.length === 0) return html`<section><h2>${t.days}</h2><p>${words.none}</p></section>`
  return html`<section>${drawn}${table(t.days, [t.day, words.finished, words.refused, words.cancelled], used.toReversed().map(({ key, figures }) =>
    [formatDate(key), ...figures.map((one) => figure(one, language))]))}</section>`
}

function faultRow({ language }: AdminView, { explain }: Health, { error, reason, count }: Health['faults'][number]): readonly Part[] {
  const meant = explain(error, reason)
  return [
    html`<span class="mono">${error}</span>`,
    figure(count, language),
    meant && html`<span lang="en">${reason !== '' && html`“${reason}”. `}${`${meant.cause} ${meant.remedy}`.replaceAll('`', '')}</span>`,
  ]
}
