import type { Evidence } from './evidence.ts'

/**
 * What was shown in a session, by the provider's name for it (`uid`, which survives a new session identifier), for the account it was shown for:
 * what opened one account says nothing about another.
 */
export type EvidenceStore = {
  find: (session: string, account: string) => Promise<Evidence | undefined>
  put: (session: string, account: string, evidence: Evidence) => Promise<void>
}
