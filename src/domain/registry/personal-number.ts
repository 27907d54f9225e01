import registration from '#config/birth-registration.json' with { type: 'json' }
import { personalNumber } from './person.ts'
import type { Person, PersonalNumber } from './person.ts'

/**
 * A personal number as people type it: `079 203 001 234`, with dots or hyphens, in full-width digits. Anything that is not
 * twelve digits then is `undefined`; the digits are not judged, for only the register knows which numbers exist.
 */
export function parsePersonalNumber(typed: string): PersonalNumber | undefined {
  if (typed.length > 64) return undefined
  const parsed = personalNumber.safeParse(typed.normalize('NFKC').replaceAll(/[\s.\-\u2010-\u2015\u200b\u2060\ufeff]/g, ''))
  return parsed.success ? parsed.data : undefined
}

/** `079 203 001 234`: how pages write a number. */
export const groupedNumber = (number: PersonalNumber): string => number.replaceAll(/(\d{3})(?=\d)/g, '$1 ')

/** `079•••••1234`: enough for its owner to recognise it, too little for anybody else. */
export const maskedNumber = (number: PersonalNumber): string => `${number.slice(0, 3)}•••••${number.slice(-4)}`

const provinces = new Map(registration.provinces.map(({ code, name }) => [code, name]))

/**
 * The province (of the 63 before July 2025) whose code a number begins with: where the birth was registered. `undefined`
 * for births registered abroad and unknown codes. Never the place of residence: seven codes mean another unit today.
 */
export function birthRegistrationProvince(number: PersonalNumber): { code: string; name: string } | undefined {
  const code = number.slice(0, 3)
  const name = provinces.get(code)
  return name === undefined ? undefined : { code, name }
}

/** Whether a number begins with a province of the 63 or with a country code (Circular 07/2016/TT-BCA Annex 1). */
export function knownPrefix(number: PersonalNumber): boolean {
  return provinces.has(number.slice(0, 3)) || Number(number.slice(0, 3)) >= registration.firstCountryCode
}

/** The fourth digit: two for each century from the 20th, male even, female odd (Circular 07/2016/TT-BCA Annex 2). */
export function centuryDigit(year: number, sex: Person['sex']): number {
  return (Math.floor(year / 100) - 19) * 2 + (sex === 'female' ? 1 : 0)
}

/**
 * Whether the digits agree with sex and year of birth. Only ever a hint for data quality: a number may lawfully survive a
 * change of sex or a corrected date (Decree 70/2024 Art 11), and the structure of foreigners' numbers is not published.
 */
export function plausible(number: PersonalNumber, person: Pick<Person, 'kind' | 'sex' | 'birthDate'>): boolean {
  if (person.kind === 'foreigner') return true
  const year = Number(person.birthDate.slice(0, 4))
  return number.slice(3, 6) === `${centuryDigit(year, person.sex)}${person.birthDate.slice(2, 4)}`
}
