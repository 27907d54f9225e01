import { html, type Html, type Part } from '#web/html.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'

export type Field = {
  name: string
  label: string
  language: Language
  hint?: string | undefined
  error?: string | undefined
  value?: string | undefined
  /** A token of WCAG 1.3.5 / HTML autofill. */
  autocomplete?: string
  /** What the keyboard of a phone does by itself (HTML §6.8.7). */
  autocapitalize?: 'characters'
  inputmode?: 'numeric' | 'email' | 'tel' | 'text'
  type?: 'text' | 'email' | 'tel' | 'date' | 'datetime-local'
  maxlength?: number
  look?: 'code' | 'number' | 'wide'
  spellcheck?: false
}

export type FieldFault = { field: string; message: string }

function describedBy(ids: readonly (string | false | undefined)[]): Html | false {
  const present = ids.filter((id) => typeof id === 'string')
  return present.length > 0 && html` aria-describedby="${present.join(' ')}"`
}

export function hintText(name: string, hint: string | undefined): Html | false {
  return hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`
}

export function errorText(name: string, error: string | undefined, language: Language): Html | false {
  if (error === undefined) return false
  return html`<p class="error" id="${name}-error"><span class="sr">${textsOf(language).frame.fieldError}</span>${error}</p>`
}

function attribute(name: string, value: Part): Html | false {
  return value !== undefined && value !== false && html` ${name}="${value}"`
}

/** Label, hint, error, input: in the order in which they are read. The value stays after an error (WCAG 3.3.7). */
export function field(props: Field): Html {
  const { name, label, hint, error, value, language, look = 'wide', type = 'text' } = props
  return html`<div class="field${error !== undefined && ' bad'}">
<label for="${name}">${label}</label>
${hintText(name, hint)}${errorText(name, error, language)}
<input class="${look}" id="${name}" name="${name}" type="${type}"${[
    attribute('value', value),
    attribute('inputmode', props.inputmode),
    attribute('autocomplete', props.autocomplete),
    attribute('autocapitalize', props.autocapitalize),
    attribute('maxlength', props.maxlength),
    props.spellcheck === false && html` spellcheck="false"`,
    error !== undefined && html` aria-invalid="true"`,
    describedBy([hint !== undefined && `${name}-hint`, error !== undefined && `${name}-error`]),
  ]}>
</div>`
}

/** One field for a 6-digit code: paste and the keyboard's own suggestion work, which six boxes break. */
export function codeField(props: Omit<Field, 'inputmode' | 'autocomplete' | 'look'>): Html {
  return field({ ...props, inputmode: 'numeric', autocomplete: 'one-time-code', look: 'code', spellcheck: false })
}

/** What is wrong, above everything else, with links to the fields. The script moves the focus here. */
export function errorSummary(faults: readonly FieldFault[], language: Language): Html | false {
  if (faults.length === 0) return false
  return html`<div class="faults" role="alert" tabindex="-1" id="faults"><h2>${textsOf(language).frame.errorSummary}</h2>
<ul>${faults.map(({ field: target, message }) => html`<li><a href="#${target}">${message}</a></li>`)}</ul></div>`
}

export type Choice = { value: string; label: Part; hint?: Part; checked?: boolean }

/** Boxes that are never ticked in advance unless the caller says so (Law 91/2025 Art 9: consent is an act). */
export function checkboxList(name: string, legend: string, choices: readonly Choice[], hint?: string): Html {
  return choiceList('checkbox', { name, legend, choices, hint })
}

export function radioList(name: string, legend: string, choices: readonly Choice[], hint?: string): Html {
  return choiceList('radio', { name, legend, choices, hint })
}

type ChoiceList = { name: string; legend: string; choices: readonly Choice[]; hint: string | undefined }

function choiceList(type: 'checkbox' | 'radio', { name, legend, choices, hint }: ChoiceList): Html {
  // Several lists of one name may stand on a page, so ids are made from values; a colon in one would be read as a selector's.
  const idOf = (value: string | undefined) => `${name}-${value?.replaceAll(':', '-') || 'none'}`
  const about = idOf(choices[0]?.value)
  const row = ({ value, label, hint: note, checked = false }: Choice) => {
    const id = idOf(value)
    return html`<div class="choice"><input type="${type}" id="${id}" name="${name}" value="${value}"${checked && html` checked`}>
<label for="${id}">${label}${note !== undefined && html`<span class="hint">${note}</span>`}</label></div>`
  }
  return html`<fieldset${describedBy([hint !== undefined && `${about}-hint`])}><legend>${legend}</legend>${hintText(about, hint)}
${choices.map(row)}</fieldset>`
}
