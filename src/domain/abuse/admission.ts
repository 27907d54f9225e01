import type { Sender } from './fairness.ts'
import type { FromSite, Room } from './pace.ts'

/**
 * What a request is part of, the most wanted first. Whoever is in the middle of a sign-in is let through before whoever begins one, or
 * all would be in the middle and none would come to its end. It is judged by what can be checked without a store:
 * - `finishing`: the browser shows the signed cookie of a sign-in, or a service calls from where one has proved itself;
 * - `claimed`: what says as much, and shows nothing;
 * - `called`: whoever shows a number of the line whose turn it is;
 * - `pushed`: what looks like a reference that we gave to a service, so that half of the way is gone;
 * - `beginning`: who comes anew; `aside`: everything else.
 */
export const workKinds = ['finishing', 'claimed', 'called', 'pushed', 'beginning', 'aside'] as const
export type Work = (typeof workKinds)[number]

/**
 * Parts of all places: what nobody else may take, how many a kind may have at most, and up to how full it may take what nobody has kept.
 * Whatever one kind is flooded with, the others keep theirs, and what anybody may say of themselves gets a part only. The fuller it is with
 * those who finish, the fewer begin: what is begun beyond that is given up half way, and its work was for nobody.
 */
const shares: Readonly<Record<Work, { kept: number; most: number; upTo: number }>> = {
  finishing: { kept: 0.2, most: 1, upTo: 1 },
  claimed: { kept: 0.05, most: 0.3, upTo: 0.9 },
  called: { kept: 0.1, most: 0.5, upTo: 0.85 },
  pushed: { kept: 0.1, most: 0.5, upTo: 0.85 },
  beginning: { kept: 0.05, most: 0.4, upTo: 0.7 },
  aside: { kept: 0.05, most: 0.3, upTo: 0.5 },
}

/**
 * Milliseconds that somebody may wait for a place. Short, for what waits long is given up by who asked, and is then done for nobody
 * (Nichols and Jacobson, Controlling Queue Delay, 2012).
 */
export const patience: Readonly<Record<Work, number>> = { finishing: 500, claimed: 500, called: 100, pushed: 100, beginning: 50, aside: 50 }

type Counted = Readonly<Record<Work, number>>

/** `places`: how many requests are worked on at once, at most. */
export type Crowd = Readonly<{ places: number; inside: Counted; waiting: Counted }>

/** Places of this kind that are free now. */
export function freeFor(work: Work, { places, inside }: Pick<Crowd, 'places' | 'inside'>): number {
  const { kept, most, upTo } = shares[work]
  const partOf = (share: number) => Math.max(1, Math.floor(places * share))
  const all = workKinds.reduce((sum, kind) => sum + inside[kind], 0)
  // Of every other kind: what it has, or else what is kept for it.
  const takenByOthers = workKinds.reduce((sum, kind) => sum + (kind === work ? 0 : Math.max(inside[kind], Math.floor(places * shares[kind].kept))), 0)
  const ofTheRest = Math.max(Math.floor(places * kept) - inside[work], partOf(upTo) - all)
  return Math.min(partOf(most) - inside[work], places - takenByOthers - inside[work], ofTheRest)
}

/** A browser has six connections to a server (of HTTP/1.1), and one person asks for no more pages at once. A number of the line is good for one. */
const [pagesAtOnce, beginningsAtOnce] = [6, 1]

/** What one person shows has its rank for as much as one person does: `beside` of it are there already. The rest is what anybody may send. */
export function rankOf(work: Work, beside: number): Work {
  if (work === 'finishing' && beside >= pagesAtOnce) return 'claimed'
  return work === 'called' && beside >= beginningsAtOnce ? 'beginning' : work
}

/** A request has come: nobody overtakes who waits already, is wanted as much and could come in; and no line is longer than there are places. */
export function admit(work: Work, crowd: Crowd): 'enters' | 'waits' | 'finds the line full' {
  const before = workKinds.slice(0, workKinds.indexOf(work) + 1)
  if (freeFor(work, crowd) > 0 && before.every((kind) => crowd.waiting[kind] === 0 || freeFor(kind, crowd) <= 0)) return 'enters'
  return crowd.waiting[work] < crowd.places ? 'waits' : 'finds the line full'
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

/**
 * Why a request was told to come back: no place was free for it (`crowded`); it waits in the line, where it has a number (`in-line`); it would
 * have gone in before those who wait there (`overtakes`); numbers cannot be had, or its network has taken as many as people there could (`no-number`).
 */
export const refusalReasons = ['crowded', 'in-line', 'overtakes', 'no-number'] as const
export type RefusalReason = (typeof refusalReasons)[number]

/** What is told to come back, each request once. */
export type Refusals = { note: (work: Work, reason: RefusalReason) => void }

/** What lets requests in. */
export type Gate = {
  /** Answers what to call at the end. Throws `service.crowded` with `retryAfter`, having asked no store. */
  enter: (work: Work, from: Sender) => Promise<() => void>
  /** How much room there is, and how it went since this was last asked for those whom the line has called and those who finish. */
  room: () => Room & { came: readonly FromSite[] }
}
