import type { Evidence } from './evidence.ts'

/** What was shown in a session, by the provider's name for it (`uid`, which survives a new session identifier). */
export type EvidenceStore = {
  find: (session: string) => Promise<Evidence | undefined>
  put: (session: string, evidence: Evidence) => Promise<void>
}
