import type { Head, LogKey } from './head.ts'

/** A head and the note in which it is signed. */
export type SignedHead = Head & { note: string }

/** An entry as it is kept, with its place; the first is 0. */
export type Kept = { seq: number; text: string }

/** The public log of changes to clients and keys. Everybody may read all of it. */
export type TransparencyLog = {
  key: LogKey
  /**
   * The newest signed head; signs one when the log has grown. It never becomes smaller, there is one for each size, and none is signed that does
   * not continue the one before: then this throws.
   */
  head: () => Promise<SignedHead>
  /** Entries from one place up to and including another, a hundred at most. */
  entries: (from: number, to: number) => Promise<readonly Kept[]>
  /** Base64 hashes for RFC 9162 §2.1.3; `undefined` when there is no such entry in a log of this size. */
  inclusion: (index: number, size: number) => Promise<readonly string[] | undefined>
  /** Base64 hashes for RFC 9162 §2.1.4; `undefined` when the log is not that long. */
  consistency: (first: number, second: number) => Promise<readonly string[] | undefined>
}
