/** Events of one start of one process that are not there: those between two numbers, of which the second was written at this moment (L05). */
export type Gap = { node: string; boot: string; after: number; before: number; at: Date }
/** Two events with one number. */
export type Double = { node: string; boot: string; seq: number }

/**
 * What is wrong with the numbers of the events since then. What is still being written may lack numbers for a moment and is no finding; the last events
 * of a process that has ended are missed by nobody here.
 */
export type AuditSequence = { faults: (range: { since: Date; until: Date }) => Promise<{ events: number; gaps: readonly Gap[]; doubles: readonly Double[] }> }

/** A transaction is over by then, one way or the other. */
export const settledSeconds = 60
