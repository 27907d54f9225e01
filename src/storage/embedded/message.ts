/** What goes to the worker: one statement, or the wish to end. */
export type Ask = { id: number; sql: string; parameters: readonly unknown[] } | { id: number; end: true }

/** A failure of the database, in what survives the way between threads. Values of the statement are left behind. */
export type Fault = { message: string; code: string; constraint: string | undefined }

/** What comes back. `rows` are plain objects, `changed` is absent for a statement that changes nothing. */
export type Answer =
  | { id: number; rows: unknown[]; changed: number | undefined; command: string | undefined }
  | { id: number; fault: Fault }
  | { ready: true }
  | { failed: Fault }
