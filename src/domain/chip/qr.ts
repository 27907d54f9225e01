import type { Day } from '#kernel/clock.ts'
import { parsePersonalNumber } from '#domain/registry/personal-number.ts'
import type { PersonalNumber } from '#domain/registry/person.ts'
import { isDay } from './mrz.ts'

/**
 * What the square code on a card says. Nobody has signed it: it fills in a form that is then compared with the register, and is never
 * evidence (docs/chip.md).
 */
export type CardQr = {
  number: PersonalNumber
  oldNumber?: string
  name: string
  birthDate: Day
  sex?: 'male' | 'female'
  residence?: string
  issuedOn?: Day
}

/**
 * `number|old number|name|ddMMyyyy|sex|residence|ddMMyyyy`, as cards since 2021 have it; the old number may be empty or left out, and later cards
 * have more fields behind, which are passed over. `undefined` for anything else.
 */
export function readCardQr(text: string): CardQr | undefined {
  if (text.length > 2_000) return undefined
  const [first = '', ...rest] = text.normalize('NFC').split('|').map((field) => field.trim().replaceAll(/\s+/gu, ' '))
  // Without the old number the name comes second.
  const [old, name, born, sex, residence, issued] = /^(\d{9})?$/.test(rest[0] ?? '') ? rest : ['', ...rest]
  const [number, birthDate] = [parsePersonalNumber(first), dayOf(born)]
  if (number === undefined || birthDate === undefined || !isName(name)) return undefined
  const optional = { oldNumber: old, sex: sexes[sex?.toLowerCase() ?? ''], residence: residence?.slice(0, 400), issuedOn: dayOf(issued) }
  return { number, name, birthDate, ...filled(optional) }
}

const isName = (text: string | undefined): text is string => /^\p{L}[\p{L}\p{M}'’. -]{1,199}$/u.test(text ?? '')

type Filled<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> }

function filled<Fields extends Readonly<Record<string, string | undefined>>>(fields: Fields): Filled<Fields> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only members without a value were left out
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')) as Filled<Fields>
}

const sexes: Readonly<Record<string, 'male' | 'female'>> = { nam: 'male', 'nữ': 'female' }

function dayOf(ddmmyyyy = ''): Day | undefined {
  const day = /^\d{8}$/.test(ddmmyyyy) ? `${ddmmyyyy.slice(4)}-${ddmmyyyy.slice(2, 4)}-${ddmmyyyy.slice(0, 2)}` : undefined
  return day !== undefined && isDay(day) ? day : undefined
}
