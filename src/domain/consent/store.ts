import type { AccountId, ClientId } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import type { Consent } from './decision.ts'

export type ConsentStore = {
  /** The latest answer to this client. */
  find: (account: AccountId, client: ClientId) => Promise<Consent | undefined>
  /**
   * Adds an answer together with its audit event, both or neither: no consent counts that is not on record. Earlier answers are
   * kept as the proof that consent was given (Law 91/2025 Art 9, Decree 356/2025 Art 6).
   */
  record: (answer: { account: AccountId; client: ClientId; consent: Consent; event: AuditEvent }) => Promise<void>
}
