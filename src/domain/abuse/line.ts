/**
 * The line in which people wait to begin a sign-in when all begin at once (ux §4.9). Two counters over all nodes: how many numbers were
 * given out, and up to which one people were called. Who was called goes on, whichever node it is asked at, unless they come so late that
 * their call has lapsed.
 */
export type Counts = Readonly<{ given: number; called: number; /** Whoever was called up to this number is waited for no longer. */ lapsed: number }>

/** A number of one day's line. Seconds since 1970; `mark` makes it one of a kind. */
export type Ticket = Readonly<{ day: number; number: number; givenAt: number; mark: string }>

/** Counters begin anew each day at three in the morning in Viet Nam, when nobody waits. */
export function lineDay(at: Date): number {
  return Math.floor((at.getTime() / 3_600_000 + 4) / 24)
}

/** Longer than anybody waits. */
export const ticketSeconds = 7200

/** Calls are remembered by spans of so many seconds, and those of the last two and the one that runs are waited for. */
const spanSeconds = 120
const spansAwaited = 2

/** Time in spans of calls: the one of this moment last. */
export function spansAt(at: Date): readonly number[] {
  const now = Math.floor(at.getTime() / 1000 / spanSeconds)
  return Array.from({ length: spansAwaited + 1 }, (_, index) => now - spansAwaited + index)
}

/**
 * Up to which number nobody is waited for any longer. A person who is there hears their call before (`lookAgainAfter`); whoever takes numbers to
 * keep them has them for four to six minutes from the call, and not for the hours that a line may last. `before`: up to which number was
 * called when each of the spans began, of those in which anybody was.
 */
export function lapsedAt(before: readonly (number | undefined)[], called: number): number {
  return before.find((count) => count !== undefined) ?? called
}

export type Turn = { is: 'come' } | { is: 'waits'; position: number } | { is: 'void' }

/** Whether no count can make this ticket good any more: it is of another day, or older than anybody waits. */
export function isOver({ day, givenAt }: Ticket, at: Date): boolean {
  return day !== lineDay(at) || givenAt + ticketSeconds < at.getTime() / 1000
}

/** A number that was never given is of a line that was lost: counters may be (docs/decisions/0003). */
export function turnOf(ticket: Ticket, { given, called, lapsed }: Counts, at: Date): Turn {
  const { number } = ticket
  if (isOver(ticket, at) || number <= lapsed || number > given) return { is: 'void' }
  return number <= called ? { is: 'come' } : { is: 'waits', position: number - called }
}

/** Whether anybody waits. */
export function isOpen({ given, called }: Pick<Counts, 'given' | 'called'>): boolean {
  return given > called
}

/** Seconds until this place is called, by how many are called a second. */
export function waitOf(position: number, perSecond: number): number {
  return Math.ceil(position / Math.max(perSecond, 0.1))
}

/** Nobody near the front looks more seldom than this, in seconds, a little more or less. */
export const longestLook = 30
/** Within so many seconds most of those who were called have looked again. */
export const soonLook = 5
/** A call lasts for two whole spans at least; three quarters of that and a quarter more of it by chance are less. */
const seldomest = 0.75 * spansAwaited * spanSeconds

/**
 * Seconds after which the page looks again: half of what is left to wait, so that those who wait are no burden themselves. Behind ten minutes more seldom
 * still: a hundred thousand who looked every half a minute would be a crowd of their own. But never so seldom that a call could begin and lapse in
 * between: what is left to wait is known by the pace of this moment, and a pace that an outage or a flood held down grows a hundredfold within a
 * minute. A quarter more or less for each, or those who were put in the line together would always come together.
 */
export function lookAgainAfter(wait: number, chance: (below: number) => number): number {
  const seconds = Math.max(soonLook - 1, Math.min(wait / 2, Math.max(longestLook, wait / 20), seldomest))
  return Math.round((seconds * (75 + chance(51))) / 100)
}

/** What counts, over all nodes. Any act may throw `service.unavailable`. */
export type LineStore = {
  /** The next number of this day. */
  give: (day: number) => Promise<number>
  /** Calls so many more of those who have a number: never one beyond `given`, however many processes call at once. */
  call: (day: number, more: number, given: number, at: Date) => Promise<void>
  counts: (day: number, at: Date) => Promise<Counts>
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
