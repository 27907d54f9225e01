import type { Clock } from '#kernel/clock.ts'
import { madeAt } from './marks.ts'

type Tools = {
  clock: Clock
  /** The replication ids of all servers at this moment. */
  now: () => Promise<readonly string[]>
  /** Whether nothing of ours was ever kept here: then nothing can have been lost. Told once. */
  isNew: () => Promise<boolean>
  /** Answers when the time of this replication id began by the word of whoever saw it first, which is the given moment if that is us. */
  agree: (id: string, at: Date) => Promise<Date>
}

/** Earlier than whatever is shown to us. */
const always = new Date(0)

/**
 * When an era began, as far as marks of use may have been lost before it. In a store that is new none have been; any other era is dated by
 * whoever meets it first, also one that a server begins when it comes back with what it had on its disk. One that began with a mark says so itself.
 */
export function makeEras({ clock, now, isNew, agree }: Tools) {
  const began = new Map<string, Promise<Date>>()

  function meet(era: string, at: Date): Promise<Date> {
    const known = began.get(era)
    if (known !== undefined) return known
    const since = agree(era, at)
    began.set(era, since)
    since.catch(() => began.delete(era))
    return since
  }

  return {
    /** To be asked once at the start, and before anything else. */
    async begin(): Promise<void> {
      const at = (await isNew()) ? always : clock.now()
      for (const era of await now()) await meet(era, at)
    },
    async began(era: string): Promise<Date> {
      const [id = '', mark] = era.split('.')
      const [replicated, marked] = [await meet(id, clock.now()), mark === undefined ? always : madeAt(mark)]
      return marked > replicated ? marked : replicated
    },
  }
}
