import { may, type Permission } from '#domain/officer/permission.ts'
import type { Officer } from '#domain/officer/officer.ts'
import { html, type Html, type Part } from '#web/html.ts'
import { formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { page, type Page, type View } from '#web/page.ts'
import { places } from '#web/places.ts'
import { errorText, hintText } from '#web/views/field.ts'

/** What a page of officers is given besides: who is at work, and when. */
export type AdminView = View & { officer: Officer; at: Date }

const rooms = [
  { at: places.console, needs: 'console.open', name: 'overview' },
  { at: places.clients, needs: 'client.read', name: 'clients' },
  { at: places.approvals, needs: 'console.open', name: 'approvals' },
  { at: places.reviews, needs: 'connection.review', name: 'connections' },
  { at: places.roles, needs: 'role.read', name: 'roles' },
  { at: places.statistics, needs: 'statistics.read', name: 'statistics' },
  { at: places.keys, needs: 'key.read', name: 'keys' },
  { at: places.banners, needs: 'banner.write', name: 'banners' },
  { at: places.audit, needs: 'audit.read', name: 'audit' },
] as const satisfies readonly { at: string; needs: Permission; name: string }[]

/** The way to every page that these roles may open, on top of all. */
function nav({ language, officer, at, here }: AdminView): Html {
  const t = textsOf(language).console.nav
  const open = rooms.filter(({ needs }) => may(officer.roles, needs, 'list', at))
  return html`<nav class="rooms" aria-label="${t.label}"><ul>${open.map(({ at: place, name }) =>
    html`<li><a href="${place}"${here === place && html` aria-current="page"`}>${t[name]}</a></li>`)}</ul></nav>`
}

/** The frame of every page of officers. */
export function adminPage(view: AdminView, { title, body, ...rest }: Page): Html {
  return page(view, { ...rest, title, wide: true, body: html`${nav(view)}<h1>${title}</h1>\n${body}` })
}

type Reason = { name?: string; label?: string; value?: string | undefined; error?: string | undefined }

/** Every write asks why. */
export function reasonField(view: View, { name = 'reason', label, value, error }: Reason = {}): Html {
  const t = textsOf(view.language).console
  return html`<div class="field${error !== undefined && ' bad'}"><label for="${name}">${label ?? t.reason}</label>
${hintText(name, t.reasonHint)}${errorText(name, error, view.language)}
<textarea id="${name}" name="${name}" rows="3" maxlength="500" aria-describedby="${name}-hint${error !== undefined && ` ${name}-error`}"${
    error !== undefined && html` aria-invalid="true"`}>${value}</textarea></div>`
}

/** Where a page leads back to. */
export function backTo(view: View, place: string, label?: Part): Html {
  return html`<p><a href="${place}">${label ?? textsOf(view.language).console.back}</a></p>`
}

/** Words that a narrow column of a table must not break. */
export const whole = (words: string): Html => html`${words.split(' ').map((word) => html`<span class="seq">${word}</span> `)}`

/** A time in a table: its day stays whole, and the hour may come below. */
export function momentCell(at: Date): Html {
  const [day = '', hour = ''] = formatTime(at).split(' ')
  return html`${whole(day)}${hour}`
}
