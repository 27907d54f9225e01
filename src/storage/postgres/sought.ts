import { sql, type RawBuilder } from 'kysely'

/** Text without what a keyboard may lack, and otherwise as it is: marks gone, `đ` as `d`, lower case. */
export const plain = (text: RawBuilder<unknown>) => sql`lower(translate(regexp_replace(normalize(${text}, NFD), '[\u0300-\u036f]', '', 'g'), 'đĐ', 'dd'))`

/** What `plain` does, outside of the database: a hyphen stays one, for ids and numbers of cases are full of them. */
const plainly = (text: string): string => text.normalize('NFD').replaceAll(/[\u0300-\u036f]/g, '').replaceAll(/[đĐ]/g, 'd').toLowerCase()

const literally = (part: string): string => part.replaceAll(/[\\%_]/g, '\\$&')

/** Text that has this in it, with or without its marks; signs that mean something in a pattern mean themselves. */
export const holds = (text: RawBuilder<unknown>, part: string) => sql`${plain(text)} like ${`%${literally(plainly(part))}%`}`

/** A column in capitals that begins so, however it was typed. */
export const beginsWith = (column: RawBuilder<unknown>, part: string) => sql`${column} like ${`${literally(part.trim().toUpperCase())}%`}`

/** What somebody typed as a question of `sought_words` (migration 0070): each of its words begins one of those. Without a word it finds nothing. */
export function beginningsOf(typed: string): string {
  return plainly(typed).split(/[^a-z0-9]+/).filter((word) => word !== '').map((word) => `${word}:*`).join(' & ')
}

/** All of these have to hold; what was not asked for is left out. */
export function every(conditions: readonly (RawBuilder<unknown> | false | undefined | '')[]): RawBuilder<unknown> {
  const all = conditions.filter((one) => typeof one === 'object')
  return all.length === 0 ? sql`true` : sql.join(all, sql` and `)
}
