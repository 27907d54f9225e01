import { Problem } from '#kernel/problem.ts'

/**
 * Whether a text that goes on record names somebody by number or address: a personal number, a telephone number or a mail address, also
 * in full-width digits and with spaces, dots and dashes in between (L04). A net for slips of the hand, over everything that is typed
 * freely: reasons, and the numbers of cases. Names no rule can tell from words.
 */
export function namesSomebody(text: string): boolean {
  const plain = plainDigits(text)
  if (/\d{12}/.test(plain)) return true
  if (/[\p{L}\p{N}]\s*(?:@|[([]\s*at\s*[)\]])\s*[\p{L}\p{N}-]+\s*\.\s*[\p{L}\p{N}]/iu.test(plain)) return true
  return digitRuns(plain.replaceAll(dossier, ' x ').replaceAll(date, ' x ')).some(isNumberOfSomebody)
}

/** How forms and calls name a reason; a page with two forms has both. */
const reasons: readonly string[] = ['reason', 'why']

/** Of what an officer sends, the reason, wherever there is one. Throws `reason.personal`. */
export function mustNameNobody(sent: unknown): void {
  if (typeof sent !== 'object' || sent === null) return
  for (const [name, value] of Object.entries(sent)) {
    if (reasons.includes(name) && typeof value === 'string' && namesSomebody(value)) throw new Problem('reason.personal')
  }
}

/** Any script's digits as ours, and nothing that cannot be seen (Unicode NFKC; general categories Nd and Cf). */
function plainDigits(text: string): string {
  return text.normalize('NFKC').replaceAll(/\p{Cf}/gu, '').replaceAll(/\p{Nd}/gu, (digit) => String(valueOf(digit)))
}

/** Digits of a script stand in a row from nought to nine. */
function valueOf(digit: string): number {
  const code = digit.codePointAt(0) ?? 0
  let value = 0
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1
  return value
}

/** How a dossier is numbered (Decree 61/2018 Art 11: the authority, the day, a count), and a day: of their digits none are somebody's. */
const dossier = /(?<![\p{L}\p{N}])\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}-\d{6}-\d{4,6}(?![\p{L}\p{N}])/gu
const date = /(?<!\d)\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d{2}(?!\d)/g

/** Groups of digits with a mark or two between them; a comma parts what is listed. */
function digitRuns(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/\d+(?:[\s.\-·_()/\u2010-\u2015]{1,3}\d+)*/gu)].map(([run]) => [...run.matchAll(/\d+/g)].map(([group]) => group))
}

/** Some groups beside each other are it. */
function isNumberOfSomebody(groups: readonly string[]): boolean {
  return groups.some((_, from) => groups.slice(from).some((_group, more) => {
    const digits = groups.slice(from, from + more + 1).join('')
    return personal.test(digits) || telephone.test(digits)
  }))
}

/** Province or country, century and sex, year, six digits (Circular 07/2016/TT-BCA); nobody lives who was born in another century than the last two. */
const personal = /^\d{3}[0-3]\d{8}$/
/** Of Viet Nam, with or without its code: mobile, and with an area code. */
const telephone = /^(?:(?:00)?84|0)(?:[35789]\d{8}|2\d{9})$/
