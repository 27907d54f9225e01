/** Identifiers, codes, counts and times. Nothing nested: redaction and readers both stop at the first level. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>

type Write = (fields: LogFields, message: string, error?: unknown) => void

/**
 * The running log, for operators; `observe/log.ts` makes it. It speaks in flat objects of identifiers; what happened to a
 * person is in the audit log, and attributes of a person are in neither.
 */
export type Log = {
  debug: Write
  info: Write
  warn: Write
  error: Write
  fatal: Write
  /** A log whose every line carries these fields too. */
  with: (fields: LogFields) => Log
}
