import type { AuditEvent } from './event.ts'

/** `state`: what it is like now; in another state it is told again. Without one it is told once for ever. */
export type About = { about: string; state?: string }

/** What is told once. The store adds the mark by which it knows that it was. */
export const toldTypes = ['key.aged', 'proposal.altered', 'proposal.restored'] as const satisfies readonly AuditEvent['type'][]
export type TellingEvent = Extract<AuditEvent, { type: (typeof toldTypes)[number] }>

/**
 * What is found again each time that somebody looks, and told once: with its event, by whoever comes first. That it was told is read from the log of
 * record alone, to which everybody adds and of which nobody takes away, and by a mark that only who has the server's key file can make: whoever
 * has altered something with the rights of the database writes no "told already" (A04). A mark counts at its place in the row of those about the
 * same and nowhere else, so that copying one says nothing.
 */
export type ToldOnce = {
  /** `false` where it was told before. */
  tell: (what: About, event: TellingEvent, at: Date) => Promise<boolean>
  /** It is over, which is recorded where it had been told: whatever comes after is told again, also what was told before. */
  over: (about: string, event: TellingEvent, at: Date) => Promise<void>
}
