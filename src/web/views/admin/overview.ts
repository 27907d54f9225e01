import type { RoleGrant } from '#domain/officer/role.ts'
import { html, type Html } from '#web/html.ts'
import { formatBirthDate as formatDate, formatCount } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { places } from '#web/places.ts'
import { linkButton, table } from '#web/views/parts.ts'
import { adminPage, type AdminView } from './frame.ts'

export function overviewPage(view: AdminView, { waiting, roles }: { waiting: number; roles: readonly RoleGrant[] }): Html {
  const t = textsOf(view.language).console
  return adminPage(view, {
    title: t.title,
    body: html`<p class="lead">${t.overview.waiting(formatCount(waiting, view.language))}</p>
${waiting > 0 && linkButton(t.overview.toApprovals, places.approvals)}
${table(t.overview.yourRoles, [t.overview.role, t.overview.sector, t.overview.until], roles.map(({ role, sector, endsOn }) =>
    [t.roles.names[role], sector ?? t.overview.everywhere, formatDate(endsOn)]))}`,
  })
}
