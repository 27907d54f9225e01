import { declaredKinds, mostOthers } from '#domain/organisation/declared.ts'
import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import type { Reader } from '#web/i18n/vi/in-person.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { places } from '#web/place/citizen.ts'
import { errorSummary, errorText, field, radioList, type FieldFault } from './field.ts'
import { button, linkButton, notice } from './parts.ts'

/** As it was typed. */
export type TypedDeclaration = Readonly<Record<'code' | 'name' | 'kind' | 'address' | 'papers' | 'issuer' | 'issuedOn', string>> & { others: readonly { number: string; name: string }[] }

type Declaring = { typed: TypedDeclaration; faults: readonly FieldFault[]; level2: boolean; reader: Reader }

/** The form on which a legal representative declares an organisation that no register knows. */
export function declareOrganisationPage(view: View, { typed, faults, level2, reader }: Declaring): Html {
  const { organisation: { declaring: t, level, back } } = textsOf(view.language)
  return page(view, {
    title: t.title,
    failed: faults.length > 0,
    script: faults.length > 0,
    body: html`<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
${errorSummary(faults, view.language)}
${level2 ? form(view, { typed, faults }) : notice('warning', level(reader), view.language)}
${linkButton(back, places.organisations, 'link')}`,
  })
}

function form(view: View, { typed, faults }: Pick<Declaring, 'typed' | 'faults'>): Html {
  const { language } = view
  const { organisation: { declaring: t } } = textsOf(language)
  const error = (name: string) => faults.find((fault) => fault.field === name)?.message
  const kind = `kind-${declaredKinds[0]}`
  const line = (name: Exclude<keyof TypedDeclaration, 'others' | 'kind'>, label: string, hint?: string) => field({ name, label, hint, language, value: typed[name], error: error(name), maxlength: 300, spellcheck: false, autocomplete: 'off' })
  return html`<form method="post" action="${places.declareOrganisation}">${csrfField(view)}
${field({ name: 'code', label: t.code, hint: t.codeHint, language, value: typed.code, error: error('code'), inputmode: 'numeric', look: 'number', maxlength: 20, autocomplete: 'off' })}
${line('name', t.name, t.nameHint)}
<div class="field${error(kind) !== undefined && ' bad'}">${errorText(kind, error(kind), language)}${radioList('kind', t.kind, declaredKinds.map((value) => ({ value, label: t.kinds[value], checked: value === typed.kind })))}</div>
${line('address', t.address)}
${line('papers', t.papers, t.papersHint)}
${line('issuer', t.issuer)}
${field({ name: 'issuedOn', label: t.issuedOn, type: 'date', language, value: typed.issuedOn, error: error('issuedOn') })}
<h2>${t.others}</h2>
<p class="hint">${t.othersHint}</p>
${Array.from({ length: mostOthers }, (_, at) => at + 1).map((at) => html`${field({ name: `number${at}`, label: t.otherNumber(at), language, value: typed.others[at - 1]?.number, error: error(`number${at}`), inputmode: 'numeric', look: 'number', maxlength: 40, autocomplete: 'off' })}
${field({ name: `name${at}`, label: t.otherName(at), language, value: typed.others[at - 1]?.name, error: error(`name${at}`), maxlength: 200, spellcheck: false, autocomplete: 'off' })}`)}
${button(t.button)}</form>`
}
