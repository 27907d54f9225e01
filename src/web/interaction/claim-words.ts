import { person, personalNumber } from '#domain/registry/person.ts'
import { maskedPassport, type PassportRef } from '#domain/registry/passport.ts'
import { groupedNumber } from '#domain/registry/personal-number.ts'
import { residenceProvince } from '#domain/registry/province.ts'
import type { Attribute } from '#domain/consent/catalogue.ts'
import { thresholds } from '#domain/consent/derived.ts'
import { countryName } from '#web/i18n/country.ts'
import { formatBirthDate } from '#web/i18n/format.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'

type Values = Readonly<Record<string, unknown>>

type Word = (value: unknown, language: Language) => string

const yesOrNo: Word = (value, language) => textsOf(language).consent.answers[answerIn(value)]

const kinds = person.shape.kind

/** What a person reads on the consent page for an attribute, by its main claim; plain text unless said otherwise. */
const words: Readonly<Record<string, Word>> = {
  vn_personal_id: (value) => groupedNumber(personalNumber.parse(value)),
  birthdate: (value) => formatBirthDate(String(value)),
  gender: (value, language) => textsOf(language).consent.sexes[value === 'female' ? 'female' : 'male'],
  nationalities: (value, language) =>
    Array.isArray(value) ? value.map((code) => countryName(String(code), language)).join(', ') : '',
  vn_identity_kind: (value, language) => textsOf(language).consent.kinds[kinds.parse(value)],
  vn_passport: (value, language) => passportWords(person.shape.passport.unwrap().unwrap().pick({ number: true, country: true }).loose().safeParse(value).data, textIn(value, 'expires_on'), language),
  vn_residence_card: (value, language) => residenceWords(textIn(value, 'residence'), textIn(value, 'expires_on'), language),
  address: (value) => textIn(value, 'formatted'),
  place_of_birth: (value) => textIn(value, 'locality'),
  ...Object.fromEntries(thresholds.map((years) => [`age_over_${years}`, yesOrNo])),
  resident_of: (value, language) => pairsIn(value).map(([place, answer]) => `${placeName(place)}: ${yesOrNo(answer, language)}`).join('; '),
  registry_as_of: (value) => formatBirthDate(String(value)),
  updated_at: (value) => formatBirthDate(new Date(Number(value) * 1000).toISOString().slice(0, 10)),
}

/** The value of an attribute in words; a dash where the registry has nothing to share. */
export function inWords(attribute: Attribute, values: Values, language: Language): string {
  if (attribute.shownAs !== undefined) return attribute.shownAs[language]
  const claim = attribute.claims.find((name) => values[name] !== undefined)
  if (claim === undefined) return '–'
  const word = words[claim]
  const text = word ? word(values[claim], language) : String(values[claim])
  return attribute.masked ? masked(text) : text
}

/** What the registry writes as people in Viet Nam do, on pages of either language. */
const vietnamese: ReadonlySet<string> = new Set(['name', 'family_name', 'middle_name', 'given_name', 'address', 'place_of_birth', 'vn_hometown'])

/** The language of an attribute's value, where it is none of our words and its language is known. */
export function languageIn({ claims }: Attribute): Language | undefined {
  return claims.some((claim) => vietnamese.has(claim)) ? 'vi' : undefined
}

function answerIn(value: unknown): 'yes' | 'no' | 'unknown' {
  if (typeof value !== 'boolean') return 'unknown'
  return value ? 'yes' : 'no'
}

/** Places, each with what is answered about it. */
function pairsIn(value: unknown): readonly (readonly [string, unknown])[] {
  return Array.isArray(value) ? value.flatMap((pair: unknown) => (Array.isArray(pair) ? [[String(pair[0]), pair[1]] as const] : [])) : []
}

/** `79/Phường Bến Thành` as people say it. */
function placeName(place: string): string {
  const [code = '', commune] = place.split('/', 2)
  const province = residenceProvince(code)?.name ?? code
  return commune === undefined ? province : `${commune}, ${province}`
}

/** Enough to know one's own by, too little for who looks over the shoulder: `079•••••1234`. */
function masked(text: string): string {
  const plain = text.replaceAll(' ', '')
  return plain.length < 9 ? '•'.repeat(plain.length) : `${plain.slice(0, 3)}•••••${plain.slice(-4)}`
}

/** Enough to know one's own by, with the country and the last day. */
function passportWords(passport: PassportRef | undefined, expiresOn: string, language: Language): string {
  if (passport === undefined) return '–'
  return [maskedPassport(passport.number), countryName(passport.country, language), ...until(expiresOn, language)].join(', ')
}

function residenceWords(residence: string, expiresOn: string, language: Language): string {
  const { residences } = textsOf(language).consent
  const kind = residence === 'permanent' || residence === 'temporary' ? residences[residence] : residences.unknown
  return [kind, ...until(expiresOn, language)].join(', ')
}

function until(day: string, language: Language): readonly string[] {
  return day === '–' ? [] : [textsOf(language).consent.until(formatBirthDate(day))]
}

function textIn(value: unknown, field: string): string {
  if (typeof value !== 'object' || value === null) return '–'
  const text: unknown = Reflect.get(value, field)
  return typeof text === 'string' ? text : '–'
}
