import { html, type Html, type Part } from '#web/html.ts'
import { formatCount } from '#web/i18n/format.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import type { View } from '#web/page.ts'
import { select } from '#web/views/area.ts'
import { button, table } from '#web/views/parts.ts'

/** What stands in the address: filters, the order `xep`, the page `trang`. */
export type Asked = { readonly [name: string]: string | number | undefined; xep: string; trang: number }

type Listing = {
  /** The page that it stands on. */
  place: string
  asked: Asked
  /** Fields of filters, as they were filled in. */
  fields: Part
  /** Whether anything is filtered out, beside how it is first shown. */
  filtered: boolean
  orders: Readonly<Record<string, string>>
  caption: string
  head: readonly string[]
  rows: readonly (readonly Part[])[]
  all: number
  perPage: number
  none: string
}

/** A table with its filter, its order, its pages and the way to it as a file: links and one form, without a script. */
export function listing(view: View, { place, asked, fields, filtered, orders, caption, head, rows, all, perPage, none }: Listing): Html {
  const { language } = view
  const { listing: t } = textsOf(language)
  const start = (asked.trang - 1) * perPage
  const count = (value: number) => formatCount(value, language)
  return html`<details${filtered && html` open`}><summary>${t.filter}</summary>
<form method="get" action="${place}">
${fields}
${select({ name: 'xep', label: t.order, language, value: asked.xep, choices: Object.entries(orders).map(([value, label]) => ({ value, label })) })}
${button(t.apply, { look: 'secondary' })}</form></details>
${rows.length === 0 ? html`<p class="lead">${none}</p>` : table(t.found(caption, `${count(start + 1)}–${count(start + rows.length)}`, count(all)), head, rows)}
<p class="ends">${asked.trang > 1 && html`<a href="${addressOf(place, asked, { trang: asked.trang - 1 })}">${t.previous}</a>`}
${start + rows.length < all && rows.length > 0 && html`<a href="${addressOf(place, asked, { trang: asked.trang + 1 })}">${t.next}</a>`}
${rows.length > 0 && html`<a href="${addressOf(place, asked, { trang: 1, dang: 'csv' })}">${t.csv}</a>`}</p>`
}

/** The same table as an address, with something else. */
export function addressOf(place: string, asked: Partial<Asked>, more: Readonly<Record<string, string | number>> = {}): string {
  const all = Object.entries({ ...asked, ...more }).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, String(value)]]))
  return `${place}?${new URLSearchParams(all).toString()}`
}

type Filter<Value extends string> = { name: string; label: string; unset: string; value: Value | undefined; words: Readonly<Record<Value, string>>; language: Language }

/** A filter by one of a few words. */
export function filterBy<Value extends string>({ name, label, unset, value, words, language }: Filter<Value>): Html {
  return select({ name, label, language, value, choices: [{ value: '', label: unset }, ...Object.entries<string>(words).map(([one, word]) => ({ value: one, label: word }))] })
}
