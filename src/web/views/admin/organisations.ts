import { dayInVietnam } from '#kernel/clock.ts'
import { organisationRefusals, type OrganisationApplication } from '#domain/organisation/application.ts'
import type { Representative } from '#domain/organisation/organisation.ts'
import type { Declared } from '#domain/organisation/declared.ts'
import { isLate, type FileState, type OrganisationFile } from '#domain/organisation/search.ts'
import type { Known } from '#domain/organisation/store.ts'
import { maskedNumber } from '#domain/registry/personal-number.ts'
import { html, type Html } from '#web/html.ts'
import { formatBirthDate as formatDate, formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField } from '#web/page.ts'
import { consolePlaces, organisationFilePlaces } from '#web/place/console.ts'
import { select } from '#web/views/area.ts'
import { errorText, field, radioList } from '#web/views/field.ts'
import { button, linkButton, notice, summaryList, table, type SummaryRow } from '#web/views/parts.ts'
import { adminPage, momentCell, reasonField, whole, type AdminView } from './frame.ts'
import { listing, type Asked } from './listing.ts'

type AskedFiles = Asked & { tim?: string | undefined; tinhtrang: FileState }
type Listed = { rows: readonly OrganisationFile[]; all: number; asked: AskedFiles; perPage: number }

const due = (view: AdminView, application: OrganisationApplication): Html =>
  html`${application.dueOn !== undefined && whole(formatDate(application.dueOn))}${isLate(application, dayInVietnam(view.at)) && html` <strong class="fail">${textsOf(view.language).organisation.console.overdue}</strong>`}`

function stageOf({ language }: AdminView, { state }: OrganisationApplication): string {
  const { organisation: t } = textsOf(language)
  return state === 'examined' || state === 'waiting' ? t.console.stage[state] : t.states[state]
}

export function organisationFilesPage(view: AdminView, { rows, all, asked, perPage }: Listed): Html {
  const { language } = view
  const { organisation: t, listing: { organisations: words, noneSuch } } = textsOf(language)
  const plain = asked.tinhtrang === 'open' && asked.tim === undefined
  return adminPage(view, {
    title: t.console.title,
    body: html`<p class="lead">${t.console.lead}</p>
${listing(view, {
      place: consolePlaces.organisationFiles, asked, orders: words.orders, caption: words.states[asked.tinhtrang], all, perPage, none: plain ? t.console.none : noneSuch, filtered: !plain,
      fields: html`${field({ name: 'tim', label: words.text, language, value: asked.tim, maxlength: 100, spellcheck: false, autocomplete: 'off' })}
${select({ name: 'tinhtrang', label: t.status, language, value: asked.tinhtrang, choices: Object.entries(words.states).map(([value, label]) => ({ value, label })) })}`,
      head: [t.reference, t.link, t.code, t.console.received, t.due, t.status],
      rows: rows.map(({ organisation, application }) => [
        html`<a href="${organisationFilePlaces(application.id).start}">${whole(application.reference)}</a>`,
        html`<span lang="vi">${organisation.name}</span>`, organisation.code, momentCell(application.appliedAt), due(view, application), stageOf(view, application),
      ]),
    })}`,
  })
}

export function filesInFile(view: AdminView, rows: readonly OrganisationFile[]) {
  const { organisation: t, listing: { connections: words } } = textsOf(view.language)
  return {
    head: [t.reference, t.link, t.code, t.console.received, t.due, t.console.overdue, t.status],
    rows: rows.map(({ organisation, application }) => [
      application.reference, organisation.name, organisation.code, application.appliedAt.toISOString(), application.dueOn, isLate(application, dayInVietnam(view.at)) ? words.yes : words.no, stageOf(view, application),
    ]),
  }
}

type OpenFile = Known & { application: OrganisationApplication }

export type FileFault = keyof ReturnType<typeof textsOf>['organisation']['console']['faults'] | 'reason' | 'why' | 'papers'

type File = { file: OpenFile; representatives: readonly Representative[]; /** What this officer may do. */ may: { examine: boolean; issue: boolean }; fault?: FileFault | undefined }

export function organisationFilePage(view: AdminView, { file: { organisation, application, declared }, representatives, may, fault }: File): Html {
  const { organisation: t } = textsOf(view.language)
  const agreed = ({ person }: Representative) => person !== undefined && application.agreed.includes(person)
  const applicant = representatives.find(({ person }) => person === application.applicant.person)
  return adminPage(view, {
    title: organisation.name,
    failed: fault !== undefined,
    body: html`${fault !== undefined && fault !== 'reason' && fault !== 'why' && fault !== 'papers' && notice('error', t.console.faults[fault], view.language)}
${declared?.pending === true && notice('warning', t.console.notRegistered, view.language)}
${summaryList([
      { label: t.code, value: organisation.code },
      { label: t.address, value: organisation.address ?? '–' },
      ...paperRows(view, declared, application),
      { label: t.reference, value: application.reference },
      { label: t.console.applicant, value: html`<span lang="vi">${applicant?.name ?? '–'}</span>` },
      { label: t.console.received, value: formatTime(application.appliedAt) },
      { label: t.due, value: due(view, application) },
      { label: t.status, value: stageOf(view, application) },
    ])}
${table(t.representatives, [t.name, t.console.number, t.status], representatives.map((one) => [html`<span lang="vi">${one.name}</span>`, maskedNumber(one.number), agreed(one) ? t.agreed : t.notYet]))}
${acts(view, application, { may, fault, pending: declared?.pending === true })}
${linkButton(t.console.back, consolePlaces.organisationFiles, 'link')}`,
  })
}

function paperRows({ language }: AdminView, declared: Declared | undefined, { papersSeen }: OrganisationApplication): readonly SummaryRow[] {
  const { organisation: { console: t, declaring } } = textsOf(language)
  if (declared === undefined) return []
  const { kind, papers } = declared
  return [
    { label: declaring.kind, value: declaring.kinds[kind] },
    { label: declaring.papers, value: html`<span lang="vi">${papers.number}</span>` },
    { label: declaring.issuer, value: html`<span lang="vi">${papers.issuer}</span>` },
    { label: declaring.issuedOn, value: formatDate(papers.issuedOn) },
    ...(papersSeen === undefined ? [] : [{ label: t.papersSeen, value: html`<span lang="vi">${papersSeen}</span>` }]),
  ]
}

/** What this officer may do with it now. */
function acts(view: AdminView, application: OrganisationApplication, { may, fault, pending }: Pick<File, 'may' | 'fault'> & { pending: boolean }): Html {
  const { organisation: t } = textsOf(view.language)
  const at = organisationFilePlaces(application.id)
  const why = reasonField(view, { error: fault === 'why' ? textsOf(view.language).console.reasonMissing : undefined })
  const { language } = view
  const papers = pending && field({ name: 'papers', label: t.console.papersSeen, hint: t.console.papersHint, language, error: fault === 'papers' ? t.console.papersMissing : undefined, maxlength: 300, spellcheck: false, autocomplete: 'off' })
  return html`${may.examine && application.state === 'waiting' && html`<p>${pending ? t.console.examinePapers : t.console.examineText}</p><form method="post" action="${at.examine}">${csrfField(view)}${papers}${why}${button(t.console.examine)}</form>`}
${may.issue && application.state === 'examined' && html`<form method="post" action="${at.issue}">${csrfField(view)}${why}${button(t.console.issue)}</form>`}
${may.examine && (application.state === 'waiting' || application.state === 'examined') && refusalForm(view, at.refuse, { missing: fault === 'reason', pending })}`
}

function refusalForm(view: AdminView, at: string, { missing, pending }: { missing: boolean; pending: boolean }): Html {
  const { organisation: t } = textsOf(view.language)
  const error = missing ? t.console.reasonMissing : undefined
  return html`<form method="post" action="${at}">${csrfField(view)}<div class="field${missing && ' bad'}">${errorText('refusal', error, view.language)}
${radioList('refusal', t.console.reason, organisationRefusals.filter((value) => (value === 'papers-insufficient' ? pending : value === 'not-entitled' || !pending)).map((value) => ({ value, label: t.refusals[value] })))}</div>${button(t.console.refuse, { look: 'secondary' })}</form>`
}
