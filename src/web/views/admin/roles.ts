import { permissions, type Permission } from '#domain/officer/permission.ts'
import { shiftDays } from '#domain/officer/post.ts'
import { inForce, roles, type Role, type RoleGrant } from '#domain/officer/role.ts'
import type { RoleState } from '#domain/officer/search.ts'
import { html, type Html } from '#web/html.ts'
import { formatBirthDate as formatDate, formatDay } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField } from '#web/page.ts'
import { consolePlaces, endRolePlace } from '#web/place/console.ts'
import { errorSummary, field, radioList, type FieldFault } from '#web/views/field.ts'
import { button, linkButton, table } from '#web/views/parts.ts'
import { adminPage, backTo, reasonField, type AdminView } from './frame.ts'
import { filterBy, listing, type Asked } from './listing.ts'

export type Held = { grant: RoleGrant; holder: string }

type AskedRoles = Asked & { vaitro?: Role | undefined; tinhtrang?: RoleState | undefined; phamvi?: string | undefined }
type Listed = { held: readonly Held[]; all: number; asked: AskedRoles; perPage: number; proposes: boolean; ends: boolean }

export function rolesPage(view: AdminView, { held, all, asked, perPage, proposes, ends }: Listed): Html {
  const { language } = view
  const { console: { roles: t, overview }, listing: { roles: words, whatever } } = textsOf(language)
  return adminPage(view, {
    title: t.title,
    body: html`${proposes && linkButton(t.propose, consolePlaces.proposeRole)}
<p><a href="${consolePlaces.roleMatrix}">${t.matrix}</a></p>
${listing(view, {
      place: consolePlaces.roles, asked, orders: words.orders, caption: t.title, all, perPage, none: words.none,
      filtered: (asked.vaitro ?? asked.tinhtrang ?? asked.phamvi) !== undefined,
      fields: html`${filterBy({ name: 'vaitro', label: t.role, unset: whatever, value: asked.vaitro, words: t.names, language })}
${filterBy({ name: 'tinhtrang', label: words.state, unset: whatever, value: asked.tinhtrang, words: words.states, language })}
${field({ name: 'phamvi', label: words.sector, language, value: asked.phamvi, maxlength: 63, spellcheck: false })}`,
      head: [t.holder, t.role, overview.sector, t.since, t.until, t.standing],
      rows: held.map(({ grant, holder }) => [
        holder, t.names[grant.role], grant.sector ?? overview.everywhere, formatDay(grant.since), formatDate(grant.endsOn),
        ends && inForce(grant, view.at) ? html`${standingOf(view, grant)} <a href="${endRolePlace(grant.id)}">${t.end}</a>` : standingOf(view, grant),
      ]),
    })}`,
  })
}

export function standingOf({ language, at }: AdminView, grant: Pick<RoleGrant, 'endsOn' | 'endedAt'>): string {
  const { roles: t } = textsOf(language).console
  return inForce(grant, at) ? t.inForce : grant.endedAt === undefined ? t.over : t.ended
}

export function rolesInFile(view: AdminView, held: readonly Held[]) {
  const { roles: t, overview } = textsOf(view.language).console
  return {
    head: [t.holder, t.role, overview.sector, t.since, t.until, t.standing],
    rows: held.map(({ grant, holder }) => [holder, t.names[grant.role], grant.sector, grant.since.toISOString(), grant.endsOn, standingOf(view, grant)]),
  }
}

/** The table of permissions as it is: what code asks is what is shown. */
export function matrixPage(view: AdminView): Html {
  const { roles: t } = textsOf(view.language).console
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a literal
  const names = Object.keys(permissions) as Permission[]
  const has = (role: Role, name: Permission) => (permissions[name] as readonly Role[]).includes(role)
  return adminPage(view, {
    title: t.matrixTitle,
    body: html`<p class="lead">${t.matrixText}</p>
${table(t.matrix, [t.permission, ...roles.map((role) => t.names[role])], names.map((name) => [t.permissions[name], ...roles.map((role) => (has(role, name) ? t.yes : t.no))]))}
${backTo(view, consolePlaces.roles)}`,
  })
}

export type RoleForm = { number?: string; role?: string; sector?: string; endsOn?: string; reason?: string } & Partial<Record<'deskName' | 'commune' | 'badge' | 'shiftFrom' | 'shiftUntil' | 'shiftDays', string>>

export function proposeRolePage(view: AdminView, { typed, faults }: { typed: RoleForm; faults: readonly FieldFault[] }): Html {
  const { roles: t, overview: _overview, ...texts } = textsOf(view.language).console
  const error = (name: string) => faults.find((fault) => fault.field === name)?.message
  const { language } = view
  return adminPage(view, {
    title: t.proposeTitle,
    failed: faults.length > 0,
    script: faults.length > 0,
    body: html`<p class="lead">${t.proposeText}</p>
${errorSummary(faults, language)}
<form method="post" action="${consolePlaces.proposeRole}">${csrfField(view)}
${field({ name: 'number', label: t.number, language, value: typed.number, error: error('number'), inputmode: 'numeric', look: 'number', maxlength: 32 })}
${radioList('role', t.role, roles.map((role) => ({ value: role, label: t.names[role], checked: typed.role === role })), undefined)}
${field({ name: 'sector', label: t.sector, hint: t.sectorHint, language, value: typed.sector, error: error('sector'), maxlength: 63, spellcheck: false })}
${postFields(view, typed, error)}
${field({ name: 'endsOn', label: t.endsOn, language, type: 'date', value: typed.endsOn, error: error('endsOn'), maxlength: 10 })}
${reasonField(view, { value: typed.reason, error: error('reason') })}
${button(t.submit)}</form>
${backTo(view, consolePlaces.roles, texts.back)}`,
  })
}

/** A desk and its shift: for the role that works at one. */
function postFields({ language }: AdminView, typed: RoleForm, error: (name: string) => string | undefined): Html {
  const { desk: { post: t, days } } = textsOf(language)
  const text = (name: 'deskName' | 'commune' | 'badge' | 'shiftFrom' | 'shiftUntil', hint?: string) =>
    field({ name, label: t[name], hint, language, value: typed[name], error: error(name), maxlength: 80, autocomplete: 'off' })
  return html`<fieldset class="block"><legend>${t.legend}</legend>
${text('deskName')}${text('commune', t.communeHint)}${text('badge', t.badgeHint)}${text('shiftFrom', t.timeHint)}${text('shiftUntil')}
${radioList('shiftDays', t.shiftDays, shiftDays.map((value) => ({ value: `${value}`, label: days[value], checked: typed.shiftDays === `${value}` })))}</fieldset>`
}

export function endRolePage(view: AdminView, { grant, holder, reasonMissing }: Held & { reasonMissing: boolean }): Html {
  const { roles: t, reasonMissing: missing } = textsOf(view.language).console
  return adminPage(view, {
    title: t.endTitle(t.names[grant.role], holder),
    body: html`<p class="lead">${t.endText}</p>
<form method="post" action="${endRolePlace(grant.id)}">${csrfField(view)}${reasonField(view, { error: reasonMissing ? missing : undefined })}
${button(t.endButton, { look: 'danger' })}</form>
${backTo(view, consolePlaces.roles)}`,
  })
}
