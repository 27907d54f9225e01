import { z } from 'zod'
import { digits } from '#kernel/random.ts'

/** A totally anti-symmetric quasigroup of order 10: it finds every single wrong digit and every two that changed places (Damm, "Total anti-symmetrische Quasigruppen", 2004). */
const table = ['0317598642', '7092154863', '4206871359', '1750983426', '6123045978', '3674209581', '5869720134', '8945362017', '9438617205', '2581436790']

function interim(text: string): number {
  return [...text].reduce((row, digit) => Number(table[row]?.[Number(digit)]), 0)
}

/** Seven random digits and one that checks them: few tries, a short life, one use, and two people who compare a number afterwards. */
export const deskCode = z.string().regex(/^\d{8}$/).refine((text) => interim(text) === 0).brand<'DeskCode'>()
export type DeskCode = z.infer<typeof deskCode>

export function makeDeskCode(): DeskCode {
  const random = digits(7)
  return deskCode.parse(`${random}${interim(random)}`)
}

/** What somebody typed from a screen: with any spaces and dashes, and any digits that look like ours (NFKC). */
export function readDeskCode(typed: string): DeskCode | undefined {
  return deskCode.safeParse(typed.normalize('NFKC').replaceAll(/[\s\p{Pd}]/gu, '')).data
}

/** As it stands on the screen: `4821 7706`. */
export function shownCode(code: DeskCode): string {
  return `${code.slice(0, 4)} ${code.slice(4)}`
}
