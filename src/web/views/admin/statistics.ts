import { moved } from '#domain/statistic/period.ts'
import { endings, type Figure, type Line } from '#domain/statistic/figures.ts'
import { html, type Html, type Part } from '#web/html.ts'
import { formatBirthDate as formatDate, formatCount, formatTime } from '#web/i18n/format.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import { consolePlaces } from '#web/place/console.ts'
import { summaryList, table } from '#web/views/parts.ts'
import { bars, type Bar } from './bars.ts'
import { adminPage, type AdminView } from './frame.ts'
import { figureTables, rateOf, type FigureTable, type Statistics, type TableName } from './statistics-tables.ts'

export function statisticsPage(view: AdminView, all: Statistics): Html {
  const { language } = view
  const { statistics: t } = textsOf(language)
  const { month, isNewest, until, limited, figures, provinces, accounts } = all
  const tables = figureTables(language, all)
  const link = (to: string, label: string) => html`<a href="${consolePlaces.statistics}?thang=${to}">${label}</a>`
  const shown = (name: TableName, counted?: number) => section(view, tables[name], { name, file: `${consolePlaces.statisticsFile}?thang=${month}&bang=${name}`, counted })
  return adminPage(view, {
    title: t.monthTitle(formatDate(month)),
    body: html`<p class="lead">${t.until(formatTime(until.events))}${limited && ` ${t.onlyYours}`}</p>
<p class="ends">${link(moved(month, -1), t.earlier)}${!isNewest && link(moved(month, 1), t.later)}</p>
${summaryList([
  ...endings.map((ending, at) => ({ label: t[ending], value: figure(figures.total[at], language) })),
  { label: t.success, value: rateOf(figures.total, language) ?? hidden(language) },
])}
<p class="hint">${t.successText} ${t.rule}</p>
${chart(view, all)}
${shown('ngay')}${shown('dich-vu', 3)}${shown('muc', 0)}${shown('ly-do', 0)}${shown('dang-ky', 0)}
${provinces && (provinces.over ? shown('dang-nhap-tinh', 0) : html`<section><h2>${t.byProvince}</h2><p>${t.whenOver}</p></section>`)}
${accounts && html`<p>${t.accountsAt(formatTime(until.accounts))}</p>${shown('tinh', 2)}`}`,
  })
}

/** A day of which the parts are hidden is one column, of another colour. */
function chart({ language }: AdminView, { figures: { byDay = [] } }: Statistics): Html | false {
  const { statistics: t } = textsOf(language)
  const count = (value: number) => formatCount(value, language)
  const most = byDay.flatMap(({ key, figures }) => (figures[3] === undefined ? [] : [{ day: formatDate(key), all: figures[3] }])).toSorted((one, other) => other.all - one.all)[0]
  if (most === undefined || most.all === 0) return false
  const column = ({ key, figures: [good, bad, , all = 0] }: Line<string>): Bar => (good === undefined || bad === undefined
    ? { label: t.barWhole(formatDate(key), count(all)), whole: all }
    : { label: t.bar(formatDate(key), count(good), count(bad)), good, bad })
  return bars('sign-ins', { title: t.byDay, description: t.chart(count(most.all), most.day), columns: byDay.map(column) })
}

type Section = { name: TableName; file: string; /** Which of its figures is drawn, if one is. */ counted: number | undefined }

/** One figure of each line as a column; of what is hidden there is none. Whatever is below the whole country is left out. */
function drawn(language: Language, { caption, rows = [] }: FigureTable, { name, counted }: Section): Html | false {
  const { statistics: t } = textsOf(language)
  if (counted === undefined) return false
  const columns = rows.filter(([label]) => label !== t.country).map(([label, ...figures]) => ({ label, value: figures[counted] }))
  const told = columns.flatMap(({ label, value }) => (typeof value === 'number' ? [{ label, value }] : []))
  const [most] = told.toSorted((one, other) => other.value - one.value)
  if (most === undefined || most.value === 0) return false
  return bars(name, {
    title: caption,
    description: t.columns(most.label, formatCount(most.value, language)),
    columns: columns.map(({ label, value }) => (typeof value === 'number' ? { label: t.column(label, formatCount(value, language)), good: value, bad: 0 } : { label: t.column(label, t.hidden), good: 0, bad: 0 })),
  })
}

function section({ language }: AdminView, figures: FigureTable, at: Section): Html {
  const { caption, head, rows } = figures
  const { statistics: t } = textsOf(language)
  if (rows === undefined || rows.length === 0) return html`<section><h2>${caption}</h2><p>${rows === undefined ? t.withheld : t.none}</p></section>`
  const cells = rows.map(([name, ...figures]) => [name, ...figures.map((value) => (typeof value === 'string' ? value : figure(value, language)))])
  return html`<section>${drawn(language, figures, at)}${table(caption, head, cells)}<p><a href="${at.file}" download>${t.file(caption)}</a></p></section>`
}

/** A number, or that there is one which is not told. */
export function figure(value: Figure, language: Language): Part {
  return value === undefined ? hidden(language) : formatCount(value, language)
}

function hidden(language: Language): Html {
  return html`<span class="quiet">${textsOf(language).statistics.hidden}</span>`
}
