import type { Clock } from '#kernel/clock.ts'
import type { Era } from './once.ts'

type Tools = {
  clock: Clock
  /** The eras of all servers at this moment. */
  now: () => Promise<readonly Era[]>
  /** Answers when the era began by the word of whoever saw it first, which is the given moment if that is us. */
  agree: (era: string, at: Date) => Promise<Date>
}

/**
 * When an era began, as far as marks of use may have been lost before it. What began empty has lost none, and so has what was there when
 * this process began, unless it followed another; any later one is dated by whoever meets it first.
 */
export function makeEras({ clock, now, agree }: Tools) {
  const began = new Map<string, Promise<Date>>()
  let met: Promise<void> | undefined

  function meet({ id }: Era, empty: boolean): Promise<Date> {
    const known = began.get(id)
    if (known !== undefined) return known
    const since = empty ? Promise.resolve(new Date(0)) : agree(id, clock.now())
    began.set(id, since)
    since.catch(() => began.delete(id))
    return since
  }

  async function meetAll(): Promise<void> {
    for (const era of await now()) await meet(era, era.first)
  }

  return {
    /** To be asked once at the start, and before anything else. */
    async begin(): Promise<void> {
      met ??= meetAll()
      await met
    },
    began: (era: Era): Promise<Date> => meet(era, false),
  }
}
