import { html, type Html } from '#web/html.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import { errorText, hintText } from './field.ts'

export type DateParts = { day: string; month: string; year: string }

/**
 * Three short boxes rather than one: the number pad of a phone has no "/", the order day–month–year is said by the labels
 * and not guessed, a slip is corrected in its own box, and a card that shows only a year leaves two boxes empty. The names
 * are `birthDay`, `birthMonth`, `birthYear`.
 */
export function birthDateField(props: { language: Language; value?: DateParts | undefined; error?: string | undefined }): Html {
  const { language, value, error } = props
  const t = textsOf(language).registration.identity
  const describedBy = error === undefined ? 'birthDay-hint' : 'birthDay-hint birthDay-error'
  const box = (id: string, label: string, part: string | undefined, autocomplete: string) => html`<div>
<label for="${id}">${label}</label>
<input class="${id === 'birthYear' ? 'year' : 'two'}" id="${id}" name="${id}" type="text" inputmode="numeric" maxlength="${
    id === 'birthYear' ? 4 : 2
  }" autocomplete="${autocomplete}"${part !== undefined && html` value="${part}"`}${error !== undefined && html` aria-invalid="true"`}></div>`
  return html`<fieldset class="field${error !== undefined && ' bad'}" aria-describedby="${describedBy}">
<legend>${t.birthDate}</legend>${hintText('birthDay', t.birthDateHint)}${errorText('birthDay', error, language)}
<div class="date">${box('birthDay', t.day, value?.day, 'bday-day')}${box('birthMonth', t.month, value?.month, 'bday-month')}${
    box('birthYear', t.year, value?.year, 'bday-year')
  }</div></fieldset>`
}

/**
 * The three boxes as the registry writes a birth date (`YYYY-MM-DD`, or `YYYY` when day and month are empty), or what is
 * wrong with them.
 */
export function readBirthDate(parts: DateParts): { date: string } | { fault: 'dateMissing' | 'dateWrong' } {
  const [day, month, year] = [parts.day, parts.month, parts.year].map((part) => part.trim())
  if (!day && !month && !year) return { fault: 'dateMissing' }
  if (!year || !/^\d{4}$/.test(year)) return { fault: 'dateWrong' }
  if (!day && !month) return { date: year }
  if (!day || !month || !/^\d{1,2}$/.test(day) || !/^\d{1,2}$/.test(month)) return { fault: 'dateWrong' }
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const at = new Date(`${date}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date) ? { date } : { fault: 'dateWrong' }
}
