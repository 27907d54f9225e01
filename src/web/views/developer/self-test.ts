import { leavesLogoutsOut, type AddressFault, type Addresses, type Report } from '#domain/self-test/report.ts'
import { selfTestNames } from '#domain/self-test/self-test.ts'
import { html, type Html, type Part } from '#web/html.ts'
import { formatCount, formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { developerClientPlaces, developerPlaces, selfTestPlace } from '#web/place/developer.ts'
import { errorSummary, field } from '#web/views/field.ts'
import { button, linkButton, notice, table } from '#web/views/parts.ts'

export type SelfTestPage = {
  service: { id: string; name: string }
  typed: Addresses
  faults: Partial<Record<keyof Addresses, AddressFault>>
  report: Report | undefined
  /** Whether the report is one that counts. */
  green: boolean
  fresh: boolean
  days: number
  /** Why nothing was begun. */
  refused?: 'alreadyRunning' | 'resting' | 'busy' | undefined
}

const reloadSeconds = 3

export function selfTestPage(view: View, props: SelfTestPage): Html {
  const { service, report, faults } = props
  const t = textsOf(view.language).goingLive.selfTest
  const runs = report !== undefined && report.finishedAt === undefined
  const told = Object.entries(faults).map(([name, fault]) => ({ field: name, message: t.faults[fault] }))
  return page(view, {
    work: true,
    title: t.title(service.name),
    failed: told.length > 0,
    script: told.length > 0,
    wide: true,
    ...(runs && { again: reloadSeconds }),
    body: html`<p class="up"><a href="${developerClientPlaces(service.id).start}">${textsOf(view.language).developer.toClient}</a></p>
<h1>${t.title(service.name)}</h1>
<p class="lead">${t.lead}</p>
${errorSummary(told, view.language)}
${props.refused && notice('warning', t[props.refused], view.language)}
${standing(view, props)}
${props.green && props.fresh && onward(view, service)}
${!runs && form(view, props)}
${report && results(view, report)}
<p class="quiet">${t.notEverything}</p>
${linkButton(textsOf(view.language).goingLive.request.title, developerPlaces.connections, 'link')}`,
  })
}

/** What is tried goes on from here. */
function onward(view: View, { id }: SelfTestPage['service']): Html {
  return html`<form method="post" action="${developerPlaces.connections}">${csrfField(view)}<input type="hidden" name="client" value="${id}">
${button(textsOf(view.language).developer.client.connect)}</form>`
}

function standing(view: View, { report, green, fresh, days }: SelfTestPage): Part {
  const t = textsOf(view.language).goingLive.selfTest
  const count = (of: number) => formatCount(of, view.language)
  if (report === undefined) return html`<p>${t.none}</p>`
  if (report.finishedAt === undefined) return html`<div role="status">${notice('info', t.running(count(report.results.length), count(selfTestNames.length)), view.language)}</div>`
  const at = formatTime(report.finishedAt)
  if (!green) return notice('error', t.red(at), view.language)
  const told = fresh ? notice('success', t.green(at), view.language) : notice('warning', t.older(count(days)), view.language)
  return html`${told}${leavesLogoutsOut(report) && html`<p>${t.logoutLeftOut}</p>`}`
}

function form(view: View, { service, typed, faults, green, fresh }: SelfTestPage): Html {
  const { language } = view
  const t = textsOf(language).goingLive.selfTest
  const shared = (name: keyof Addresses) => ({ name, language, value: typed[name] ?? '', error: faults[name] && t.faults[faults[name]], maxlength: 2000, spellcheck: false as const })
  return html`<form method="post" action="${selfTestPlace(service.id)}" novalidate>${csrfField(view)}
${field({ ...shared('initiate'), label: t.initiate, hint: t.initiateHint })}
${field({ ...shared('logout'), label: t.logout, hint: t.logoutHint })}
${button(t.begin, { look: green && fresh ? 'secondary' : 'primary' })}</form>`
}

function results(view: View, { results: all }: Report): Html {
  const t = textsOf(view.language).goingLive.selfTest
  const outcome = ({ passed, saw }: Report['results'][number]) => (saw === 'left-out' ? t.leftOut : passed ? t.passed : t.failed)
  const seen = ({ saw, status }: Report['results'][number]) => html`${t.saw[saw]}${status !== undefined && html` <span class="quiet">(${t.status(String(status))})</span>`}`
  return table(t.report, [t.test, t.outcome, t.seen], all.map((one) => [t.tests[one.test], outcome(one), seen(one)]))
}
