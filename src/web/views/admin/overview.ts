import type { Expiry } from '#domain/client/expiry.ts'
import type { RoleGrant } from '#domain/officer/role.ts'
import { tops, type Wait } from '#domain/statistic/answer-time.ts'
import type { Ending } from '#domain/statistic/counted.ts'
import { html, type Html } from '#web/html.ts'
import { formatBirthDate as formatDate, formatCount } from '#web/i18n/format.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import { consolePlaces } from '#web/place/console.ts'
import { summaryList, table } from '#web/views/parts.ts'
import { alarmList, type AlarmsShown } from './alarms.ts'
import { waitingTable, type Proposed } from './approvals.ts'
import { emergencyNotice, type Readiness } from './break-glass.ts'
import { overdueTable, reviewsTable, type Overdue, type Waiting } from './connections.ts'
import { expiriesPart } from './expiries.ts'
import { adminPage, type AdminView } from './frame.ts'
import { keyAges, type Ages } from './keys.ts'
import { rateOf } from './statistics-tables.ts'

/** Sign-ins of the last minutes: how they ended, and within how many milliseconds so many of a hundred requests were answered. */
export type Live = {
  minutes: number
  ended: Readonly<Record<Ending, number>>
  answered: readonly { wait: Wait; all?: number; most?: number | 'longer' }[]
  percent: number
}

type First<One> = { all: number; first: readonly One[] }

type Overview = { waiting: First<Proposed>; reviews: First<Waiting>; overdue: Overdue; alarms: AlarmsShown; roles: readonly RoleGrant[]; /** Absent for whoever may not see it. */ /** `late` where it could not be read. */ live?: Live | 'late'; keys?: Ages; expiries?: readonly Expiry[]; emergency?: Readiness }

export function overviewPage(view: AdminView, { waiting, reviews, overdue, alarms, roles, live, keys, expiries, emergency }: Overview): Html {
  const { console: t, onboarding } = textsOf(view.language)
  return adminPage(view, {
    title: t.title,
    body: html`${alarmList(view, alarms)}${emergency && emergencyNotice(view, emergency)}${overdueTable(view, overdue)}<p class="lead">${t.overview.waiting(formatCount(waiting.all, view.language))}</p>
${waiting.all > 0 && html`<section>${waitingTable(view, waiting.first)}<p><a href="${consolePlaces.approvals}">${t.overview.toApprovals}</a></p></section>`}
${reviews.all > 0 && html`<section>${reviewsTable(view, reviews.first, onboarding.toReview)}${reviews.all > reviews.first.length && html`<p><a href="${consolePlaces.reviews}">${onboarding.allRequests(formatCount(reviews.all, view.language))}</a></p>`}</section>`}
${live && livePart(live, view.language)}
${keys && keyAges(view, keys)}
${expiries && expiriesPart(expiries, view)}
${table(t.overview.yourRoles, [t.overview.role, t.overview.sector, t.overview.until], roles.map(({ role, sector, endsOn }) =>
    [t.roles.names[role], sector ?? t.overview.everywhere, formatDate(endsOn)]))}`,
  })
}

function livePart(live: Live | 'late', language: Language): Html {
  const { statistics: { live: t } } = textsOf(language)
  if (live === 'late') return html`<section><h2>${t.title}</h2><p>${t.late}</p></section>`
  const { minutes, ended: { finished, refused, cancelled } } = live
  return html`<section><h2>${t.title}</h2>${summaryList([
    { label: t.perMinute, value: formatCount((finished + refused + cancelled) / minutes, language) },
    { label: t.success, value: rateOf([finished, refused], language) },
  ])}
${answeredPart(live, language)}</section>`
}

/** The time of the servers alone, and what that means in words. */
function answeredPart({ answered, percent }: Live, language: Language): Html {
  const { answerTimes: t } = textsOf(language)
  const rows = answered.map(({ wait, all = 0, most }) => [
    t.waits[wait],
    most === undefined ? t.none : most === 'longer' ? t.longer(formatCount(Math.max(...tops), language)) : t.most(formatCount(most, language)),
    formatCount(all, language),
  ])
  return html`${table(t.title, [t.wait, t.within(formatCount(percent, language)), t.all], rows)}<p class="hint">${t.text(formatCount(percent, language))}</p>`
}
