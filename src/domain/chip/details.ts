import type { Day } from '#kernel/clock.ts'
import { personalNumber, type PersonalNumber } from '#domain/registry/person.ts'
import { isDay } from './mrz.ts'

/**
 * What Vietnam keeps in DG13, in its own form: fields with a number and texts (docs/chip.md). There is no public specification; this is what programs that read
 * the cards of 2021 agree upon. Fields that are not known are passed over, for later cards have more.
 */
export type Details = {
  number: PersonalNumber
  name: string
  /** `YYYY-MM-DD`, or what is known of it. */
  birthDate: string
  sex?: 'male' | 'female'
  issuedOn?: Day
  expiresOn?: Day
  /** The card says in words that it has no end. */
  endless: boolean
  father?: string
  mother?: string
  spouse?: string
  /** Former numbers of nine digits. */
  oldNumbers: readonly string[]
} & { [Name in (typeof texts)[number][1]]?: string }

const texts = [
  [5, 'nationality'], [6, 'ethnicity'], [7, 'religion'], [8, 'origin'], [9, 'residence'], [10, 'marks'],
] as const

/** The texts of each field number, in their order. */
export type NumberedTexts = ReadonlyMap<number, readonly string[]>

/** Number, name and birth date are what cannot be missing; `undefined` without them. */
export function readDetails(fields: NumberedTexts): Details | undefined {
  const all = (field: number): readonly string[] => (fields.get(field) ?? []).map(tidy).filter((text) => text !== '')
  const one = (field: number): string | undefined => all(field)[0]
  const number = personalNumber.safeParse(one(1))
  const [name, birthDate] = [one(2), partialDay(one(3))]
  if (!number.success || name === undefined || birthDate === undefined) return undefined
  const [father, mother] = all(13)
  const optional = {
    sex: sexes[one(4)?.toLowerCase() ?? ''],
    issuedOn: day(one(11)),
    expiresOn: day(one(12)),
    father,
    mother,
    spouse: one(14),
    ...Object.fromEntries(texts.map(([field, key]) => [key, one(field)])),
  }
  const oldNumbers = [...all(15), ...all(16)].filter((text) => /^\d{9}$/.test(text))
  return { number: number.data, name, birthDate, endless: isEndless(one(12)), oldNumbers, ...present(optional) }
}

/** Nobody's field is longer; it would not be what it seems. */
const longest = 400

const tidy = (text: string): string => text.slice(0, longest).normalize('NFC').trim().replaceAll(/\s+/gu, ' ')

const sexes: Readonly<Record<string, 'male' | 'female'>> = { nam: 'male', 'nữ': 'female' }

function day(text: string | undefined): Day | undefined {
  const found = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(text ?? '')
  const read = found && `${found[3]}-${found[2]}-${found[1]}`
  return read && isDay(read) ? read : undefined
}

/** Somebody of whom the year alone is known has just that, or zeros in place of the rest. */
function partialDay(text: string | undefined): string | undefined {
  return day(text) ?? /^(?:00\/00\/)?(\d{4})$/.exec(text ?? '')?.[1]
}

/** "Không thời hạn": words in place of a date. */
const isEndless = (text: string | undefined): boolean => text !== undefined && /^[\p{L}\p{M} ]+$/u.test(text)

type Present<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> }

function present<Fields extends Readonly<Record<string, unknown>>>(fields: Fields): Present<Fields> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only members without a value were left out
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<Fields>
}
