import { sql, type RawBuilder } from 'kysely'
import { folded } from '#domain/registry/name.ts'

/** What `folded` does, in the database: marks gone, `đ` as `d`, lower case. */
export const plain = (text: RawBuilder<unknown>) => sql`lower(translate(regexp_replace(normalize(${text}, NFD), '[\u0300-\u036f]', '', 'g'), 'đĐ', 'dd'))`

/** Text that has this in it, with or without its marks; signs that mean something in a pattern mean themselves. */
export const holds = (text: RawBuilder<unknown>, part: string) => sql`${plain(text)} like ${`%${folded(part).replaceAll(/[\\%_]/g, '\\$&')}%`}`

/** All of these have to hold; what was not asked for is left out. */
export function every(conditions: readonly (RawBuilder<unknown> | false | undefined | '')[]): RawBuilder<unknown> {
  const all = conditions.filter((one) => typeof one === 'object')
  return all.length === 0 ? sql`true` : sql.join(all, sql` and `)
}
