import { may, type Permission } from '#domain/officer/permission.ts'
import type { Officer } from '#domain/officer/officer.ts'
import { html, type Html, type Part } from '#web/html.ts'
import { formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import type { Texts } from '#web/i18n/vi.ts'
import { page, type Page, type View } from '#web/page.ts'
import { consolePlaces } from '#web/place/console.ts'
import { errorText, hintText } from '#web/views/field.ts'
import { button } from '#web/views/parts.ts'

/** What a page of officers is given besides: who is at work, and when. */
export type AdminView = View & { officer: Officer; at: Date }

type Door = { at: string; needs: Permission; name: keyof Texts['console']['nav']; /** What else is in there. */ also?: readonly string[] }

/** The rooms of the console, eight at most, for nobody reads through more; one that holds more than one page has doors of its own. */
const rooms: readonly (Door | { name: Door['name']; doors: readonly Door[] })[] = [
  { at: consolePlaces.start, needs: 'console.open', name: 'overview' },
  {
    name: 'clients',
    doors: [
      { at: consolePlaces.clients, needs: 'client.read', name: 'registered', also: [consolePlaces.registerClient] },
      { at: consolePlaces.reviews, needs: 'connection.review', name: 'connections' },
    ],
  },
  { at: consolePlaces.desk, needs: 'desk.work', name: 'desk' },
  {
    name: 'approvals',
    doors: [
      { at: consolePlaces.approvals, needs: 'console.open', name: 'approvals' },
      { at: consolePlaces.organisationFiles, needs: 'organisation.read', name: 'organisations' },
    ],
  },
  {
    name: 'roles',
    doors: [
      { at: consolePlaces.roles, needs: 'role.read', name: 'granted' },
      { at: consolePlaces.officers, needs: 'officer.read', name: 'officers' },
    ],
  },
  { at: consolePlaces.statistics, needs: 'statistics.read', name: 'statistics' },
  {
    name: 'system',
    doors: [
      { at: consolePlaces.keys, needs: 'key.read', name: 'keys' },
      { at: consolePlaces.breakGlass, needs: 'break-glass.read', name: 'breakGlass' },
      { at: consolePlaces.banners, needs: 'banner.write', name: 'banners' },
    ],
  },
  { at: consolePlaces.audit, needs: 'audit.read', name: 'audit' },
]

/** Whether a page is behind this door. The overview is above all the others, so that nothing is behind it but itself. */
function isBehind({ at, also = [] }: Door, here: string): boolean {
  const path = here.split('?')[0] ?? ''
  return [at, ...also].some((place) => path === place || (place !== consolePlaces.start && path.startsWith(`${place}/`)))
}

type Room = { name: Door['name']; doors: readonly Door[] }

/** The rooms that these roles may enter, each with the doors that open to them. */
function roomsFor({ officer, at }: AdminView): readonly Room[] {
  return rooms
    .map((room): Room => ({ name: room.name, doors: ('doors' in room ? room.doors : [room]).filter(({ needs }) => may(officer.roles, needs, 'list', at)) }))
    .filter(({ doors }) => doors.length > 0)
}

/** Every door that opens, by the name that stands on it. */
export function doorsFor(view: AdminView): readonly { at: string; name: string }[] {
  const t = textsOf(view.language).console.nav
  return roomsFor(view).flatMap(({ doors }) => doors.map(({ at, name }) => ({ at, name: t[name] })))
}

/** One field on every page; `/` leads to it. */
function searchField({ language }: AdminView, sought: string): Html {
  const { search: t } = textsOf(language)
  return html`<form class="seek" method="get" action="${consolePlaces.search}" role="search"><label class="sr" for="q">${t.label}</label>
<input id="q" name="q" type="search" maxlength="100" value="${sought}" placeholder="${t.short}" autocomplete="off" spellcheck="false">${button(t.button, { look: 'secondary' })}</form>`
}

/** The way to every page that these roles may open, on top of all; below it that to the other doors of the room. */
function nav(view: AdminView): Html {
  const { language, here } = view
  const t = textsOf(language).console.nav
  const all = roomsFor(view)
  const link = (place: string, name: Door['name'], isHere: boolean) =>
    html`<li><a href="${place}"${isHere && html` aria-current="${place === here ? 'page' : 'true'}"`}>${t[name]}</a></li>`
  const inside = all.find(({ doors }) => doors.some((door) => isBehind(door, here)))
  return html`<nav class="rooms" aria-label="${t.label}"><ul>${all.map((room) => link(room.doors[0]?.at ?? '', room.name, room === inside))}</ul>${
    inside && inside.doors.length > 1 && html`<ul aria-label="${t[inside.name]}">${inside.doors.map((door) => link(door.at, door.name, isBehind(door, here)))}</ul>`}</nav>`
}

export type Crumb = { at: string; label: Part }

/** The ways up from a page two steps below its door; from the first step the door itself is in sight. The page is the heading that follows. */
function trail(view: AdminView, between: readonly Crumb[]): Html | false {
  const t = textsOf(view.language).console.nav
  const door = rooms.flatMap((room) => ('doors' in room ? room.doors : [room])).find((one) => isBehind(one, view.here))
  if (door === undefined || between.length === 0) return false
  return html`<nav class="trail" aria-label="${t.trail}"><ol>${[{ at: door.at, label: t[door.name] }, ...between].map(({ at, label }) => html`<li><a href="${at}">${label}</a></li>`)}</ol></nav>`
}

/** The frame of every page of officers. `between` are the pages between the room and this one. */
export function adminPage(view: AdminView, { title, body, between = [], sought = '', ...rest }: Page & { between?: readonly Crumb[]; sought?: string }): Html {
  return page(view, { ...rest, title, wide: true, work: true, shortcuts: true, body: html`${searchField(view, sought)}${nav(view)}${trail(view, between)}<h1>${title}</h1>\n${body}` })
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
