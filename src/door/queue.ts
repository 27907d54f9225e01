import { nextOf, whoGivesWay, type Parties } from '#domain/abuse/fairness.ts'

/** One who stands at the gate: what lets them in, and what sends them away. */
export type Waiting = { from: Parties; enter: () => void; giveUp: () => void }

/** Who is inside and who waits, of one kind of work. */
export function makeQueue() {
  const waiting: Waiting[] = []
  const held = new Map<string, number>()
  let inside = 0
  const of = (party: string) => held.get(party) ?? 0
  const parties = () => waiting.map(({ from }) => from)
  return {
    inside: () => inside,
    length: () => waiting.length,
    /** How many of this party are inside or wait. */
    beside: (party: string) => of(party) + waiting.filter(({ from }) => from.includes(party)).length,
    take: (from: Parties) => {
      inside += 1
      for (const party of from) held.set(party, of(party) + 1)
    },
    leave: (from: Parties) => {
      inside -= 1
      for (const party of from) {
        if (of(party) > 1) held.set(party, of(party) - 1)
        else held.delete(party)
      }
    },
    add: (one: Waiting) => void waiting.push(one),
    remove: (one: Waiting) => void waiting.splice(waiting.indexOf(one), 1),
    next: () => waiting.splice(nextOf(parties(), of), 1)[0],
    /** Whether somebody of a party that has more has left for who comes. */
    makeRoom: (from: Parties): boolean => {
      const at = whoGivesWay(parties(), from, of)
      if (at === undefined) return false
      waiting[at]?.giveUp()
      return true
    },
  }
}
