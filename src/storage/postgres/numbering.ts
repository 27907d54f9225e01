import { newId } from '#kernel/id.ts'

/**
 * The numbers of events that one process writes to one database, from 1, without a gap (L05). A number belongs to an event once that is committed; what
 * was undone for certain gives its numbers back, and a later event has them. Where nobody knows how a commit ended, they stay away: that is found
 * as a gap, and rightly so.
 */
export type Numbering = {
  node: string
  boot: string
  take: (count: number) => readonly number[]
  giveBack: (numbers: readonly number[]) => void
}

export function makeNumbering(node: string): Numbering {
  let last = 0
  const free: number[] = []
  return {
    node,
    boot: newId(),
    take: (count) => Array.from({ length: count }, () => free.shift() ?? (last += 1)),
    giveBack: (numbers) => void free.push(...numbers),
  }
}

/** Within a transaction everything is given back at once, by `undo`, and nothing by whoever took it. */
export function numberingWithin(outer: Numbering): Numbering & { undo: () => void } {
  const taken: number[] = []
  return {
    ...outer,
    take: (count) => {
      const numbers = outer.take(count)
      taken.push(...numbers)
      return numbers
    },
    giveBack: () => undefined,
    undo: () => outer.giveBack(taken),
  }
}
