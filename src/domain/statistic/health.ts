import type { ClientId } from '#kernel/id.ts'

/** What a service was told instead of what it asked for: a code of the protocol and, where there are several, which of its causes; words of ours alone. */
export type Fault = { client: ClientId; error: string; reason: string }

/** What was last seen of a service: when its keys were fetched, when that failed, and until when the certificate counts that it came with. */
export type Mark = { client: ClientId; what: 'keys-fetched' | 'keys-failed' | 'certificate'; at: Date; detail: string }

/** Takes notes without waiting; they are written seconds later, and a few may be lost with a process. */
export type HealthNotes = { fault: (fault: Fault) => void; mark: (mark: Mark) => void }

export type HealthStore = {
  add: (notes: { faults: readonly (Fault & { hour: Date; count: number })[]; marks: readonly Mark[] }) => Promise<void>
  /** Most frequent first. */
  faultsOf: (client: ClientId, since: Date) => Promise<readonly { error: string; reason: string; count: number }[]>
  marksOf: (client: ClientId) => Promise<readonly Mark[]>
  /** The certificates that services came with. */
  certificates: () => Promise<readonly Mark[]>
  /** Forgets what is older. */
  sweep: (before: Date) => Promise<void>
}
