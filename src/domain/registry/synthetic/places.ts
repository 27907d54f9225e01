import registration from '#config/birth-registration.json' with { type: 'json' }
import type { Place } from '#domain/registry/person.ts'
import { provinces } from '#domain/registry/province.ts'
import { weighted } from './dice.ts'
import type { Dice } from './dice.ts'
import { streetOf } from './names.ts'

const names = new Map(registration.provinces.map(({ code, name }) => [code, name]))
const pickProvince = weighted(provinces, ({ thousands }) => thousands)

/** An address in one of the 34 provinces, in proportion to their people. */
export function residence(by: Dice): Place {
  const { code, name, communes } = pickProvince(by)
  const commune = by.pick(communes)
  return { text: `Số ${by.between(1, 420)} đường ${streetOf(by)}, ${commune}, ${name}`, province: code, commune }
}

export type Origin = { code: string; name: string }

/** One of the 63 provinces of birth registration, in proportion to the people of the province that took it in. */
export function origin(by: Dice): Origin {
  const code = by.pick(pickProvince(by).absorbed)
  return { code, name: names.get(code) ?? code }
}

/** Most of those whose home is in one of the 63 have their birth registered there. */
export const originLike = (by: Dice, like: Origin): Origin => (by.chance(0.8) ? like : origin(by))
