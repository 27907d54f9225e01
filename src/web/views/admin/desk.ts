import { dayInVietnam } from '#kernel/clock.ts'
import type { Sliced } from '#kernel/slice.ts'
import type { Application, Station } from '#domain/desk/application.ts'
import { clockOf } from '#domain/desk/clock.ts'
import { biometrics, deskRules, purposes, takeOvers, type Purpose } from '#domain/desk/rules.ts'
import type { DeskState } from '#domain/desk/search.ts'
import { isTheirs } from '#domain/desk/serve.ts'
import { isImmigration, officeAt } from '#domain/desk/station.ts'
import { stageOf } from '#domain/desk/stage.ts'
import type { Post } from '#domain/officer/post.ts'
import { html, type Html } from '#web/html.ts'
import { countryChoices } from '#web/i18n/country.ts'
import { formatBirthDate as formatDate } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField } from '#web/page.ts'
import { consolePlaces, deskPlaces } from '#web/place/console.ts'
import { select } from '#web/views/area.ts'
import { errorSummary, field, radioList, type FieldFault } from '#web/views/field.ts'
import { bullets, button, notice } from '#web/views/parts.ts'
import { adminPage, momentCell, whole, type AdminView } from './frame.ts'
import { filterBy, listing, type Asked } from './listing.ts'

type AskedDesk = Asked & { tim?: string | undefined; viec?: Purpose | undefined; tinhtrang: DeskState }
type Listed = { station: Station; waiting: Sliced<Application> & { late: number }; asked: AskedDesk; perPage: number }
type Home = Listed & { typed: { number?: string; passport?: string; country?: string; case?: string; purpose?: string; biometrics?: string; takeOver?: string }; /** Something is open in another commune. */ elsewhere?: boolean; faults: readonly FieldFault[] }

/** Who stands at the desk, and what is still to be done: the overdue on top. */
export function deskHomePage(view: AdminView, { station, waiting, asked, perPage, typed, elsewhere = false, faults }: Home): Html {
  const { language } = view
  const { desk: t, audit: { lookUp } } = textsOf(language)
  const error = (name: string) => faults.find((fault) => fault.field === name)?.message
  return adminPage(view, {
    title: t.title,
    failed: faults.length > 0,
    script: faults.length > 0,
    body: html`<p class="lead">${t.at(station.desk, station.commune, officeAt(station))}</p>
${errorSummary(faults, language)}
<form method="post" action="${consolePlaces.desk}">${csrfField(view)}
${isImmigration(station) ? passportFields(view, { typed, error }) : field({ name: 'number', label: t.number, hint: t.recorded, language, value: typed.number, error: error('number'), inputmode: 'numeric', look: 'number', maxlength: 40, autocomplete: 'off' })}
${field({ name: 'case', label: lookUp.case, hint: lookUp.caseHint, language, value: typed.case, error: error('case'), maxlength: 128, spellcheck: false, autocomplete: 'off' })}
${radioList('purpose', t.purpose, purposes.map((value) => ({ value, label: t.purposes[value], hint: t.purposeHints[value], checked: (typed.purpose ?? purposes[0]) === value })))}
${isImmigration(station) && radioList('biometrics', t.biometrics, biometrics.map((value) => ({ value, label: t.biometricsOf[value], hint: t.dueIn(deskRules.clocks[clockOf('level-2', value)].workingDays), checked: typed.biometrics === value })))}
${elsewhere && radioList('takeOver', t.takeOver, takeOvers.map((value) => ({ value, label: t.takeOvers[value], checked: typed.takeOver === value })), t.takeOverHint)}
${button(t.find)}</form>
${waitingList(view, { station, waiting, asked, perPage })}`,
  })
}

function passportFields({ language }: AdminView, { typed, error }: { typed: Home['typed']; error: (name: string) => string | undefined }): Html {
  const { desk: t, registration: { passport: words } } = textsOf(language)
  return html`${field({ name: 'passport', label: words.label, hint: t.recorded, language, value: typed.passport, error: error('passport'), look: 'number', maxlength: 30, autocomplete: 'off', spellcheck: false })}
${select({ name: 'country', label: words.country, language, value: typed.country, error: error('country'), choices: [{ value: '', label: words.choose }, ...countryChoices(language)] })}`
}

function waitingList(view: AdminView, { station, waiting: { rows, all, late }, asked, perPage }: Listed): Html {
  const { language } = view
  const { desk: t, listing: { desk: words, whatever } } = textsOf(language)
  const today = dayInVietnam(view.at)
  const plain = asked.tinhtrang === 'open' && (asked.tim ?? asked.viec) === undefined
  const link = (one: Application) => (isTheirs(one, station, view.at) ? html`<a href="${deskPlaces(one.id).start}">${whole(one.reference)}</a>` : whole(one.reference))
  const due = ({ dueOn }: Application) => html`${whole(formatDate(dueOn))}${dueOn < today && html` <strong class="fail">${t.overdue}</strong>`}`
  return html`<section><h2>${t.waiting}</h2>
${late > 0 && notice('warning', html`${t.late(late)} <a href="${consolePlaces.desk}?tinhtrang=overdue">${t.onlyLate}</a>`, language)}
${listing(view, {
    place: consolePlaces.desk, asked, orders: words.orders, caption: words.states[asked.tinhtrang], all, perPage, none: plain ? t.none : words.none, filtered: !plain,
    fields: html`${field({ name: 'tim', label: words.text, language, value: asked.tim, maxlength: 128, spellcheck: false, autocomplete: 'off' })}
${filterBy({ name: 'viec', label: t.purpose, unset: whatever, value: asked.viec, words: t.purposes, language })}
${select({ name: 'tinhtrang', label: words.state, language, value: asked.tinhtrang, choices: Object.entries(words.states).map(([value, label]) => ({ value, label })) })}`,
    head: [t.reference, t.case, t.purpose, t.received, t.due, t.stage],
    rows: rows.map((one) => [link(one), one.case, t.purposes[one.purpose], momentCell(one.receivedAt), due(one), t.stages[stageOf(one, view.at)]]),
  })}
<p class="hint">${t.findAgain}</p></section>`
}

export function waitingInFile(view: AdminView, rows: readonly Application[]) {
  const { desk: t } = textsOf(view.language)
  return {
    head: [t.reference, t.case, t.purpose, t.received, t.due, t.stage],
    rows: rows.map((one) => [one.reference, one.case, t.purposes[one.purpose], one.receivedAt.toISOString(), one.dueOn, t.stages[stageOf(one, view.at)]]),
  }
}

/** The desk is closed to them now, and when it opens. */
export function offDutyPage(view: AdminView, posts: readonly Post[]): Html {
  const { desk: t } = textsOf(view.language)
  const shifts = posts.map(({ desk, commune, from, until, days }) => t.shift({ desk, commune, office: officeAt({ commune }), from, until, days: t.days[days] }))
  return adminPage(view, {
    title: t.offDuty.title,
    failed: true,
    body: html`<p class="lead">${posts.length === 0 ? t.offDuty.noPost : t.offDuty.text}</p>${shifts.length > 0 && bullets(shifts)}<p>${t.offDuty.todo}</p>`,
  })
}
