import { html, type Html, type Part } from '#web/html.ts'
import type { Language } from '#web/i18n/language.ts'
import { errorText, hintText } from './field.ts'

type Shared = { name: string; label: string; language: Language; hint?: string | undefined; error?: string | undefined; value?: string | undefined }

function around({ name, label, hint, error, language }: Shared, control: Html): Html {
  return html`<div class="field${error !== undefined && ' bad'}"><label for="${name}">${label}</label>
${hintText(name, hint)}${errorText(name, error, language)}
${control}</div>`
}

function about({ name, hint, error }: Shared): Part {
  const ids = [hint !== undefined && `${name}-hint`, error !== undefined && `${name}-error`].filter((id) => typeof id === 'string')
  return html`${ids.length > 0 && html` aria-describedby="${ids.join(' ')}"`}${error !== undefined && html` aria-invalid="true"`}`
}

/** Text of several lines. What is written for machines stands in letters of one width and is not corrected. */
export function area(props: Shared & { rows?: number; maxlength: number; code?: boolean }): Html {
  const { name, value, rows = 3, maxlength, code = false } = props
  // The first line break after the tag is dropped (HTML §13.1.2.5), so one is always there.
  return around(props, html`<textarea id="${name}" name="${name}" rows="${rows}" maxlength="${maxlength}"${code && html` class="mono" spellcheck="false"`}${about(props)}>
${value}</textarea>`)
}

/** One of a few words, where a list of all of them would be too long. */
export function select(props: Shared & { choices: readonly { value: string; label: string }[] }): Html {
  const { name, value = '', choices } = props
  return around(props, html`<select id="${name}" name="${name}"${about(props)}>${choices.map((choice) =>
    html`<option value="${choice.value}"${choice.value === value && html` selected`}>${choice.label}</option>`)}</select>`)
}
