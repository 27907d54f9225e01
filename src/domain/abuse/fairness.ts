import { requestsEach } from './capacity.ts'
import { siteOf } from './network.ts'

/**
 * Who comes next where many wait for the same: not whoever sends the most. A request is of one party or of several (a network, a sign-in),
 * and weighs as much as the heaviest of them, so that neither many addresses of one party nor many sign-ins behind one address crowd out
 * everybody else. Nobody is held back while there is room.
 */
export type Parties = readonly string[]

/** Who sends a request: from which network, and what it shows that is one person's, a sign-in or a number of the line. */
export type Sender = Readonly<{ network: string; shown?: string | undefined }>

export function partiesOf({ network, shown }: Sender): Parties {
  return [...new Set([network, siteOf(network), ...(shown === undefined ? [] : [shown])])]
}

/** So often may ask who shows a sign-in, of what others wait for, before they come after those who asked less: as much as two sign-ins ask. */
const askedByOne = 2 * requestsEach
/** What is beyond is the same for all, or whoever forges in the network of many others could put all of them behind whoever forges elsewhere. */
const heaviest = 100

/**
 * What a party weighs: what it has inside, and how often beyond what one person asks something is held against it. Against a sign-in: that it was let in
 * while others waited, for sign-ins are easily begun on a quiet day and kept, and by their networks, of which whoever floods has a thousand, they are as
 * good as people. Against a network: that it showed what nobody gave it, more often than what somebody did.
 */
export function loadOf({ inside, times }: Readonly<{ inside: number; times: number }>): number {
  return inside + Math.min(heaviest, Math.max(0, times - askedByOne))
}

export const asksAsOne = (times: number): boolean => times <= askedByOne

const weightOf = (parties: Parties, held: (party: string) => number): number => Math.max(0, ...parties.map(held))

/** The place in the queue of whoever's party has the fewest inside; of several the first that came. */
export function nextOf(waiting: readonly Parties[], inside: (party: string) => number): number {
  const weights = waiting.map((parties) => weightOf(parties, inside))
  return weights.indexOf(Math.min(...weights))
}

/** The queue is full: who leaves it for one more that comes, the last of the heaviest party, if the newcomer's would still be lighter than that. */
export function whoGivesWay(waiting: readonly Parties[], newcomer: Parties, inside: (party: string) => number): number | undefined {
  const queued = new Map<string, number>()
  for (const party of waiting.flat()) queued.set(party, (queued.get(party) ?? 0) + 1)
  const held = (party: string) => inside(party) + (queued.get(party) ?? 0)
  const weights = waiting.map((parties) => weightOf(parties, held))
  const heaviest = Math.max(...weights)
  return weightOf(newcomer, held) + 1 < heaviest ? weights.lastIndexOf(heaviest) : undefined
}
