import { openNote, type Head, type LogKey } from './head.ts'
import { emptyFrontier, foldRoot, grow, leafHash, sameHash, type Hash } from './merkle.ts'

/** What can be wrong with a log. */
export const findings = ['unsigned', 'short', 'mismatch', 'shrunk', 'rewritten', 'forked', 'behind', 'not-json'] as const
export type Finding = { is: (typeof findings)[number]; /** The size of the head that shows it, or the place of the entry. */ at: number }

type Watched = {
  key: LogKey
  /** The note that is served as the newest head. */
  checkpoint: string
  /** All entries that are served, from the first. */
  entries: AsyncIterable<string>
  /** The note that was served last time, where somebody looked. */
  last?: string | undefined
  /** Notes that others were served. */
  others?: readonly string[]
}

export type Verdict = { head: Head | undefined; findings: readonly Finding[] }

/**
 * Judges a log from outside, by nothing but what it shows: whether the head is signed, whether the entries are those it signs, and whether they
 * continue what was signed before and what others were shown. Whatever is done to the log afterwards changes a root:
 * an entry edited, removed, moved, slipped in or cut off, a tail replaced, a second log shown to somebody else.
 */
export async function watch({ key, checkpoint, entries, last, others = [] }: Watched): Promise<Verdict> {
  const head = openNote(checkpoint, key)
  if (head === undefined) return { head, findings: [{ is: 'unsigned', at: 0 }] }
  const earlier = last === undefined ? [] : [openNote(last, key)]
  const foreign = others.map((note) => openNote(note, key))
  const sizes = new Set([head, ...earlier, ...foreign].flatMap((each) => each?.size ?? []))
  const { roots, size, malformed } = await rootsOf(entries, { sizes, upTo: head.size })
  const against = (one: Head | undefined, wrong: { longer: Finding['is']; other: Finding['is'] }): readonly Finding[] => {
    if (one === undefined) return [{ is: 'unsigned', at: 0 }]
    if (one.size > head.size) return [{ is: wrong.longer, at: one.size }]
    const root = roots.get(one.size)
    return root === undefined || sameHash(root, one.root) ? [] : [{ is: wrong.other, at: one.size }]
  }
  return {
    head,
    findings: [
      ...(size < head.size ? [{ is: 'short', at: size } as const] : against(head, { longer: 'short', other: 'mismatch' })),
      ...earlier.flatMap((one) => against(one, { longer: 'shrunk', other: 'rewritten' })),
      ...foreign.flatMap((one) => against(one, { longer: 'behind', other: 'forked' })),
      ...malformed.map((at) => ({ is: 'not-json', at }) as const),
    ],
  }
}

type Wish = { sizes: ReadonlySet<number>; upTo: number }

/** Reads the log once, however long it is, and remembers the root at the sizes that somebody signed. */
async function rootsOf(entries: AsyncIterable<string>, { sizes, upTo }: Wish) {
  let frontier = emptyFrontier
  const malformed: number[] = []
  const roots = new Map<number, Hash>()
  const note = () => {
    if (sizes.has(frontier.size)) roots.set(frontier.size, foldRoot(frontier.hashes))
  }
  note()
  for await (const text of entries) {
    if (frontier.size === upTo) break
    if (!isObject(text)) malformed.push(frontier.size)
    frontier = grow(frontier, leafHash(text)).frontier
    note()
  }
  return { roots, size: frontier.size, malformed }
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
