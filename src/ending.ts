/**
 * In this order things end, and those of one group at once: what looks around by itself, what answers, what answers have left to be done, what
 * is told of it, and last what keeps everything.
 */
const groups = ['looking', 'answering', 'remaining', 'telling', 'keeping'] as const
type Group = (typeof groups)[number]

/** What is to be ended, as it is opened: a start that fails half-way ends what it has opened until then, and nobody keeps a second list. */
export type Ending = { add: (group: Group, end: () => Promise<unknown>) => void; /** Throws what went wrong, once all was tried. */ end: () => Promise<void> }

export function makeEnding(): Ending {
  const ends: { group: Group; end: () => Promise<unknown> }[] = []
  return {
    add: (group, end) => void ends.push({ group, end }),
    end: () => endAll(groups.map((group) => ends.filter((one) => one.group === group).map(({ end }) => end))),
  }
}

/** Ends things one group after the other, and each although another could not be ended. Throws what went wrong, once all was tried. */
export async function endAll(groups: readonly (readonly (() => Promise<unknown>)[])[]): Promise<void> {
  const faults: unknown[] = []
  for (const group of groups) {
    const ends = await Promise.allSettled(group.map(async (end) => end()))
    for (const one of ends) if (one.status === 'rejected') faults.push(one.reason)
  }
  if (faults.length > 0) throw new AggregateError(faults, 'not everything could be closed')
}
