import { dayInVietnam } from '#kernel/clock.ts'
import { organisationRefusals, type OrganisationApplication } from '#domain/organisation/application.ts'
import type { Representative } from '#domain/organisation/organisation.ts'
import type { Known } from '#domain/organisation/store.ts'
import { maskedNumber } from '#domain/registry/personal-number.ts'
import { html, type Html } from '#web/html.ts'
import { formatBirthDate as formatDate, formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField } from '#web/page.ts'
import { organisationFilePlaces, places } from '#web/places.ts'
import { errorText, radioList } from '#web/views/field.ts'
import { button, linkButton, notice, summaryList, table } from '#web/views/parts.ts'
import { adminPage, reasonField, whole, type AdminView } from './frame.ts'

export type OpenFile = Known & { application: OrganisationApplication }

const due = (view: AdminView, { dueOn }: OrganisationApplication): Html =>
  html`${dueOn !== undefined && whole(formatDate(dueOn))}${dueOn !== undefined && dueOn < dayInVietnam(view.at) && html` <strong class="fail">${textsOf(view.language).organisation.console.overdue}</strong>`}`

/** What waits for the authority, the most urgent first. */
export function organisationFilesPage(view: AdminView, files: readonly OpenFile[]): Html {
  const { organisation: t } = textsOf(view.language)
  const stage = ({ state }: OrganisationApplication) => t.console.stage[state === 'examined' ? 'examined' : 'waiting']
  return adminPage(view, {
    title: t.console.title,
    body: html`<p class="lead">${t.console.lead}</p>
${files.length === 0 ? html`<p>${t.console.none}</p>` : table(t.console.title, [t.reference, t.link, t.code, t.console.received, t.due, t.status], files.map(({ organisation, application }) => [
      html`<a href="${organisationFilePlaces(application.id).start}">${whole(application.reference)}</a>`,
      html`<span lang="vi">${organisation.name}</span>`, organisation.code, formatTime(application.appliedAt), due(view, application), stage(application),
    ]))}`,
  })
}

export type FileFault = keyof ReturnType<typeof textsOf>['organisation']['console']['faults'] | 'reason' | 'why'

type File = { file: OpenFile; representatives: readonly Representative[]; /** What this officer may do. */ may: { examine: boolean; issue: boolean }; fault?: FileFault | undefined }

export function organisationFilePage(view: AdminView, { file: { organisation, application }, representatives, may, fault }: File): Html {
  const { organisation: t } = textsOf(view.language)
  const agreed = ({ person }: Representative) => person !== undefined && application.agreed.includes(person)
  const applicant = representatives.find(({ person }) => person === application.applicant.person)
  return adminPage(view, {
    title: organisation.name,
    failed: fault !== undefined,
    body: html`${fault !== undefined && fault !== 'reason' && fault !== 'why' && notice('error', t.console.faults[fault], view.language)}
${summaryList([
      { label: t.code, value: organisation.code },
      { label: t.address, value: organisation.address ?? '–' },
      { label: t.reference, value: application.reference },
      { label: t.console.applicant, value: html`<span lang="vi">${applicant?.name ?? '–'}</span>` },
      { label: t.console.received, value: formatTime(application.appliedAt) },
      { label: t.due, value: due(view, application) },
      { label: t.status, value: application.state === 'examined' || application.state === 'waiting' ? t.console.stage[application.state] : t.states[application.state] },
    ])}
${table(t.representatives, [t.name, t.console.number, t.status], representatives.map((one) => [html`<span lang="vi">${one.name}</span>`, maskedNumber(one.number), agreed(one) ? t.agreed : t.notYet]))}
${acts(view, application, { may, fault })}
${linkButton(t.console.back, places.organisationFiles, 'link')}`,
  })
}

/** What this officer may do with it now. */
function acts(view: AdminView, application: OrganisationApplication, { may, fault }: Pick<File, 'may' | 'fault'>): Html {
  const { organisation: t } = textsOf(view.language)
  const at = organisationFilePlaces(application.id)
  const why = reasonField(view, { error: fault === 'why' ? textsOf(view.language).console.reasonMissing : undefined })
  return html`${may.examine && application.state === 'waiting' && html`<p>${t.console.examineText}</p><form method="post" action="${at.examine}">${csrfField(view)}${why}${button(t.console.examine)}</form>`}
${may.issue && application.state === 'examined' && html`<form method="post" action="${at.issue}">${csrfField(view)}${why}${button(t.console.issue)}</form>`}
${may.examine && (application.state === 'waiting' || application.state === 'examined') && refusalForm(view, at.refuse, fault === 'reason')}`
}

function refusalForm(view: AdminView, at: string, missing: boolean): Html {
  const { organisation: t } = textsOf(view.language)
  const error = missing ? t.console.reasonMissing : undefined
  return html`<form method="post" action="${at}">${csrfField(view)}<div class="field${missing && ' bad'}">${errorText('refusal', error, view.language)}
${radioList('refusal', t.console.reason, organisationRefusals.map((value) => ({ value, label: t.refusals[value] })))}</div>${button(t.console.refuse, { look: 'secondary' })}</form>`
}
