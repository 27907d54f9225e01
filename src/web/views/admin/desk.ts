import { dayInVietnam } from '#kernel/clock.ts'
import type { Application, Station } from '#domain/desk/application.ts'
import { purposes } from '#domain/desk/rules.ts'
import { isTheirs } from '#domain/desk/serve.ts'
import { stageOf } from '#domain/desk/stage.ts'
import type { Post } from '#domain/officer/post.ts'
import { html, type Html } from '#web/html.ts'
import { formatBirthDate as formatDate, formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField } from '#web/page.ts'
import { deskPlaces, places } from '#web/places.ts'
import { errorSummary, field, radioList, type FieldFault } from '#web/views/field.ts'
import { bullets, button, notice, table } from '#web/views/parts.ts'
import { adminPage, whole, type AdminView } from './frame.ts'

type Home = { station: Station; waiting: readonly Application[]; typed: { number?: string; case?: string; purpose?: string }; faults: readonly FieldFault[] }

/** Who stands at the desk, and what is still to be done: the overdue on top. */
export function deskHomePage(view: AdminView, { station, waiting, typed, faults }: Home): Html {
  const { language } = view
  const { desk: t, audit: { lookUp } } = textsOf(language)
  const error = (name: string) => faults.find((fault) => fault.field === name)?.message
  return adminPage(view, {
    title: t.title,
    failed: faults.length > 0,
    script: faults.length > 0,
    body: html`<p class="lead">${t.at(station.desk, station.commune)}</p>
${errorSummary(faults, language)}
<form method="post" action="${places.desk}">${csrfField(view)}
${field({ name: 'number', label: t.number, hint: t.recorded, language, value: typed.number, error: error('number'), inputmode: 'numeric', look: 'number', maxlength: 40, autocomplete: 'off' })}
${field({ name: 'case', label: lookUp.case, hint: lookUp.caseHint, language, value: typed.case, error: error('case'), maxlength: 128, spellcheck: false, autocomplete: 'off' })}
${radioList('purpose', t.purpose, purposes.map((value) => ({ value, label: t.purposes[value], hint: t.purposeHints[value], checked: (typed.purpose ?? purposes[0]) === value })))}
${button(t.find)}</form>
${waitingList(view, station, waiting)}`,
  })
}

function waitingList(view: AdminView, station: Station, waiting: readonly Application[]): Html {
  const { desk: t } = textsOf(view.language)
  const today = dayInVietnam(view.at)
  const late = waiting.filter(({ dueOn }) => dueOn < today)
  if (waiting.length === 0) return html`<section><h2>${t.waiting}</h2><p>${t.none}</p></section>`
  const link = (one: Application) => (isTheirs(one, station, view.at) ? html`<a href="${deskPlaces(one.id).start}">${whole(one.reference)}</a>` : whole(one.reference))
  const due = ({ dueOn }: Application) => html`${whole(formatDate(dueOn))}${dueOn < today && html` <strong class="fail">${t.overdue}</strong>`}`
  return html`<section><h2>${t.waiting}</h2>
${late.length > 0 && notice('warning', t.late(late.length), view.language)}
${table(t.waiting, [t.reference, t.case, t.purpose, t.received, t.due, t.stage], waiting.map((one) => [
  link(one), one.case, t.purposes[one.purpose], formatTime(one.receivedAt), due(one), t.stages[stageOf(one, view.at)],
]))}
<p class="hint">${t.findAgain}</p></section>`
}

/** The desk is closed to them now, and when it opens. */
export function offDutyPage(view: AdminView, posts: readonly Post[]): Html {
  const { desk: t } = textsOf(view.language)
  const shifts = posts.map(({ desk, commune, from, until, days }) => t.shift({ desk, commune, from, until, days: t.days[days] }))
  return adminPage(view, {
    title: t.offDuty.title,
    failed: true,
    body: html`<p class="lead">${posts.length === 0 ? t.offDuty.noPost : t.offDuty.text}</p>${shifts.length > 0 && bullets(shifts)}<p>${t.offDuty.todo}</p>`,
  })
}
