import type { Expiry } from '#domain/client/expiry.ts'
import type { RoleGrant } from '#domain/officer/role.ts'
import type { Ending } from '#domain/statistic/counted.ts'
import { html, type Html } from '#web/html.ts'
import { formatBirthDate as formatDate, formatCount } from '#web/i18n/format.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import { places } from '#web/places.ts'
import { linkButton, summaryList, table } from '#web/views/parts.ts'
import { alarmList, type AlarmShown } from './alarms.ts'
import { expiriesPart } from './expiries.ts'
import { adminPage, type AdminView } from './frame.ts'
import { keyAges, type Ages } from './keys.ts'
import { rateOf } from './statistics-tables.ts'

/** Sign-ins of the last minutes, or `late` where they could not be read. */
type Live = { minutes: number; ended: Readonly<Record<Ending, number>> } | 'late'

type Overview = { waiting: number; alarms: readonly AlarmShown[]; roles: readonly RoleGrant[]; /** Absent for whoever may not see it. */ live?: Live; keys?: Ages; expiries?: readonly Expiry[] }

export function overviewPage(view: AdminView, { waiting, alarms, roles, live, keys, expiries }: Overview): Html {
  const t = textsOf(view.language).console
  return adminPage(view, {
    title: t.title,
    body: html`${alarmList(view, alarms)}<p class="lead">${t.overview.waiting(formatCount(waiting, view.language))}</p>
${waiting > 0 && linkButton(t.overview.toApprovals, places.approvals)}
${live && livePart(live, view.language)}
${keys && keyAges(view, keys)}
${expiries && expiriesPart(expiries, view.language)}
${table(t.overview.yourRoles, [t.overview.role, t.overview.sector, t.overview.until], roles.map(({ role, sector, endsOn }) =>
    [t.roles.names[role], sector ?? t.overview.everywhere, formatDate(endsOn)]))}`,
  })
}

function livePart(live: Live, language: Language): Html {
  const { statistics: { live: t } } = textsOf(language)
  if (live === 'late') return html`<section><h2>${t.title}</h2><p>${t.late}</p></section>`
  const { minutes, ended: { finished, refused, cancelled } } = live
  return html`<section><h2>${t.title}</h2>${summaryList([
    { label: t.perMinute, value: formatCount((finished + refused + cancelled) / minutes, language) },
    { label: t.success, value: rateOf([finished, refused], language) },
  ])}</section>`
}
