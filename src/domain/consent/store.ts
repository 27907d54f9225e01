import type { AccountId, ClientId } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import type { Consent } from './decision.ts'

export type ConsentStore = {
  /** The latest answer to this client by the account's holder, or by whoever acts for them: what one of them agreed to binds no other. */
  find: (account: AccountId, client: ClientId, by?: AccountId) => Promise<Consent | undefined>
  /** What others agreed to in this person's name, the newest first. */
  byOthers: (account: AccountId, most: number) => Promise<readonly { client: ClientId; by: AccountId; givenAt: Date }[]>
  /**
   * Adds an answer together with its audit event, both or neither: no consent counts that is not on record. Earlier answers are
   * kept as the proof that consent was given (Law 91/2025 Art 9, Decree 356/2025 Art 6).
   */
  record: (answer: { account: AccountId; client: ClientId; by?: AccountId | undefined; consent: Consent; event: AuditEvent }) => Promise<void>
}
