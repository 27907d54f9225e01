import type { AuditEvent } from './event.ts'

/** What is found again each time that somebody looks, and told once: with its event, by whoever comes first. `false` where it was told before. */
export type ToldOnce = { tell: (about: string, event: AuditEvent, at: Date) => Promise<boolean> }
