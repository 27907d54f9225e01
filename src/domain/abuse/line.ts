/**
 * The line in which people wait to begin a sign-in when all begin at once (ux §4.9). Two counters over all nodes: how many numbers were
 * given out, and up to which one people were called. Who was called goes on, whichever node it is asked at.
 */
export type Counts = Readonly<{ given: number; called: number }>

/** A number of one day's line. Seconds since 1970; `mark` makes it one of a kind. */
export type Ticket = Readonly<{ day: number; number: number; givenAt: number; mark: string }>

/** Counters begin anew each day at three in the morning in Viet Nam, when nobody waits. */
export function lineDay(at: Date): number {
  return Math.floor((at.getTime() / 3_600_000 + 4) / 24)
}

/** Longer than anybody waits. */
export const ticketSeconds = 7200

export type Turn = { is: 'come' } | { is: 'waits'; position: number } | { is: 'void' }

/** A number that was never given is of a line that was lost: counters may be (docs/decisions/0003). */
export function turnOf({ day, number, givenAt }: Ticket, { given, called }: Counts, at: Date): Turn {
  const isOver = givenAt + ticketSeconds < at.getTime() / 1000
  if (day !== lineDay(at) || isOver || number > given) return { is: 'void' }
  return number <= called ? { is: 'come' } : { is: 'waits', position: number - called }
}

/** Whether anybody waits. */
export function isOpen({ given, called }: Counts): boolean {
  return given > called
}

export const firstPace = 10
const quickest = 5000

/**
 * How many are called in the next second: a little more as long as there is room, a third fewer when there was none (additive increase,
 * multiplicative decrease). Who has gone away and is called costs nothing: there is room for more.
 */
export function nextPace(pace: number, hadRoom: boolean): number {
  return hadRoom ? Math.min(quickest, Math.ceil(pace * 1.1) + 1) : Math.max(1, Math.floor(pace * 0.7))
}

/** Seconds until this place is called, by how many are called a second. */
export function waitOf(position: number, perSecond: number): number {
  return Math.ceil(position / Math.max(perSecond, 0.1))
}

/** Seconds after which the page looks again: often near the front, seldom far behind, so that those who wait are no burden themselves. */
export function lookAgainAfter(wait: number): number {
  return Math.min(30, Math.max(4, Math.round(wait / 4)))
}

/** What counts, over all nodes. Any act may throw `service.unavailable`. */
export type LineStore = {
  /** The next number of this day. */
  give: (day: number) => Promise<number>
  /** Calls so many more of those who have a number: never one beyond `given`, however many processes call at once. */
  call: (day: number, more: number, given: number) => Promise<void>
  counts: (day: number) => Promise<Counts>
  /** Of whoever goes in with this ticket exactly one hears `true`. */
  use: (ticket: Ticket) => Promise<boolean>
}

/** The line as one process of the server sees it. */
export type Line = {
  /** Whether somebody waits, as far as is known here. */
  isOpen: () => boolean
  /** Throws `service.unavailable` where numbers cannot be had. */
  give: () => Promise<{ ticket: Ticket; turn: Turn }>
  turn: (ticket: Ticket) => Promise<Turn>
  /** How many are called a second, over all nodes. */
  perSecond: () => number
  use: LineStore['use']
}
