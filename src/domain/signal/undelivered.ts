import type { ClientId } from '#kernel/id.ts'
import type { Signal } from './signal.ts'

/** A signal that all its tries could not deliver. What it says stays where it is; here is whom it was for, and why it failed. */
export type Undelivered = {
  id: string
  /** `unreadable` is what this release knows nothing of. */
  kind: Signal['kind'] | 'unreadable'
  client: ClientId | undefined
  /** When it was queued first. */
  since: Date
  tries: number
  /** What the last try ended in: an HTTP status, or a word. */
  ending: string
}

export type UndeliveredStore = {
  list: () => Promise<readonly Undelivered[]>
  /** Queues it again, with all its tries, and records who did. `undefined` when there is none. */
  retry: (id: string) => Promise<Undelivered | undefined>
  /** Gives it up for good, and records who did. */
  drop: (id: string) => Promise<Undelivered | undefined>
}
