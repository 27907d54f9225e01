import type { Day } from '#kernel/clock.ts'

/** What a machine-readable zone of three lines of thirty says (TD1: ICAO 9303-5 §4.2), each field as it stands. */
export type Mrz = {
  /** `I`, `ID` …: the kind of document, without filler. */
  documentCode: string
  issuer: string
  documentNumber: string
  /** Twelve digits in the first optional field: on Vietnamese cards the personal number, of which the document number is the end. */
  personalNumber: string | undefined
  /** `YYMMDD`; what is not known is `<`. */
  birth: string
  sex: 'male' | 'female' | undefined
  /** `YYMMDD`. */
  expiry: string
  nationality: string
  /** Primary and secondary identifier without filler, transliterated: `NGUYEN`, `VAN AN`. */
  name: readonly [string, string]
  /** The line of the name is full, so its end may be missing. */
  nameCut: boolean
}

export type MrzReading = { is: 'read'; mrz: Mrz } | { is: 'faulty'; reason: 'mrz.malformed' | 'mrz.check-digit' }

const weights = [7, 3, 1]

/** The check digit of a field: digits for themselves, A to Z for 10 to 35, `<` for nothing, weighed 7, 3, 1 (ICAO 9303-3 §4.9). */
export function checkDigit(field: string): string {
  const sum = [...field].reduce((total, sign, at) => total + (sign === '<' ? 0 : Number.parseInt(sign, 36)) * (weights[at % 3] ?? 0), 0)
  return String(sum % 10)
}

/**
 * Reads the ninety characters of a TD1 zone and every check digit in it. The digit behind the personal number is one that Vietnamese cards carry in the optional
 * field; ICAO leaves that field to the issuer, so it is checked only where it is a digit.
 */
export function readMrz(text: string): MrzReading {
  if (!/^[A-Z0-9<]{90}$/.test(text)) return { is: 'faulty', reason: 'mrz.malformed' }
  const [first, second, third] = [text.slice(0, 30), text.slice(30, 60), text.slice(60)]
  const [birth, expiry, optional] = [second.slice(0, 6), second.slice(8, 14), first.slice(15)]
  if (!/^\d\d([0-9<]{2}){2}$/.test(birth) || !isDate(expiry) || !/^[MF<]$/.test(second.slice(7, 8))) return { is: 'faulty', reason: 'mrz.malformed' }

  const number = /^(\d{12})<*(\d?)$/.exec(optional)
  const checked: readonly (readonly [string, string])[] = [
    [first.slice(5, 14), first.slice(14, 15)],
    [birth, second.slice(6, 7)],
    [expiry, second.slice(14, 15)],
    [first.slice(5) + second.slice(0, 7) + second.slice(8, 15) + second.slice(18, 29), second.slice(29)],
    ...(number?.[2] ? [[number[1] ?? '', number[2]] as const] : []),
  ]
  if (checked.some(([field, digit]) => checkDigit(field) !== digit)) return { is: 'faulty', reason: 'mrz.check-digit' }

  const [primary = '', secondary = ''] = third.replace(/(?<!<)<+$/, '').split('<<')
  return {
    is: 'read',
    mrz: {
      documentCode: unfilled(first.slice(0, 2)),
      issuer: unfilled(first.slice(2, 5)),
      documentNumber: unfilled(first.slice(5, 14)),
      personalNumber: number?.[1],
      birth,
      sex: sexes[second.slice(7, 8)],
      expiry,
      nationality: unfilled(second.slice(15, 18)),
      name: [unfilled(primary), unfilled(secondary)],
      nameCut: !third.endsWith('<'),
    },
  }
}

const sexes: Readonly<Record<string, 'male' | 'female'>> = { M: 'male', F: 'female' }

const unfilled = (field: string): string => field.replaceAll('<', ' ').trim()

function isDate(yymmdd: string): boolean {
  return /^\d{6}$/.test(yymmdd) && isDay(`20${yymmdd.slice(0, 2)}-${yymmdd.slice(2, 4)}-${yymmdd.slice(4)}`)
}

/** Whether a text is a day of the calendar. */
export function isDay(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined
  return at !== undefined && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

/** The last day of the document. Two digits of a year that is to come or not long past: of this century. */
export const expiryDay = ({ expiry }: Pick<Mrz, 'expiry'>): Day => `20${expiry.slice(0, 2)}-${expiry.slice(2, 4)}-${expiry.slice(4)}`

/** Whether a full or partial date of birth is what the six characters say: they leave out the century and what is not known. */
export function sameBirth({ birth }: Pick<Mrz, 'birth'>, date: string): boolean {
  const digits = date.slice(2).replaceAll('-', '')
  return birth.startsWith(digits) && /^<*$/.test(birth.slice(digits.length))
}
