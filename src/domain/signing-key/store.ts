import type { AuditEvent } from '#domain/audit/event.ts'
import type { HeldKey, KeyChange } from './key.ts'

export type KeyChangeStore = {
  /** All there ever were, first to last. */
  list: () => Promise<readonly KeyChange[]>
  /** When the public log first said of a key that it is staged, or retired. */
  saidAt: (kid: string, state: 'staged' | 'retired') => Promise<Date | undefined>
  /** Says in the public log and the log of record that the operator destroys a key; once, however often it is said. */
  destroy: (key: HeldKey, how: { at: Date; event: AuditEvent }) => Promise<void>
}

/** The keys as one node holds them, and what was decided about them. */
export type SigningKeys = Pick<KeyChangeStore, 'list' | 'saidAt'> & { held: readonly HeldKey[] }
