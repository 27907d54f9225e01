import type { Application } from '#domain/desk/application.ts'
import { shownCode } from '#domain/desk/code.ts'
import type { ChipStanding } from '#domain/desk/chip-standing.ts'
import type { DeskFault } from '#domain/desk/fault.ts'
import { cameWithRepresentative } from '#domain/desk/proofing.ts'
import { deskRefusals, type SeenKind } from '#domain/desk/rules.ts'
import type { Stage } from '#domain/desk/stage.ts'
import type { Person } from '#domain/registry/person.ts'
import { html, type Html } from '#web/html.ts'
import { countryName } from '#web/i18n/country.ts'
import { formatBirthDate as formatDate, formatClock, formatTime, maskPersonalNumber } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField } from '#web/page.ts'
import { consolePlaces, deskPlaces } from '#web/place/console.ts'
import { checkboxList, errorSummary, radioList, type FieldFault } from '#web/views/field.ts'
import { button, details, linkButton, notice, summaryList } from '#web/views/parts.ts'
import { qrCode } from '#web/views/qr.ts'
import { chipLine } from './desk-chip.ts'
import { adminPage, type AdminView } from './frame.ts'

export type Shown = {
  application: Application
  person: Person
  /** What has to be seen of them. */
  wanted: readonly SeenKind[]
  /** Who may act for them, where somebody has to: nobody has looked these up, so their numbers are shown by the end alone (A04). */
  representatives?: readonly Pick<Person, 'name' | 'number'>[] | undefined
  stage: Stage
  /** Where the person is told, with the middle hidden; asked about where everything else was lost. */
  contacts?: readonly { id: string; shown: string }[] | undefined
  /** How it stands with the chip of the card, where chips can be read. */
  chip?: ChipStanding | undefined
  /** Why no code is made for the card as it stands. */
  hindered?: DeskFault | undefined
  /** Whether its code was made in this browser. */
  here: boolean
  /** Where the code is typed. */
  typeAt: URL
  fault?: FieldFault | undefined
}

/** In these the page waits for somebody else and looks again. */
const watched: ReadonlySet<Stage> = new Set<Stage>(['waiting', 'answering'])

/** One person at the desk: one question at a time. */
export function applicationPage(view: AdminView, shown: Shown): Html {
  const { application: { reference, purpose }, stage, here, fault } = shown
  const { desk: t } = textsOf(view.language)
  const faults = fault === undefined ? [] : [fault]
  return adminPage(view, {
    title: stage === 'done' ? t[cameWithRepresentative(shown.application) ? 'doneFor' : 'done'] : t.applicationTitle(t.purposes[purpose], reference),
    failed: faults.length > 0,
    script: faults.length > 0,
    between: [],
    ...(here && watched.has(stage) && { again: 3 }),
    body: html`${errorSummary(faults, view.language)}
${here ? step(view, shown) : html`${notice('warning', t.elsewhere, view.language)}${seenForm(view, shown)}`}`,
  })
}

function step(view: AdminView, shown: Shown): Html {
  const { stage } = shown
  const { desk: t } = textsOf(view.language)
  switch (stage) {
    case 'waiting': return html`${codeBlock(view, shown)}${whoIs(view, shown)}${answerForm(shown.application.id, view, { value: 'no', label: t.cancelCode, look: 'secondary' })}`
    case 'comparing': return html`${numberBlock(view, shown)}${whoIs(view, shown)}`
    case 'answering': return html`<p class="lead" role="status">${t[cameWithRepresentative(shown.application) ? 'answeringFor' : 'answering']}</p><p class="match">${shown.application.code?.number}</p>${whoIs(view, shown)}`
    case 'done':
    case 'refused': return decided(view, shown)
    case 'denied':
    case 'over': return html`${notice('warning', t.ended[stage], view.language)}${seenForm(view, shown)}`
    case 'new': return seenForm(view, shown)
  }
}

/** What the officer looks at beside the person and the card. */
function whoIs(view: AdminView, { representatives, person: { kind, name, number, birthDate, sex, card, passport, permanentResidence } }: Shown): Html {
  const { desk: t } = textsOf(view.language)
  const days = ({ issuedOn, expiresOn }: { issuedOn?: string | undefined; expiresOn?: string | undefined }) =>
    t.cardText({ issuedOn: issuedOn === undefined ? '–' : formatDate(issuedOn), expiresOn: expiresOn === undefined ? t.noEnd : formatDate(expiresOn) })
  return html`<section><h2>${t.record}</h2>${summaryList([
    { label: t.name, value: html`<strong class="big">${name}</strong>` },
    { label: t.number, value: inThrees(number) },
    { label: t.birthDate, value: formatDate(birthDate) },
    { label: t.sex, value: t.sexes[sex] },
    ...(permanentResidence === undefined ? [] : [{ label: t.residence, value: permanentResidence.text }]),
    ...(kind !== 'foreigner' || passport === undefined || passport === null ? [] : [{ label: t.passport, value: `${passport.number}, ${countryName(passport.country, view.language)}. ${days(passport)}` }]),
    ...(card === undefined ? [] : [{ label: kind === 'foreigner' ? t.residenceCard : t.card, value: days(card) }]),
    ...(representatives ?? []).map((one) => ({ label: t.representative, value: html`<strong>${one.name}</strong>, ${maskPersonalNumber(one.number)}` })),
  ])}</section>`
}

const inThrees = (number: string): string => number.replace(/(\d{3})(?=\d)/g, '$1 ')

function seenForm(view: AdminView, shown: Shown): Html {
  const { desk: t } = textsOf(view.language)
  return html`${whoIs(view, shown)}
${shown.chip !== undefined && chipLine(view, shown.application, shown.chip)}
${shown.hindered === undefined ? codeForm(view, shown) : html`<p class="lead">${t.faults[shown.hindered]}</p>`}
${refusalForm(view, shown)}`
}

function codeForm(view: AdminView, shown: Shown): Html {
  const { desk: t } = textsOf(view.language)
  return html`<form method="post" action="${deskPlaces(shown.application.id).code}">${csrfField(view)}
${shown.representatives !== undefined && notice('info', t.withRepresentative, view.language)}
${shown.application.biometricsMissing && notice('info', t.biometricsFirst, view.language)}
${checkboxList('seen', t.seen, shown.wanted.map((value) => ({ value, label: seenIn(view, shown.person, value) })), t.seenHint)}
${contactChoice(view, shown)}
${button(t.makeCode)}</form>`
}

/** What the officer says; a foreigner’s face is compared with the passport that lies on the desk (Decree 69/2024 Art 11.2). */
function seenIn({ language }: AdminView, { kind }: Pick<Person, 'kind'>, seen: SeenKind): string {
  const { desk: t } = textsOf(language)
  return seen === 'face-compared' && kind === 'foreigner' ? t.facePassport : t.seenKinds[seen]
}

/** Whoever opened the account for the person may have put their own address there. */
function contactChoice({ language }: AdminView, { contacts }: Shown): Html | false {
  const { desk: t } = textsOf(language)
  if (contacts === undefined) return false
  return contacts.length === 0 ? html`<p>${t.noContacts}</p>` : checkboxList('kept', t.contacts, contacts.map(({ id, shown }) => ({ value: id, label: shown })), t.contactsHint)
}

function codeBlock(view: AdminView, { application, typeAt }: Shown): Html | false {
  const { code, purpose } = application
  if (code === undefined) return false
  const { desk: t } = textsOf(view.language)
  const say = cameWithRepresentative(application) ? t.sayFor : t.say
  return html`<p class="lead">${say(`${typeAt.host}${typeAt.pathname}`)}</p>
<p class="match" translate="no">${shownCode(code.code)}</p>
<p>${t.scan}</p>
<p>${qrCode(`${typeAt.href}#${code.code}`, t.scanLabel)}</p>
<p>${t.until(formatClock(code.expiresAt))}</p>
${purpose === 'recovery' && notice('info', t.revokes, view.language)}`
}

function numberBlock(view: AdminView, { application }: Shown): Html {
  const { id, code } = application
  const { desk: t } = textsOf(view.language)
  return html`<p class="lead">${t[cameWithRepresentative(application) ? 'compareFor' : 'compare']}</p>
<p class="match">${code?.number}</p>
${answerForm(id, view, { value: 'yes', label: t.same, look: 'primary' })}
${answerForm(id, view, { value: 'no', label: t.notSame, look: 'secondary' })}`
}

function answerForm(id: string, view: AdminView, { value, label, look }: { value: 'yes' | 'no'; label: string; look: 'primary' | 'secondary' }): Html {
  return html`<form method="post" action="${deskPlaces(id).compare}">${csrfField(view)}
<input type="hidden" name="same" value="${value}">${button(label, { look })}</form>`
}

function decided(view: AdminView, { application: { id, purpose, reference, refusal, decidedAt }, person, stage }: Shown): Html {
  const { desk: t } = textsOf(view.language)
  return html`<p class="lead">${stage === 'done' ? t.doneText[purpose](person.name) : refusal && t.refusedText(t.refusals[refusal])}</p>
${summaryList([{ label: t.reference, value: reference }, ...(decidedAt === undefined ? [] : [{ label: t.decided, value: formatTime(decidedAt) }])])}
${linkButton(t.receipt, deskPlaces(id).receipt, 'secondary')}
<p><a class="btn primary" href="${consolePlaces.desk}" accesskey="n"><span>${t.next}</span></a></p>`
}

function refusalForm(view: AdminView, { application: { id } }: Shown): Html {
  const { desk: t } = textsOf(view.language)
  return details(t.refuseTitle, html`<form method="post" action="${deskPlaces(id).refuse}">${csrfField(view)}
${radioList('refusal', t.refusal, deskRefusals.map((value) => ({ value, label: t.refusals[value] })), t.refusalHint)}
${button(t.refuse, { look: 'danger' })}</form>
<p><a href="${deskPlaces(id).receipt}">${t.receipt}</a></p>`)
}
