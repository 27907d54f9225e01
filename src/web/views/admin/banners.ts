import { bannerKinds, standingOf, type Banner, type BannerKind, type BannerStanding } from '#domain/banner/banner.ts'
import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField } from '#web/page.ts'
import { consolePlaces, endBannerPlace } from '#web/place/console.ts'
import { errorSummary, errorText, field, radioList, type FieldFault } from '#web/views/field.ts'
import { button, linkButton } from '#web/views/parts.ts'
import { adminPage, backTo, momentCell, reasonField, whole, type AdminView } from './frame.ts'
import { filterBy, listing, type Asked } from './listing.ts'

/** A banner, and who set it, by name. */
export type Told = { banner: Banner; by: string }

type AskedBanners = Asked & { tim?: string | undefined; loai?: BannerKind | undefined; tinhtrang?: BannerStanding | undefined }
type Listed = { told: readonly Told[]; all: number; asked: AskedBanners; perPage: number }

export function bannersPage(view: AdminView, { told, all, asked, perPage }: Listed): Html {
  const { language } = view
  const { banners: t, listing: { banners: words, whatever, noneSuch } } = textsOf(language)
  const { text, kind, from, to, state, by } = t.columns
  const filtered = (asked.tim ?? asked.loai ?? asked.tinhtrang) !== undefined
  return adminPage(view, {
    title: t.title,
    body: html`<p class="lead">${t.lead}</p>
${linkButton(t.add, consolePlaces.addBanner)}
${listing(view, {
      place: consolePlaces.banners, asked, filtered, orders: words.orders, caption: t.caption, all, perPage, none: filtered ? noneSuch : t.none,
      fields: html`${field({ name: 'tim', label: words.text, language, value: asked.tim, maxlength: 100 })}
${filterBy({ name: 'loai', label: kind, unset: whatever, value: asked.loai, words: t.kinds, language })}
${filterBy({ name: 'tinhtrang', label: state, unset: whatever, value: asked.tinhtrang, words: t.states, language })}`,
      head: [text, kind, from, to, state, by],
      rows: told.map((one) => rowOf(view, one)),
    })}`,
  })
}

export function bannersInFile({ language, at }: AdminView, told: readonly Told[]) {
  const { columns: { kind, from, to, state, by }, vi, en, kinds, states } = textsOf(language).banners
  return {
    head: [vi, en, kind, from, to, state, by],
    rows: told.map(({ banner: { text, ...banner }, by: name }) => [
      text.vi, text.en, kinds[banner.kind], banner.startsAt.toISOString(), (banner.endedAt ?? banner.endsAt).toISOString(), states[standingOf(banner, at)], name,
    ]),
  }
}

function rowOf({ language, at }: AdminView, { banner, by }: Told) {
  const t = textsOf(language).banners
  const { id, text, kind, startsAt, endsAt, endedAt } = banner
  const standing = standingOf(banner, at)
  const end = html` <a href="${endBannerPlace(id)}" aria-label="${t.endOf(text[language])}">${t.end}</a>`
  return [text[language], whole(t.kinds[kind]), momentCell(startsAt), momentCell(endedAt ?? endsAt), html`${t.states[standing]}${(standing === 'shown' || standing === 'coming') && end}`, whole(by)]
}

export type BannerForm = { kind?: string; vi?: string; en?: string; startsAt?: string; endsAt?: string; reason?: string }

export function addBannerPage(view: AdminView, { typed, faults }: { typed: BannerForm; faults: readonly FieldFault[] }): Html {
  const { language } = view
  const t = textsOf(language).banners
  const error = (name: string) => faults.find((fault) => fault.field === name)?.message
  const time = (name: 'startsAt' | 'endsAt') => field({ name, label: t[name], language, value: typed[name], error: error(name), type: 'datetime-local' })
  return adminPage(view, {
    title: t.addTitle,
    failed: faults.length > 0,
    script: faults.length > 0,
    body: html`<p class="lead">${t.addText}</p>
${errorSummary(faults, language)}
<form method="post" action="${consolePlaces.addBanner}">${csrfField(view)}
${radioList('kind', t.kind, bannerKinds.map((kind) => ({ value: kind, label: t.kinds[kind], hint: t.kindHints[kind], checked: typed.kind === kind })))}
${(['vi', 'en'] as const).map((name) => textBox({ name, label: t[name], value: typed[name], error: error(name), view }))}
${time('startsAt')}
${time('endsAt')}
${reasonField(view, { value: typed.reason, error: error('reason') })}
${button(t.submit)}</form>
${backTo(view, consolePlaces.banners)}`,
  })
}

type Box = { name: 'vi' | 'en'; label: string; value: string | undefined; error: string | undefined; view: AdminView }

function textBox({ name, label, value, error, view }: Box): Html {
  return html`<div class="field${error !== undefined && ' bad'}"><label for="${name}">${label}</label>${errorText(name, error, view.language)}
<textarea id="${name}" name="${name}" lang="${name}" rows="3" maxlength="300"${error !== undefined && html` aria-invalid="true" aria-describedby="${name}-error"`}>${value}</textarea></div>`
}

export function endBannerPage(view: AdminView, { banner: { id, text }, reasonMissing }: { banner: Banner; reasonMissing: boolean }): Html {
  const { banners: t, console: { reasonMissing: missing } } = textsOf(view.language)
  return adminPage(view, {
    title: t.endTitle,
    body: html`<p class="lead">${t.endText}</p>
<blockquote>${text[view.language]}</blockquote>
<form method="post" action="${endBannerPlace(id)}">${csrfField(view)}${reasonField(view, { error: reasonMissing ? missing : undefined })}
${button(t.endButton, { look: 'danger' })}</form>
${backTo(view, consolePlaces.banners)}`,
  })
}
