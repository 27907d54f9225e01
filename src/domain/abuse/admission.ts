import { requestsPerSecond, signInsPerSecond } from './capacity.ts'
import type { Sender } from './fairness.ts'
import type { FromSite } from './pace.ts'

/**
 * What a request is part of, the most wanted first. Whoever is in the middle of a sign-in is let through before whoever begins one, or
 * all would be in the middle and none would come to its end. It is judged by what can be checked without a store:
 * - `finishing`: the browser shows the signed cookie of a sign-in, or a service calls from where one has proved itself;
 * - `claimed`: what says as much, and shows nothing;
 * - `called`: whoever shows a number of the line whose turn it is;
 * - `pushed`: what looks like a reference that we gave to a service, so that half of the way is gone;
 * - `sending`: a service that begins for somebody, from where one has proved itself: what others send in its manner is not to keep it out;
 * - `beginning`: who comes anew; `aside`: everything else.
 */
export const workKinds = ['finishing', 'claimed', 'called', 'pushed', 'sending', 'beginning', 'aside'] as const
export type Work = (typeof workKinds)[number]

/**
 * Parts of all places: what nobody else may take, how many a kind may have at most, and up to how full it may take what nobody has kept.
 * Whatever one kind is flooded with, the others keep theirs, and what anybody may say of themselves gets a part only. Who begins is let
 * in only while it is emptier than those who finish alone can make it, so that what is begun is not given up half way, its work done for nobody.
 *
 * `assured`: of what the places work off in a second, how much what is kept lets in. What begins is short, and a few places that are always free for
 * it would begin more than can be ended: with a tenth kept and no more said than that, of three times as many as could sign in a quarter did.
 */
const shares: Readonly<Record<Work, { kept: number; most: number; upTo: number; assured: number }>> = {
  finishing: { kept: 0.2, most: 1, upTo: 1, assured: 1 },
  claimed: { kept: 0.04, most: 0.3, upTo: 0.7, assured: 0.1 },
  called: { kept: 0.04, most: 0.5, upTo: 0.65, assured: 0.2 },
  pushed: { kept: 0.04, most: 0.5, upTo: 0.76, assured: 0.4 },
  sending: { kept: 0.04, most: 0.4, upTo: 0.65, assured: 0.2 },
  beginning: { kept: 0.04, most: 0.4, upTo: 0.65, assured: 0.2 },
  aside: { kept: 0.04, most: 0.3, upTo: 0.5, assured: 0.05 },
}

/** What each of these lets in asks for more afterwards, up to the end of a sign-in. */
const isAWholeSignIn: ReadonlySet<Work> = new Set(['called', 'pushed', 'sending', 'beginning'])

/**
 * Milliseconds that somebody may wait for a place. Short, for what waits long is given up by who asked, and is then done for nobody
 * (Nichols and Jacobson, Controlling Queue Delay, 2012).
 */
export const patience: Readonly<Record<Work, number>> = { finishing: 500, claimed: 500, called: 250, pushed: 250, sending: 100, beginning: 100, aside: 50 }

type Counted = Readonly<Record<Work, number>>

/** `places`: how many requests are worked on at once, at most; `assured`: how many of each kind may go to what is kept for it, now. */
export type Crowd = Readonly<{ places: number; inside: Counted; waiting: Counted; assured: Counted }>
type Filled = Pick<Crowd, 'places' | 'inside'>

const partOf = (places: number, share: number): number => Math.max(1, Math.floor(places * share))

/** Places that are kept for nobody, as far as this kind may take them. */
function unkeptFor(work: Work, { places, inside }: Filled): number {
  return partOf(places, shares[work].upTo) - workKinds.reduce((sum, kind) => sum + inside[kind], 0)
}

/** Places of this kind that are free now. */
export function freeFor(work: Work, { places, inside, assured }: Omit<Crowd, 'waiting'>): number {
  const { kept, most } = shares[work]
  // Of every other kind: what it has, or else what is kept for it.
  const takenByOthers = workKinds.reduce((sum, kind) => sum + (kind === work ? 0 : Math.max(inside[kind], Math.floor(places * shares[kind].kept))), 0)
  const itsOwn = Math.min(Math.floor(places * kept) - inside[work], assured[work])
  return Math.min(partOf(places, most) - inside[work], places - takenByOthers - inside[work], Math.max(itsOwn, unkeptFor(work, { places, inside })))
}

/** Whether one more of this kind takes what is kept for it. */
export function takesKept(work: Work, filled: Filled): boolean {
  return unkeptFor(work, filled) <= 0
}

/** How many of a kind are let in a second however full it is, where so many places are worked off within the time that is bearable. */
export function assuredPerSecond(work: Work, places: number): number {
  const { assured } = shares[work]
  return isAWholeSignIn.has(work) ? Math.max(1, assured * signInsPerSecond(places)) : assured * requestsPerSecond(places)
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

/** Whether something that was let in for what it looked like was that. */
export type Genuineness = 'genuine' | 'forged'

/** What lets requests in. */
export type Gate = {
  /** Answers what to call at the end. Throws `service.crowded` with `retryAfter`, having asked no store. */
  enter: (work: Work, from: Sender) => Promise<() => void>
  /** What was found of somebody who was let in: where many wait, networks that forge come after those that do not. */
  judged: (work: Work, from: Sender, what: Genuineness) => void
  /** Somebody was answered without coming in: that has cost something too. */
  turnedAway: () => void
  /** How many places there are, and how it went since this was last asked for those whom the line has called and those who finish. */
  room: () => { places: number; came: readonly FromSite[] }
}
