import type { OrganisationHindrance } from '#domain/organisation/account.ts'
import { isOpen, type ApplicationState, type OrganisationRefusal } from '#domain/organisation/application.ts'
import type { RepresentativeAct } from '#domain/organisation/act.ts'
import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import type { Reader } from '#web/i18n/vi/in-person.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { givePlace, organisationPlace, places } from '#web/place/citizen.ts'
import { button, linkButton, nameHeading, notice, summaryList, table, type SummaryRow } from './parts.ts'
import { mandateList, mandateRows, type MandateShown } from './mandates.ts'

export type OrganisationShown = {
  id: string
  name: string
  code: string
  /** Declared by somebody, and proven by nothing yet. */
  pending?: boolean
  /** What stands against acting for it, if anything. */
  hindrance?: OrganisationHindrance | undefined
  /** Of the last application, where that is what is waited for. */
  application?: { state: ApplicationState; reference: string; due?: string | undefined; refusal?: OrganisationRefusal | undefined } | undefined
}

/** In one word or two: how it stands with the account of an organisation. */
export function statusOf({ language }: Pick<View, 'language'>, { hindrance, application }: Pick<OrganisationShown, 'hindrance' | 'application'>): string {
  const { organisation: t } = textsOf(language)
  if (hindrance === 'no-account' && application !== undefined) return t.states[application.state]
  return hindrance === undefined ? t.usable : t.hindrances[hindrance]
}

/** "My e-ID": the organisations that somebody represents by law, and what organisations let them do. */
export function organisationsPage(view: View, { reader, represented, mandates, level2 }: { reader: Reader; represented: readonly OrganisationShown[]; mandates: readonly MandateShown[]; level2: boolean }): Html {
  const { organisation: t, myEid } = textsOf(view.language)
  return page(view, {
    title: t.title,
    body: html`<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
${!level2 && notice('warning', t.level(reader), view.language)}
${represented.length === 0 ? html`<p>${t.none}</p><p class="hint">${t.noneHint}</p>` : represented.map((one) => html`<section class="share"><h2 lang="vi">${one.name}</h2>
${summaryList([{ label: t.code, value: one.code }, ...pendingRow(view, one), { label: t.status, value: statusOf(view, one) }])}
${linkButton(html`${t.open} <span class="sr" lang="vi">${one.name}</span>`, organisationPlace(one.id), 'secondary')}</section>`)}
${linkButton(t.declaring.link, places.declareOrganisation, 'secondary')}
<h2>${t.mandates.mineTitle}</h2>
${mandates.length === 0 ? html`<p>${t.mandates.mineNone}</p>` : mandateList(view, mandates)}
${linkButton(myEid.back, places.account, 'link')}`,
  })
}

/** Whoever reads of what is pending reads that too. */
const pendingRow = ({ language }: Pick<View, 'language'>, { pending }: Pick<OrganisationShown, 'pending'>): readonly SummaryRow[] => {
  const { declaring: t } = textsOf(language).organisation
  return pending === true ? [{ label: t.source, value: t.pending }] : []
}

export type OneOrganisation = OrganisationShown & {
  address?: string | undefined
  representatives: readonly { name: string; agreed: boolean }[]
  /** What whoever looks may do now, in the order in which it is offered. */
  acts: readonly RepresentativeAct[]
  /** Where its account can be used. */
  mandates?: readonly MandateShown[] | undefined
  sent: boolean
  level2: boolean
  reader: Reader
}

/** One organisation, for a legal representative of it. */
export function organisationPage(view: View, one: OneOrganisation): Html {
  const { organisation: t } = textsOf(view.language)
  return page(view, {
    title: one.name,
    body: html`${nameHeading(html`<span lang="vi">${one.name}</span>`, one.name)}
${one.sent && notice('success', t.giving.sent, view.language)}
${!one.level2 && notice('warning', t.level(one.reader), view.language)}
${summaryList(rowsOf(view, one))}
${isUnderWay(one) && table(t.representatives, [t.name, t.status], one.representatives.map(({ name, agreed }) => [html`<span lang="vi">${name}</span>`, agreed ? t.agreed : t.notYet]))}
${actsOf(view, one)}
${one.mandates !== undefined && html`<h2>${t.mandates.title}</h2>
${one.mandates.length === 0 ? html`<p>${t.mandates.none}</p>` : one.mandates.map((mandate) => givenMandate(view, one.id, mandate))}
${linkButton(t.mandates.give, givePlace(one.id))}`}
${lockForm(view, one)}
${linkButton(t.back, places.organisations, 'link')}`,
  })
}

/** Then who has agreed is told one by one. */
const isUnderWay = ({ application }: OneOrganisation): boolean => application !== undefined && isOpen(application)

function rowsOf(view: View, one: OneOrganisation): readonly SummaryRow[] {
  const { organisation: t } = textsOf(view.language)
  const { application, address, representatives } = one
  const row = (label: string, value: string | undefined): readonly SummaryRow[] => (value === undefined ? [] : [{ label, value }])
  return [
    { label: t.code, value: one.code },
    ...row(t.address, address),
    ...(isUnderWay(one) ? [] : [{ label: t.representatives, value: html`<span lang="vi">${representatives.map(({ name }) => name).join(', ')}</span>` }]),
    ...pendingRow(view, one),
    { label: t.status, value: statusOf(view, one) },
    ...row(t.reference, application?.reference),
    ...row(t.due, application?.due),
    ...row(t.console.reason, application?.refusal && t.refusals[application.refusal]),
  ]
}

/** Each on a form of its own, for each is an act with a passkey; locking stands last on the page. */
function actsOf(view: View, { id, acts }: OneOrganisation): readonly Html[] {
  const { acts: t } = textsOf(view.language).organisation
  return acts.filter((act) => act !== 'lock').map((act) => html`<form method="post" action="${organisationPlace(id)}">${csrfField(view)}
<p>${t[act].text}</p>
${button(t[act].button, { name: 'act', value: act, look: act === 'decline' || act === 'withdraw' ? 'secondary' : 'primary' })}</form>`)
}

function lockForm(view: View, { id, acts }: OneOrganisation): Html | false {
  const { acts: { lock } } = textsOf(view.language).organisation
  return acts.includes('lock') && html`<form method="post" action="${organisationPlace(id)}">${csrfField(view)}
<p class="hint">${lock.text}</p>${button(lock.button, { name: 'act', value: 'lock', look: 'danger' })}</form>`
}

function givenMandate(view: View, organisation: string, mandate: MandateShown): Html {
  const { mandates: t } = textsOf(view.language).organisation
  return html`<section class="share"><h3 lang="vi">${mandate.who}</h3>
${summaryList(mandateRows(view, mandate))}
${mandate.open && html`<form method="post" action="${organisationPlace(organisation)}">${csrfField(view)}<input type="hidden" name="mandate" value="${mandate.id}">${button(t.end, { name: 'act', value: 'end', look: 'secondary' })}</form>`}</section>`
}
