import type { ClientLine, ClientSearch } from '#domain/client/directory.ts'
import type { ClientState } from '#domain/client/client.ts'
import { hasEnded } from '#domain/client/profile.ts'
import { dayInVietnam } from '#kernel/clock.ts'
import { html, type Html, type Part } from '#web/html.ts'
import { formatBirthDate as formatDate } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { clientPlaces, consolePlaces } from '#web/place/console.ts'
import { field } from '#web/views/field.ts'
import { linkButton } from '#web/views/parts.ts'
import { adminPage, type AdminView } from './frame.ts'
import { filterBy, listing } from './listing.ts'

/** What the list was asked for, as it stands in the address. */
export type Asked = { tim?: string | undefined; tinhtrang?: ClientState | undefined; to?: string | undefined; xep: ClientSearch['order']; trang: number }

type Props = { lines: readonly ClientLine[]; all: number; asked: Asked; perPage: number; proposes: boolean }

export function clientsPage(view: AdminView, { lines, all, asked, perPage, proposes }: Props): Html {
  const { language } = view
  const { clients: { title, register, list: t, states, state, profiles, expired }, listing: words } = textsOf(language)
  const { tim, tinhtrang, to } = asked
  const { client, legalName, profile, class: of, levels, ends } = t.columns
  const today = dayInVietnam(view.at)
  const endOf = (day: string | undefined): Part => day !== undefined && html`${formatDate(day)}${hasEnded(day, today) && html` <span class="tag">${expired}</span>`}`
  return adminPage(view, {
    title,
    body: html`${proposes && linkButton(register, consolePlaces.registerClient)}
${listing(view, {
      place: consolePlaces.clients, asked, orders: t.orders, caption: title, all, perPage, none: t.none,
      filtered: (tim ?? tinhtrang ?? to) !== undefined,
      fields: html`${field({ name: 'tim', label: t.text, language, value: tim, maxlength: 100 })}
${filterBy({ name: 'tinhtrang', label: state, unset: words.whatever, value: tinhtrang, words: states, language })}
${field({ name: 'to', label: t.sector, language, value: to, maxlength: 63, spellcheck: false })}`,
      head: [client, legalName, t.columns.state, profile, of, levels, ends],
      rows: lines.map((line) => [
        html`<a href="${clientPlaces(line.id).start}">${line.name}</a><br><span class="mono quiet">${line.id}</span>`,
        html`<span lang="${language}">${line.legalName[language]}</span><br><span class="quiet">${line.sector}</span>`,
        line.state === 'live' ? states.live : html`<span class="tag">${states[line.state]}</span>`, profiles[line.profile], line.relying_party_class,
        t.levels(line.minimum_account_level, line.minimum_authentication_level), endOf(line.ends_on),
      ]),
    })}`,
  })
}
