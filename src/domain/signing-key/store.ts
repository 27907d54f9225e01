import type { AuditEvent } from '#domain/audit/event.ts'
import type { HeldKey, KeyChange } from './key.ts'

export type KeyChangeStore = {
  /** All there ever were, first to last. */
  list: () => Promise<readonly KeyChange[]>
  /** When the public log first said of a key that it is staged, or retired. */
  saidAt: (kid: string, state: 'staged' | 'retired') => Promise<Date | undefined>
  /** Says in the public log what was decided and writes it, all or nothing; `false` where something else was decided meanwhile. */
  decide: (change: KeyChange, key: HeldKey) => Promise<boolean>
  /** Says in the public log and the log of record that the operator destroys a key; once, however often it is said. */
  destroy: (key: HeldKey, how: { at: Date; event: AuditEvent }) => Promise<void>
}

/** A running node, by a name that its operator knows, and the keys in its key file. */
export type KeyNode = { id: string; name: string; kids: readonly string[] }

export type KeyNodeStore = {
  /** A node says that it runs, and what it holds; it is taken for gone when it has not for `goneSeconds`. */
  say: (node: KeyNode, at: Date) => Promise<void>
  leave: (id: string) => Promise<void>
  /** The names of the running nodes that do not hold a key. */
  lacking: (kid: string, now: Date) => Promise<readonly string[]>
}
export const goneSeconds = 30

/** The keys as one node holds them, what was decided about them, and who else holds them. */
export type SigningKeys = Pick<KeyChangeStore, 'list' | 'saidAt'> & Pick<KeyNodeStore, 'lacking'> & { held: readonly HeldKey[] }
