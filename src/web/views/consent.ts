import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { checkboxList } from './field.ts'
import { button, summaryList, withService, type Service } from './parts.ts'
import { interactionPlaces } from './places.ts'

export type ConsentItem = {
  claim: string
  label: string
  /** As the person reads it, masked where it need not be read in full (`maskPersonalNumber`). */
  value: string
  essential: boolean
  /** Basic or sensitive personal data (Law 91/2025 Art 2). */
  sensitive?: boolean
}

export type Consent = {
  service: Service
  uid: string
  /** In the page's language. */
  purpose?: string
  items: readonly ConsentItem[]
  /** `law`: a state body with a legal duty informs and does not ask (ux §4.6). */
  basis: 'consent' | 'law'
  /** The legal text relied on, in the page's language. */
  reference?: string
  /** Completes "Kept until …"; by default "you stop sharing". */
  keptUntil?: string
}

function labelOf(view: View, { label, sensitive = false }: ConsentItem): Html {
  return html`${label}${sensitive && html` <span class="tag">${textsOf(view.language).consent.sensitive}</span>`}`
}

function terms(view: View, { purpose, basis, reference, keptUntil }: Consent): Html {
  const t = textsOf(view.language).consent
  const row = (label: string, value: string | undefined) => (value === undefined ? [] : [{ label, value }])
  return summaryList([
    ...row(t.purpose, purpose),
    ...row(t.basis, reference ?? (basis === 'consent' ? t.basisConsent : undefined)),
    ...row(t.kept, keptUntil ?? (basis === 'consent' ? t.keptUntilStopped : undefined)),
  ])
}

function optionalItems(view: View, props: Consent): Html | false {
  const t = textsOf(view.language)
  const optional = props.items.filter(({ essential }) => !essential)
  if (optional.length === 0) return false
  const choices = optional.map((item) => ({
    value: item.claim,
    label: html`${labelOf(view, item)} <span class="quiet">(${t.frame.optional})</span>`,
    hint: item.value,
  }))
  return checkboxList('optional', t.consent.chooseTitle, choices, t.consent.chooseHint)
}

/**
 * What the service receives and why (ux §4.6; Decree 69/2024 Art 19.3). Posts `choice` = `allow` | `deny` and one `optional`
 * per ticked claim to `/interaction/:uid/consent`. Under a legal duty there is only `allow`, and no box to tick.
 */
export function consentPage(view: View, props: Consent): Html {
  const t = textsOf(view.language)
  const c = t.consent
  const { service, items, uid, basis } = props
  const law = basis === 'law'
  const title = law ? c.titleLaw : c.title
  const sent = items.filter(({ essential }) => essential || law)
  return page(view, {
    title: title(service.name),
    body: html`<h1>${withService(title, service)}</h1>
<p class="lead">${law ? c.leadLaw : c.lead}</p>
<form method="post" action="${interactionPlaces(uid).consent}">${csrfField(view)}
${summaryList(sent.map((item) => ({ label: labelOf(view, item), value: item.value })))}
${!law && optionalItems(view, props)}
<div class="terms">${terms(view, props)}</div>
${
  law
    ? button(t.frame.continue, { name: 'choice', value: 'allow' })
    : html`<div class="pair">${button(c.allow, { name: 'choice', value: 'allow' })}${
        button(c.deny, { name: 'choice', value: 'deny', look: 'secondary' })
      }</div><p class="hint">${c.denyHint}</p>`
}</form>`,
  })
}
