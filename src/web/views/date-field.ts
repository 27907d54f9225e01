import { html, type Html } from '#web/html.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import { errorText, hintText } from './field.ts'

export type DateParts = { day: string; month: string; year: string }

type DateField = {
  language: Language
  value?: DateParts | undefined
  error?: string | undefined
  /** On which paper it stands: not everybody who is asked has a card. */
  paper?: 'card' | 'passport' | 'either'
  /** What the names and ids of the three boxes begin with. */
  prefix?: string
}

/**
 * Three short boxes rather than one: the number pad of a phone has no "/", the order day–month–year is said by the labels
 * and not guessed, a slip is corrected in its own box, and a paper that shows only a year leaves two boxes empty. The names
 * are `birthDay`, `birthMonth`, `birthYear`.
 */
export function birthDateField({ language, value, error, paper = 'card', prefix = 'birth' }: DateField): Html {
  const t = textsOf(language).registration.identity
  const boxes = [
    { part: 'Day', label: t.day, digits: 2, text: value?.day },
    { part: 'Month', label: t.month, digits: 2, text: value?.month },
    { part: 'Year', label: t.year, digits: 4, text: value?.year },
  ]
  const day = `${prefix}Day`
  const box = ({ part, label, digits, text }: (typeof boxes)[number]) => html`<div><label for="${prefix}${part}">${label}</label>
<input class="d${digits}" id="${prefix}${part}" name="${prefix}${part}" type="text" inputmode="numeric" maxlength="${
    digits
  }" autocomplete="bday-${part.toLowerCase()}"${text !== undefined && html` value="${text}"`}${
    error !== undefined && html` aria-invalid="true"`
  }></div>`
  return html`<fieldset class="field${error !== undefined && ' bad'}" aria-describedby="${day}-hint${
    error !== undefined && ` ${day}-error`
  }"><legend>${t.birthDate}</legend>${hintText(day, t.birthDateHints[paper])}${errorText(day, error, language)}
<div class="date">${boxes.map(box)}</div></fieldset>`
}

/**
 * The three boxes as the registry writes a birth date (`YYYY-MM-DD`, or `YYYY` when day and month are empty), or what is
 * wrong with them.
 */
export function readBirthDate(parts: DateParts): { date: string } | { fault: 'dateMissing' | 'yearShort' | 'dateWrong' } {
  const [day, month, year] = [parts.day.trim(), parts.month.trim(), parts.year.trim()]
  if (!day && !month && !year) return { fault: 'dateMissing' }
  if (/^\d{1,3}$/.test(year)) return { fault: 'yearShort' }
  if (!/^\d{4}$/.test(year)) return { fault: 'dateWrong' }
  if (!day && !month) return { date: year }
  if (![day, month].every((part) => /^\d{1,2}$/.test(part))) return { fault: 'dateWrong' }
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const at = new Date(`${date}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date) ? { date } : { fault: 'dateWrong' }
}
