import { z } from 'zod'

/** Crockford's base 32: no letter is taken for a digit. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const signs = 8

/**
 * What a notice is quoted by: eight signs that nobody guesses (40 bits) and one that shows a slip. It locks the account of its notice
 * together with number and birth date, and opens nothing.
 */
export const noticeReference = z.string().regex(new RegExp(`^[${alphabet}]{${signs + 1}}$`)).refine(isWhole).brand<'NoticeReference'>()
export type NoticeReference = z.infer<typeof noticeReference>

/** From bytes that only we can compute, of which the first five count. */
export function referenceOf(bytes: Uint8Array): NoticeReference {
  const bits = Array.from(bytes.subarray(0, 5), (byte) => byte.toString(2).padStart(8, '0')).join('')
  const values = Array.from({ length: signs }, (_, at) => Number.parseInt(bits.slice(at * 5, at * 5 + 5), 2))
  return noticeReference.parse([...values, times(weighed(values))].map((value) => alphabet[value]).join(''))
}

/** As it stands in a notice: `7F3-K29-QDX`. */
export function printedReference(reference: NoticeReference): string {
  return reference.replace(/(.{3})(.{3})(.{3})/, '$1-$2-$3')
}

/** What somebody typed: in any case, with any spaces and dashes, and with the letters that are taken for digits. */
export function readReference(typed: string): NoticeReference | undefined {
  const all = typed.normalize('NFKC').toUpperCase().replaceAll(/[\s\p{Pd}]/gu, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  return noticeReference.safeParse(all).data
}

function isWhole(text: string): boolean {
  return weighed([...text].map((sign) => alphabet.indexOf(sign))) === 0
}

/**
 * A check over the field of 32 elements in which each place weighs another: one wrong sign, and any two that changed places, are
 * always seen.
 */
function weighed(values: readonly number[]): number {
  return values.reduce((sum, value) => times(sum) ^ value, 0)
}

/** Times the element that generates the field (x⁵ + x² + 1). */
function times(value: number): number {
  const shifted = value << 1
  return shifted > 31 ? shifted ^ 0b100101 : shifted
}
