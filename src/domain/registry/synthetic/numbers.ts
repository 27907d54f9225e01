import { centuryDigit } from '#domain/registry/personal-number.ts'
import { personalNumber } from '#domain/registry/person.ts'
import type { Person, PersonalNumber } from '#domain/registry/person.ts'

/** Gives out numbers of one structure, each once. */
export type Numbers = (of: { prefix: string; year: number; sex: Person['sex'] }) => PersonalNumber

const space = 1_000_000
/** Prime to 10, so that multiplying by it modulo a million visits every number once before it repeats. */
const step = 618_033
/** Where the walk begins differs from one beginning to the next. */
const stride = 7_919

/**
 * The six free digits of numbers with the same beginning walk through all of them in a scattered order, so no number comes
 * twice and only a counter a beginning is kept, however many people there are.
 */
export function numbers(start: number): Numbers {
  const given = new Map<string, number>()
  return ({ prefix, year, sex }) => {
    const head = `${prefix}${centuryDigit(year, sex)}${String(year).slice(2)}`
    const count = given.get(head) ?? 0
    if (count === space) throw new RangeError(`no numbers are left that begin with ${head}`)
    given.set(head, count + 1)
    const free = (start + Number(head) * stride + count * step) % space
    return personalNumber.parse(`${head}${String(free).padStart(6, '0')}`)
  }
}
