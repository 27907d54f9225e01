import type { Mandate, MandateFault } from '#domain/organisation/mandate.ts'
import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { givePlace, mandatePlace, organisationPlace, places } from '#web/place/citizen.ts'
import { checkboxList, errorSummary, errorText, field, radioList, type Choice, type FieldFault } from './field.ts'
import { button, linkButton, nameHeading, summaryList, type SummaryRow } from './parts.ts'

/** A mandate in words. `who` is named by the giver, for whoever gave it; `organisation` is whose it is, for whoever has it. */
export type MandateShown = {
  id: string
  organisation: string
  who: string
  number?: string | undefined
  role: string
  scope: readonly string[]
  from: string
  until: string
  state: Mandate['state']
  /** Why it does not count today, where it was accepted. */
  fault?: MandateFault | undefined
  /** Whether it can still be ended. */
  open: boolean
}

export function mandateRows(view: View, { number, role, scope, from, until, state, fault }: MandateShown): readonly SummaryRow[] {
  const { organisation: { mandates: t, status }, acting } = textsOf(view.language)
  return [
    ...(number === undefined ? [] : [{ label: acting.wards.number, value: number }]),
    { label: t.role, value: role },
    { label: t.scope, value: scope.map((place) => html`<span class="fact">${place}</span> `) },
    { label: t.term, value: t.from(from, until) },
    { label: status, value: state === 'accepted' && fault !== undefined ? t.faults[fault] : t.states[state] },
  ]
}

/** What somebody was given, each with the way to it. */
export function mandateList(view: View, mandates: readonly MandateShown[]): readonly Html[] {
  const { organisation: t } = textsOf(view.language)
  return mandates.map((one) => html`<section class="share"><h3 lang="vi">${one.organisation}</h3>
${summaryList(mandateRows(view, one))}
${linkButton(html`${t.open} <span class="sr">${t.mandates.ofName(one.organisation)}</span>`, mandatePlace(one.id), one.state === 'offered' ? 'primary' : 'secondary')}</section>`)
}

/** One mandate, for whom it names: to take it or not, and to end it. */
export function mandatePage(view: View, mandate: MandateShown): Html {
  const { organisation: { mandates: t, back } } = textsOf(view.language)
  const isOffer = mandate.state === 'offered'
  const title = isOffer ? t.askTitle(mandate.organisation) : t.ofName(mandate.organisation)
  const act = (value: 'accept' | 'decline' | 'end', label: string, look: 'primary' | 'secondary' | 'danger') => button(label, { name: 'act', value, look })
  return page(view, {
    title,
    body: html`${nameHeading(title, title)}
${isOffer && html`<p class="lead">${t.askLead}</p>`}
${summaryList(mandateRows(view, mandate))}
<form method="post" action="${mandatePlace(mandate.id)}">${csrfField(view)}
${isOffer ? html`<div class="pair">${act('accept', t.accept, 'primary')}${act('decline', t.decline, 'secondary')}</div>` : html`<p class="hint">${t.endText}</p>${act('end', t.end, 'danger')}`}</form>
${linkButton(back, places.organisations, 'link')}`,
  })
}

export type Giving = {
  organisation: { id: string; name: string }
  roles: readonly { id: string; label: string }[]
  /** Boxes of services, and of everything of one legal entity. */
  scopes: readonly Choice[]
  typed: { number?: string; name?: string; role?: string; from: string; until: string }
  faults: readonly FieldFault[]
}

export function givePage(view: View, { organisation, roles, scopes, typed, faults }: Giving): Html {
  const { organisation: { giving: t, back } } = textsOf(view.language)
  const { language } = view
  const error = (name: string) => faults.find((fault) => fault.field === name)?.message
  const [role, scope] = [`role-${roles[0]?.id ?? ''}`, `scope-${scopes[0]?.value ?? ''}`]
  return page(view, {
    title: t.title,
    failed: faults.length > 0,
    script: faults.length > 0,
    body: html`<h1>${t.title}</h1>
<p class="lead">${t.lead(organisation.name)}</p>
${errorSummary(faults, language)}
${scopes.length === 0 ? html`<p>${t.noServices}</p>` : html`<form method="post" action="${givePlace(organisation.id)}">${csrfField(view)}
${field({ name: 'number', label: t.number, hint: t.numberHint, language, value: typed.number, error: error('number'), inputmode: 'numeric', look: 'number', maxlength: 40, autocomplete: 'off' })}
${field({ name: 'name', label: t.name, language, value: typed.name, error: error('name'), maxlength: 200, spellcheck: false, autocomplete: 'off' })}
<div class="field${error(role) !== undefined && ' bad'}">${errorText(role, error(role), language)}${radioList('role', t.role, roles.map(({ id, label }) => ({ value: id, label, checked: id === typed.role })))}</div>
<div class="field${error(scope) !== undefined && ' bad'}">${errorText(scope, error(scope), language)}${checkboxList('scope', t.scope, scopes, t.scopeHint)}</div>
${field({ name: 'from', label: t.from, type: 'date', language, value: typed.from, error: error('from') })}
${field({ name: 'until', label: t.until, type: 'date', language, value: typed.until, error: error('until') })}
${button(t.button)}</form>`}
${linkButton(back, organisationPlace(organisation.id), 'link')}`,
  })
}

