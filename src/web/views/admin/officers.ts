import { officeAt } from '#domain/desk/station.ts'
import { inForce, type Role } from '#domain/officer/role.ts'
import type { RoleState } from '#domain/officer/search.ts'
import { standingOfKeys, type KeyStandingOfStaff, type Staff } from '#domain/officer/staff.ts'
import { html, type Html, type Part } from '#web/html.ts'
import { formatBirthDate as formatDate, formatCount, formatDay } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { consolePlaces, endRolePlace } from '#web/place/console.ts'
import { select } from '#web/views/area.ts'
import { field } from '#web/views/field.ts'
import { linkButton } from '#web/views/parts.ts'
import { adminPage, momentCell, type AdminView } from './frame.ts'
import { filterBy, listing, type Asked } from './listing.ts'
import { standingOf } from './roles.ts'

export type Named = Staff & { name: string }

type AskedOfficers = Asked & { vaitro?: Role | undefined; tinhtrang: RoleState | 'all'; noi?: string | undefined; to?: string | undefined; khoa?: KeyStandingOfStaff | undefined }
type Listed = { staff: readonly Named[]; all: number; asked: AskedOfficers; perPage: number; within: readonly Role[]; proposes: boolean; ends: boolean }

export function officersPage(view: AdminView, { staff, all, asked, perPage, within, proposes, ends }: Listed): Html {
  const { language } = view
  const { console: { roles }, officers: t, manyRoles, listing: { roles: words, whatever } } = textsOf(language)
  const choices = [{ value: '', label: whatever }, ...within.map((role) => ({ value: role, label: roles.names[role] }))]
  return adminPage(view, {
    title: t.title,
    body: html`<p class="lead">${t.lead}</p>
${proposes && html`${linkButton(roles.propose, consolePlaces.proposeRole)}<p><a href="${consolePlaces.manyRoles}">${manyRoles.link}</a></p>`}
${listing(view, {
      place: consolePlaces.officers, asked, orders: t.orders, caption: t.title, all, perPage, none: words.none,
      filtered: asked.tinhtrang !== 'in-force' || (asked.vaitro ?? asked.noi ?? asked.to ?? asked.khoa) !== undefined,
      fields: html`${select({ name: 'vaitro', label: roles.role, language, value: asked.vaitro, choices })}
${select({ name: 'tinhtrang', label: words.state, language, value: asked.tinhtrang, choices: Object.entries({ ...words.states, all: whatever }).map(([value, label]) => ({ value, label })) })}
${field({ name: 'noi', label: t.place, language, value: asked.noi, maxlength: 80, spellcheck: false, autocomplete: 'off' })}
${field({ name: 'to', label: words.sector, language, value: asked.to, maxlength: 63, spellcheck: false })}
${filterBy({ name: 'khoa', label: t.keys, unset: whatever, value: asked.khoa, words: t.standings, language })}`,
      head: [roles.holder, roles.role, t.where, t.time, t.lastSignIn, t.keys, roles.standing],
      rows: staff.map((one) => [
        one.name, roles.names[one.grant.role], whereOf(view, one), html`${formatDay(one.grant.since)} – ${formatDate(one.grant.endsOn)}`,
        one.lastSignIn === undefined ? t.never : momentCell(one.lastSignIn), keysOf(view, one),
        ends && inForce(one.grant, view.at) ? html`${standingOf(view, one.grant)} <a href="${endRolePlace(one.grant.id)}">${roles.end}</a>` : standingOf(view, one.grant),
      ]),
    })}`,
  })
}

/** A desk and its shift, an organisation, or the whole system. */
function whereOf({ language }: AdminView, { grant: { post, sector } }: Named): Part {
  const { console: { overview }, desk: t } = textsOf(language)
  return post === undefined ? (sector ?? overview.everywhere) : t.shift({ ...post, office: officeAt(post), days: t.days[post.days] })
}

function keysOf({ language }: AdminView, { keys }: Named): Part {
  const { officers: t } = textsOf(language)
  const standing = standingOfKeys(keys)
  const words = t.countedKeys(t.standings[standing], formatCount(keys.all, language))
  return standing === 'attested' ? words : html`<strong>${words}</strong>`
}

export function officersInFile(view: AdminView, staff: readonly Named[]) {
  const { console: { roles, overview }, desk: { post: words, days }, officers: t } = textsOf(view.language)
  return {
    head: [roles.holder, roles.role, overview.sector, words.deskName, words.commune, words.badge, words.shiftFrom, words.shiftUntil, words.shiftDays, roles.since, roles.until, roles.standing, t.lastSignIn, t.keys, t.count],
    rows: staff.map(({ name, grant: { role, sector, post, since, endsOn, ...grant }, lastSignIn, keys }) => [
      name, roles.names[role], sector, post?.desk, post?.commune, post?.badge, post?.from, post?.until, post && days[post.days],
      since.toISOString(), endsOn, standingOf(view, { endsOn, endedAt: grant.endedAt }), lastSignIn?.toISOString(), t.standings[standingOfKeys(keys)], keys.all,
    ]),
  }
}
