import { officeAt } from '#domain/desk/station.ts'
import { manyColumns, mostAtOnce } from '#domain/officer/many.ts'
import type { Change } from '#domain/proposal/change.ts'
import { html, type Html } from '#web/html.ts'
import { formatBirthDate as formatDate, formatCount } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField } from '#web/page.ts'
import { consolePlaces } from '#web/place/console.ts'
import { area } from '#web/views/area.ts'
import { errorSummary } from '#web/views/field.ts'
import { bullets, button, details, table } from '#web/views/parts.ts'
import { adminPage, backTo, reasonField, type AdminView } from './frame.ts'

/** A form takes 64 KiB, and a letter of Vietnamese is up to nine bytes of it. */
export const longestList = 24_000

type Form = { typed: { list?: string; reason?: string }; /** In words, line by line. */ faults: readonly string[]; listMissing: boolean; reasonMissing: boolean }

const faultsShown = 20

export function manyRolesPage(view: AdminView, { typed, faults, listMissing, reasonMissing }: Form): Html {
  const { language } = view
  const { console: { reasonMissing: noReason }, manyRoles: t } = textsOf(language)
  const error = listMissing ? t.missing : faults.length > 0 ? t.faulty : undefined
  const wrong = [...(error === undefined ? [] : [{ field: 'list', message: error }]), ...(reasonMissing ? [{ field: 'reason', message: noReason }] : [])]
  return adminPage(view, {
    title: t.title,
    failed: wrong.length > 0,
    script: wrong.length > 0,
    body: html`<p class="lead">${t.lead(formatCount(mostAtOnce, language))}</p>
${errorSummary(wrong, language)}
${faults.length > 0 && !listMissing && html`${bullets(faults.slice(0, faultsShown))}${faults.length > faultsShown && html`<p>${t.more(formatCount(faults.length - faultsShown, language))}</p>`}`}
${details(t.columns, html`<p class="mono">${manyColumns.join(',')}</p>${bullets(t.columnWords)}`)}
<form method="post" action="${consolePlaces.manyRoles}">${csrfField(view)}
${area({ name: 'list', label: t.list, hint: t.listHint, language, value: typed.list, error, rows: 12, maxlength: longestList, code: true })}
${reasonField(view, { value: typed.reason, error: reasonMissing ? noReason : undefined })}
${button(t.submit)}</form>
${backTo(view, consolePlaces.officers)}`,
  })
}

/** Each role of the list with everything that is signed of it, and whose it is by name. */
export type ListedRole = { name: string } & (
  | Extract<Change, { act: 'role.many' }>['grants'][number]
  | Extract<Change, { act: 'role.many' }>['ends'][number]
)

/** What a second person signs, row by row: nothing of it is folded away. */
export function listedRoles({ language }: AdminView, rows: readonly ListedRole[]): Html {
  const { console: { roles, overview }, desk, manyRoles: t } = textsOf(language)
  const where = (one: ListedRole) => {
    if (!('ends_on' in one)) return html`<span class="mono quiet">${one.grant}</span>`
    if (one.post === undefined) return one.sector ?? overview.everywhere
    return html`${desk.shift({ ...one.post, office: officeAt(one.post), days: desk.days[one.post.days] })}${one.post.badge !== undefined && html`<br>${t.badge(one.post.badge)}`}`
  }
  return table(t.caption(formatCount(rows.length, language)), [roles.holder, t.act, roles.role, t.where, roles.until], rows.map((one) => [
    html`${one.name}<br><span class="mono quiet">${one.account}</span>`,
    'ends_on' in one ? t.gives : html`<strong>${t.ends}</strong>`,
    roles.names[one.role], where(one), 'ends_on' in one ? formatDate(one.ends_on) : t.atOnce,
  ]))
}
