import type { Arrivals, Room } from './pace.ts'

/**
 * What a request is part of, the most wanted first. Whoever is in the middle of a sign-in is let through before whoever begins one, or
 * all would be in the middle and none would come to its end; whoever was pushed here by a service comes before those who come anew,
 * for half of their way is gone.
 */
export const workKinds = ['finishing', 'pushed', 'beginning', 'aside'] as const
export type Work = (typeof workKinds)[number]

/** Up to which part of all places each kind may take one: the rest is kept free for those before it. */
const shares: Readonly<Record<Work, number>> = { finishing: 1, pushed: 0.85, beginning: 0.7, aside: 0.5 }

/**
 * Milliseconds that somebody may wait for a place. Short, for what waits long is given up by who asked, and is then done for nobody
 * (Nichols and Jacobson, Controlling Queue Delay, 2012).
 */
export const patience: Readonly<Record<Work, number>> = { finishing: 500, pushed: 100, beginning: 50, aside: 50 }

/** `places`: how many requests are worked on at once, at most. */
export type Crowd = Readonly<{ places: number; inside: number; waiting: Readonly<Record<Work, number>> }>

/** Places of this kind that are free now. */
export function freeFor(work: Work, { places, inside }: Pick<Crowd, 'places' | 'inside'>): number {
  return Math.max(1, Math.floor(places * shares[work])) - inside
}

/** A request has come: nobody overtakes who waits already and is wanted as much, and no line is longer than there are places. */
export function admit(work: Work, crowd: Crowd): 'enters' | 'waits' | 'is refused' {
  const before = workKinds.slice(0, workKinds.indexOf(work) + 1)
  if (freeFor(work, crowd) > 0 && before.every((kind) => crowd.waiting[kind] === 0)) return 'enters'
  return crowd.waiting[work] < crowd.places ? 'waits' : 'is refused'
}

/** A place is free: of which kind the next comes, if any may. */
export function nextIn(crowd: Crowd): Work | undefined {
  return workKinds.find((kind) => crowd.waiting[kind] > 0 && freeFor(kind, crowd) > 0)
}

/** Nobody waits longer for the processor than this, in milliseconds. */
const longestAhead = 150
const [fewest, most] = [32, 512]
/** Until something has been measured. */
export const firstPlaces = 64

/** How many places there are where one request takes so many milliseconds of the processor: as many as are worked off within the time that is bearable. */
export function placesFor(millisecondsEach: number): number {
  return Math.min(most, Math.max(fewest, Math.round(longestAhead / millisecondsEach)))
}

/** Seconds after which who was refused may come again. Not the same for all, or all come back at once (the retries of DigiD, March 2023). */
export function comeBackAfter(chance: (below: number) => number): number {
  return 2 + chance(9)
}

/** What lets requests in. */
export type Gate = {
  /** Answers what to call at the end. Throws `service.crowded` with `retryAfter`, having asked no store. */
  enter: (work: Work) => Promise<() => void>
  /** How much room there is, and how it went since this was last asked for those who are wanted most: whom the line has called, and who finishes. */
  room: () => Room & Arrivals
}
