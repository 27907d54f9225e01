import type { ClientLine, ClientSearch } from '#domain/client/directory.ts'
import { clientOrders } from '#domain/client/directory.ts'
import type { ClientState } from '#domain/client/client.ts'
import { hasEnded } from '#domain/client/profile.ts'
import { dayInVietnam } from '#kernel/clock.ts'
import { html, type Html, type Part } from '#web/html.ts'
import { formatBirthDate as formatDate, formatCount } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { clientPlaces, places } from '#web/places.ts'
import { select } from '#web/views/area.ts'
import { field } from '#web/views/field.ts'
import { button, linkButton, table } from '#web/views/parts.ts'
import { adminPage, type AdminView } from './frame.ts'

/** What the list was asked for, as it stands in the address. */
export type Asked = { tim?: string | undefined; tinhtrang?: ClientState | undefined; to?: string | undefined; xep: ClientSearch['order']; trang: number }

type Props = { lines: readonly ClientLine[]; all: number; asked: Asked; perPage: number; proposes: boolean }

export function clientsPage(view: AdminView, { lines, all, asked, perPage, proposes }: Props): Html {
  const { language } = view
  const { clients: t } = textsOf(language)
  const start = (asked.trang - 1) * perPage
  const shown = `${formatCount(start + 1, language)}–${formatCount(start + lines.length, language)}`
  return adminPage(view, {
    title: t.title,
    body: html`${proposes && linkButton(t.register, places.registerClient)}
${filter(view, asked)}
${lines.length === 0 ? html`<p class="lead">${t.list.none}</p>` : html`${clientTable(view, lines, t.list.found(shown, formatCount(all, language)))}
<p class="ends">${asked.trang > 1 && html`<a href="${address(asked, { trang: asked.trang - 1 })}">${t.list.previous}</a>`}
${start + lines.length < all && html`<a href="${address(asked, { trang: asked.trang + 1 })}">${t.list.next}</a>`}
<a href="${address({ ...asked, trang: 1 }, { dang: 'csv' })}">${t.list.csv}</a></p>`}`,
  })
}

function address(asked: Asked, more: Readonly<Record<string, string | number>>): string {
  const all = Object.entries({ ...asked, ...more }).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, String(value)]]))
  return `${places.clients}?${new URLSearchParams(all).toString()}`
}

function filter({ language }: AdminView, { tim, tinhtrang, to, xep }: Asked): Html {
  const { list: t, states, state } = textsOf(language).clients
  const choices = [{ value: '', label: t.anyState }, ...(['live', 'suspended', 'ended'] as const).map((value) => ({ value, label: states[value] }))]
  return html`<details${(tim ?? tinhtrang ?? to) !== undefined && html` open`}><summary>${t.filter}</summary>
<form method="get" action="${places.clients}">
${field({ name: 'tim', label: t.text, language, value: tim, maxlength: 100 })}
${select({ name: 'tinhtrang', label: state, language, value: tinhtrang, choices })}
${field({ name: 'to', label: t.sector, language, value: to, maxlength: 63, spellcheck: false })}
${select({ name: 'xep', label: t.order, language, value: xep, choices: clientOrders.map((value) => ({ value, label: t.orders[value] })) })}
${button(t.apply, { look: 'secondary' })}</form></details>`
}

function clientTable(view: AdminView, lines: readonly ClientLine[], caption: string): Html {
  const { list: t, states, profiles, expired } = textsOf(view.language).clients
  const { client, legalName, state, profile, class: of, levels, ends } = t.columns
  const today = dayInVietnam(view.at)
  const endOf = (day: string | undefined): Part => day !== undefined && html`${formatDate(day)}${hasEnded(day, today) && html` <span class="tag">${expired}</span>`}`
  return table(caption, [client, legalName, state, profile, of, levels, ends], lines.map((line) => [
    html`<a href="${clientPlaces(line.id).start}">${line.name}</a><br><span class="mono quiet">${line.id}</span>`,
    html`<span lang="${view.language}">${line.legalName[view.language]}</span><br><span class="quiet">${line.sector}</span>`,
    line.state === 'live' ? states.live : html`<span class="tag">${states[line.state]}</span>`, profiles[line.profile], line.relying_party_class,
    t.levels(line.minimum_account_level, line.minimum_authentication_level), endOf(line.ends_on),
  ]))
}
