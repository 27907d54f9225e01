import { en } from './en.ts'
import { vi, type Texts } from './vi.ts'

/** Vietnamese is the source, English its complete mirror; more languages are more files of the same type. */
export const languages = ['vi', 'en'] as const
export type Language = (typeof languages)[number]

const texts: Readonly<Record<Language, Texts>> = { vi, en }

export function textsOf(language: Language): Texts {
  return texts[language]
}

export function isLanguage(value: unknown): value is Language {
  return value === 'vi' || value === 'en'
}

function base(tag: string): Language | undefined {
  const primary = tag.trim().toLowerCase().split('-')[0]
  return isLanguage(primary) ? primary : undefined
}

/** Tags of an `Accept-Language` header by falling weight; `q=0` means "not this one" (RFC 9110 §12.5.4). */
function accepted(header: string): readonly string[] {
  return header
    .slice(0, 500)
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';')
      const weight = parameters.find((parameter) => parameter.trim().startsWith('q='))
      return { tag, weight: weight === undefined ? 1 : Number(weight.trim().slice(2)) }
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((one, other) => other.weight - one.weight)
    .map(({ tag }) => tag)
}

/**
 * The language of a page: what the person chose here, else what the service asked for, else the browser, else Vietnamese.
 * `chosen` is set only when the person used the switch during this interaction; the kept cookie comes after `ui_locales`
 * (OIDC Core §3.1.2.1).
 */
export function pickLanguage(wishes: {
  chosen?: string | undefined
  uiLocales?: string | undefined
  cookie?: string | undefined
  acceptLanguage?: string | undefined
}): Language {
  const order = [
    wishes.chosen ?? '',
    ...(wishes.uiLocales ?? '').split(' '),
    wishes.cookie ?? '',
    ...accepted(wishes.acceptLanguage ?? ''),
  ]
  return order.map(base).find((language) => language !== undefined) ?? 'vi'
}
