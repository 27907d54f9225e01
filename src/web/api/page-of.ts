import { z } from 'zod'

/** Which part of a long list. The cursor is the last name of the part before. */
export const partAsked = z.strictObject({ cursor: z.string().min(1).max(128).optional(), limit: z.coerce.number().int().min(1).max(200).default(50) })

/** A part of a list, and where the next begins. */
export const listOf = <Item extends z.ZodType>(item: Item) => z.strictObject({ items: z.array(item), next_cursor: z.string().optional() })

type Part<Item> = { items: Item[]; next_cursor?: string }

/** The part after the cursor, of what is sorted by name. */
export function partOf<Item>(all: readonly Item[], nameOf: (item: Item) => string, { cursor, limit }: z.output<typeof partAsked>): Part<Item> {
  const rest = cursor === undefined ? all : all.filter((item) => nameOf(item) > cursor)
  const items = rest.slice(0, limit)
  const last = items.at(-1)
  return { items, ...(rest.length > limit && last !== undefined && { next_cursor: nameOf(last) }) }
}
