import type { AuditEvent } from './event.ts'

/** `state`: what it is like now; in another state it is told again. Without one it is told once for ever. */
export type About = { about: string; state?: string }

/** What is found again each time that somebody looks, and told once: with its event, by whoever comes first. */
export type ToldOnce = {
  /** `false` where it was told before. */
  tell: (what: About, event: AuditEvent, at: Date) => Promise<boolean>
  /** It is over: whatever comes after is told again, also what was told before. */
  forget: (about: string) => Promise<void>
}
