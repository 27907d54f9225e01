import { z } from 'zod'
import type { Person } from './person.ts'
import { residenceProvince } from './province.ts'

/**
 * A place that somebody may be asked to live in: a province of residence by its code (`79`), or a commune in it by the word the
 * register has for it (`79/Phường Bến Thành`). A commune's name alone is not one place.
 */
export const placeCode = z.string().max(104).regex(/^\d{2}(\/\P{Cc}{1,100})?$/u, 'must be a province code, or one with a commune after a slash')
  .transform((value) => value.normalize('NFC'))
  .refine((value) => residenceProvince(value.slice(0, 2)) !== undefined, 'must begin with the code of a province of residence')

/** Whether the permanent residence is in this place; `undefined` where the register does not say. */
export function livesIn({ permanentResidence }: Pick<Person, 'permanentResidence'>, place: string): boolean | undefined {
  const [province, commune] = [place.slice(0, 2), place.slice(3)]
  if (permanentResidence?.province === undefined) return undefined
  if (permanentResidence.province !== province || commune === '') return permanentResidence.province === province
  return permanentResidence.commune === undefined ? undefined : permanentResidence.commune.normalize('NFC') === commune
}
