import { html, type Html, type Part } from '#web/html.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { inNameOf, inNameOfOrganisation } from './acting.ts'
import { checkboxList } from './field.ts'
import { button, summaryList, withService, type Service } from './parts.ts'
import { interactionPlaces } from '#web/place/interaction.ts'

export type ConsentItem = {
  /** The id of the attribute, which the form sends back. */
  attribute: string
  label: string
  /** As the person reads it, masked where it need not be read in full; several facts stand in lines. */
  value: string | readonly string[]
  /** The language of the value, where it is known to be one of its own. */
  language?: Language | undefined
  essential: boolean
  /** Basic or sensitive personal data (Law 91/2025 Art 2). */
  sensitive?: boolean
  /** Lets the service do something; nothing is sent. */
  access?: boolean
}

/** What is sent for one purpose, on one legal ground. Texts are in the page's language. */
export type ConsentGroup = {
  basis: 'consent' | 'law'
  purpose?: string | undefined
  /** The legal text relied on. */
  reference?: string | undefined
  /** How long the answer counts, in words; a legal duty has none. */
  lasts?: string | undefined
  items: readonly ConsentItem[]
}

/** One thing to confirm in detail, in the page's language. */
export type ConfirmedDetail = { title: string; rows: readonly { label: string; value: string }[] }

export type Consent = {
  service: Service
  uid: string
  /** `law`: everything is a legal duty, so the page informs and does not ask. */
  basis: 'consent' | 'law'
  groups: readonly ConsentGroup[]
  details?: readonly ConfirmedDetail[]
  /** Whose data this is, where somebody acts for them. */
  inNameOf?: string | undefined
  /** Which organisation somebody acts in the name of. */
  organisation?: string | undefined
}

function labelOf(view: View, { label, sensitive = false }: ConsentItem): Html {
  return html`${label}${sensitive && html` <span class="tag">${textsOf(view.language).consent.sensitive}</span>`}`
}

/** What the registry says in Vietnamese is marked on other pages, so that a screen reader pronounces it (WCAG 3.1.2). */
function valueOf(view: View, { value, language = view.language }: ConsentItem): Part {
  if (language !== view.language) return html`<span lang="${language}">${value}</span>`
  return typeof value === 'string' ? value : value.map((line) => html`<span class="fact">${line}</span> `)
}

function terms(view: View, { purpose, basis, reference, lasts }: ConsentGroup): Html {
  const t = textsOf(view.language).consent
  const row = (label: string, value: string | undefined) => (value === undefined ? [] : [{ label, value }])
  return summaryList([
    ...row(t.purpose, purpose),
    ...row(t.basis, reference ?? (basis === 'consent' ? t.basisConsent : undefined)),
    ...row(t.lasts, lasts),
  ])
}

/** Boxes of the attributes that may be left out. They are never ticked beforehand (Decree 356/2025 Art 6). */
function optionalItems(view: View, items: readonly ConsentItem[]): Html | false {
  const t = textsOf(view.language)
  if (items.length === 0) return false
  const choices = items.map((item) => ({
    value: item.attribute,
    label: html`${labelOf(view, item)} <span class="quiet">(${t.frame.optional})</span>`,
    hint: valueOf(view, item),
  }))
  return checkboxList('optional', t.consent.chooseTitle, choices, t.consent.chooseHint)
}

/** One purpose, and what is sent for it. */
export function consentGroup(view: View, group: ConsentGroup): Html {
  const sent = group.items.filter(({ essential }) => essential || group.basis === 'law')
  const optional = group.items.filter((item) => !sent.includes(item))
  const rows = sent.map((item) => ({ label: labelOf(view, item), value: valueOf(view, item) }))
  return html`<section class="share">${rows.length > 0 && summaryList(rows)}
${optionalItems(view, optional)}
<div class="terms">${terms(view, group)}</div></section>`
}

/**
 * What the service receives and why (Decree 69/2024 Art 19.3), group by group. Posts `choice` = `allow` | `deny` and
 * one `optional` per ticked attribute to `/interaction/:uid/consent`. Where all of it is a legal duty there is only `allow`.
 */
export function consentPage(view: View, { service, uid, basis, groups, details = [], inNameOf: name, organisation }: Consent): Html {
  const t = textsOf(view.language)
  const c = t.consent
  const nothing = groups.length + details.length === 0
  const { title, lead } = headOf(view, { basis, confirms: details.length > 0, nothing, access: groups.every(({ items }) => items.every((item) => item.access)) })
  return page(view, {
    title: title(service.name),
    body: html`<h1>${withService(title, service)}</h1>
<p class="lead">${lead}</p>
${name !== undefined && inNameOf(view, name)}
${organisation !== undefined && inNameOfOrganisation(view, organisation)}
<form method="post" action="${interactionPlaces(uid).consent}">${csrfField(view)}
${confirmedDetails(details)}
${groups.map((group) => consentGroup(view, group))}
${
  basis === 'law'
    ? button(t.frame.continue, { name: 'choice', value: 'allow' })
    : html`<div class="pair">${button(c.allow, { name: 'choice', value: 'allow' })}${
        button(c.deny, { name: 'choice', value: 'deny', look: 'secondary' })
      }</div><p class="hint">${c.denyHint}</p>`
}</form>`,
  })
}

/** What is to be confirmed, one by one. */
export function confirmedDetails(details: readonly ConfirmedDetail[]): readonly Html[] {
  return details.map(({ title, rows }) => html`<section class="share"><h2>${title}</h2>${summaryList(rows)}</section>`)
}

function headOf({ language }: View, { basis, ...only }: Pick<Consent, 'basis'> & { confirms: boolean; nothing: boolean; access: boolean }) {
  const { consent: c, details: d } = textsOf(language)
  if (only.nothing) return { title: d.titleNothing, lead: d.nothing }
  if (only.confirms) return { title: d.title, lead: d.lead }
  if (only.access) return { title: c.titleAccess, lead: c.leadAccess }
  return basis === 'law' ? { title: c.titleLaw, lead: c.leadLaw } : { title: c.title, lead: c.lead }
}
