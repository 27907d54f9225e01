import { normalName } from './name.ts'
import { passportNumber } from './person.ts'
import type { Person } from './person.ts'

/** Which passport: two states may have given out the same number. */
export type PassportRef = Pick<NonNullable<Person['passport']>, 'number' | 'country'>

/**
 * A passport number as people type it: in small letters, with spaces, hyphens or the fillers of the machine-readable zone. What is no number
 * then is `undefined`; it is not judged further, for states make them as they like.
 */
export function parsePassportNumber(typed: string): PassportRef['number'] | undefined {
  if (typed.length > 64) return undefined
  const parsed = passportNumber.safeParse(typed.normalize('NFKC').toUpperCase().replaceAll(/[\s.<\-\u2010-\u2015\u200b\u2060\ufeff]/g, ''))
  return parsed.success ? parsed.data : undefined
}

/** `C0•••••21`: enough for its holder to recognise it. */
export const maskedPassport = (number: PassportRef['number']): string => `${number.slice(0, 2)}•••••${number.slice(-2)}`

/** Letters that are no Latin letter with a mark, and how passports write them (ICAO Doc 9303-3 §6.A). */
const letters: Readonly<Record<string, string>> = {
  Æ: 'AE', Œ: 'OE', ß: 'SS', ẞ: 'SS', Þ: 'TH', Ð: 'D', Đ: 'D', Ł: 'L', Ħ: 'H', Ŋ: 'N', Ŧ: 'T', Ø: 'OE', Ĳ: 'IJ', ı: 'I', ĸ: 'K',
}
/** Those that some states write with one letter and others with two. */
const twoWays: Readonly<Record<string, string>> = { Ä: 'AE', Ö: 'OE', Ü: 'UE', Å: 'AA' }

type Spelling = Readonly<Record<string, string>>

/** As the machine-readable zone has it: A to Z, words apart, no apostrophes; hyphens part words (ICAO Doc 9303-3 §4.6). */
function zoneName(name: string, spelling: Spelling): string {
  const raised = normalName(name).replaceAll('ß', 'ẞ').replaceAll('ı', 'I').toUpperCase()
  const spelt = Array.from(raised, (letter) => spelling[letter] ?? letter).join('').normalize('NFD').replaceAll(/\p{M}/gu, '')
  return spelt.replaceAll(/['‘’ʼʻ`´ˈ.,]/gu, '').replaceAll(/[-\u2010-\u2015<\s]+/gu, ' ').trim()
}

/** Ü as UE, as U and as UXX, Ø as O, Ñ as NXX: whatever the state that made the passport chose. */
const spellings: readonly Spelling[] = [letters, { ...letters, ...twoWays }, { ...letters, Ø: 'O' }, { ...letters, ...twoWays, Ü: 'UXX', Ñ: 'NXX' }]

const zoneNames = (name: string): ReadonlySet<string> => new Set(spellings.map((spelling) => zoneName(name, spelling)))

/** The zone has room for so many letters of a name, and cuts what is longer (ICAO Doc 9303-4 §4.2.2: 39 with the two fillers in between). */
const room = 38

/** The words in whichever order: passports print the family name first, and people write theirs as they are used to. */
const inAnyOrder = (name: string): string => name.split(' ').toSorted().join(' ')

function isSpelt(typed: string, registered: string): boolean {
  const isCut = registered.length >= room && typed.slice(0, registered.length) === registered
  return registered !== '' && (inAnyOrder(typed) === inAnyOrder(registered) || isCut)
}

/**
 * Whether a typed name is that of the passport: every word of it, in any order, as the machine-readable zone spells it, and of a name that the zone
 * has cut as much as it kept. All comparisons are made whatever the first says.
 */
export function samePassportName(typed: string, registered: string): boolean {
  const known = [...zoneNames(registered)]
  return [...zoneNames(typed)].flatMap((one) => known.map((other) => isSpelt(one, other))).includes(true)
}
