import type { Genuineness } from '#domain/abuse/admission.ts'
import { asksAsOne, loadOf, nextOf, partiesOf, whoGivesWay, type Parties, type Sender } from '#domain/abuse/fairness.ts'
import { makeTimes } from './times.ts'

/** One who stands at the gate: what lets them in, and what sends them away. */
export type Waiting = { from: Parties; enter: () => void; giveUp: () => void }

/** Who is inside and who waits, of one kind of work. */
export function makeQueue() {
  const waiting: Waiting[] = []
  const held = new Map<string, number>()
  let inside = 0
  const times = makeTimes()
  const holds = (party: string) => held.get(party) ?? 0
  const of = (party: string) => loadOf({ inside: holds(party), times: times.of(party) })
  const parties = () => waiting.map(({ from }) => from)
  return {
    inside: () => inside,
    length: () => waiting.length,
    /** How many of this party are inside or wait. */
    beside: (party: string) => holds(party) + waiting.filter(({ from }) => from.includes(party)).length,
    asksAsOne: ({ shown }: Sender) => shown === undefined || asksAsOne(times.of(shown)),
    take: (from: Sender) => {
      inside += 1
      for (const party of partiesOf(from)) held.set(party, holds(party) + 1)
      if (from.shown !== undefined && waiting.length > 0) times.note(from.shown)
    },
    judged: (from: Sender, what: Genuineness) => {
      for (const party of partiesOf(from)) times[what === 'forged' ? 'note' : 'forgive'](party)
    },
    leave: (from: Sender) => {
      inside -= 1
      for (const party of partiesOf(from)) {
        if (holds(party) > 1) held.set(party, holds(party) - 1)
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
