import type { Person } from './person.ts'

/** A name as it is kept: NFC, one space between words. Diacritics are part of the legal name and are never dropped. */
export function normalName(name: string): string {
  return name.normalize('NFC').trim().replaceAll(/\s+/gu, ' ')
}

const otherScript = /[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u

/** Whether no letter of a name is of another script than the Latin one, which may look the same. */
export const isLatin = (name: string): boolean => !otherScript.test(name)

const apostrophes = /['‘’ʼʻ`´ˈ]/gu
const hyphens = /[-\u2010-\u2015]/gu
const marks = /\p{M}/gu

/** Lower case, decomposed, `đ` as `d` with a mark of its own; apostrophes gone and hyphens as spaces: H’Hen, Jean-Pierre. */
function spread(name: string): string {
  const plain = normalName(name.replaceAll(apostrophes, '').replaceAll(hyphens, ' '))
  return plain.toLowerCase().normalize('NFD').replaceAll(/[đð]/gu, 'd\u0335')
}

/** A name without anything a keyboard may lack: `Đặng Thị Mỹ` → `dang thi my`. For search, never for keeping. */
export function folded(name: string): string {
  return spread(name).replaceAll(marks, '')
}

/** Grave, acute, tilde, hook above, dot below: the five written tones. They belong to the syllable, not to a letter. */
const isTone = (mark: string): boolean => '\u0300\u0301\u0303\u0309\u0323'.includes(mark)

/**
 * Every mark of a name with the place it counts for: tones with their word (hòa = hoà), all others with their letter.
 */
function marksOf(name: string): ReadonlySet<string> {
  const found = new Set<string>()
  spread(name).split(' ').forEach((word, at) => {
    let letter = 0
    for (const sign of word) {
      if (/\p{M}/u.test(sign)) found.add(isTone(sign) ? `${at} ${sign}` : `${at}.${letter} ${sign}`)
      else letter += 1
    }
  })
  return found
}

/**
 * Whether a typed name means the registered one. Marks may be left out, all or some (`Nguyen Van An`), and a tone may sit
 * on the other vowel (`hoà`); a mark that is typed but not registered contradicts it: `Hoá` is not `Hòa`, `Ân` is not `An`.
 * Case, spacing, apostrophes and hyphens do not count. All comparisons are made whatever the first says.
 */
export function sameName(typed: string, registered: string): boolean {
  const letters = folded(typed) === folded(registered) && folded(registered) !== ''
  const known = marksOf(registered)
  const agreeing = [...marksOf(typed)].filter((mark) => known.has(mark)).length
  return letters && agreeing === marksOf(typed).size
}

/** What OpenID Connect calls `family_name`, `middle_name`, `given_name` (OIDC Core §5.1). */
export type NameParts = { family?: string; middle?: string; given?: string }

/**
 * Họ, chữ đệm, tên: first word, those between, last word. The register keeps one string, so this is a reading of it and
 * `name` stays the claim that counts (docs/glossary.md). A single name is a given name; a foreigner's name is not taken apart,
 * for its order is not known.
 */
export function nameParts({ kind, name }: Pick<Person, 'kind' | 'name'>): NameParts {
  return kind === 'foreigner' ? {} : split(name)
}

function split(name: string): NameParts {
  const [first = '', ...rest] = normalName(name).split(' ')
  const given = rest.at(-1)
  if (given === undefined) return { given: first }
  const middle = rest.slice(0, -1).join(' ')
  return { family: first, ...(middle !== '' && { middle }), given }
}

/** Vietnamese lists go by given name, then family name, then what is between. Compare with `compareNames`. */
export function sortKey(name: string): string {
  const { given = '', family = '', middle = '' } = split(name)
  return `${given} ${family} ${middle}`.trim()
}

const vietnamese = new Intl.Collator('vi')

/** Order of two names in a Vietnamese list, by the Vietnamese alphabet. */
export const compareNames = (one: string, other: string): number => vietnamese.compare(sortKey(one), sortKey(other))
