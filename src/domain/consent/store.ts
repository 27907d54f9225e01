import type { AccountId, ClientId } from '#kernel/id.ts'
import type { Consent } from './decision.ts'

export type ConsentStore = {
  /** The latest answer to this client. */
  find: (account: AccountId, client: ClientId) => Promise<Consent | undefined>
  /** Adds an answer; earlier ones are kept as the proof that consent was given (Law 91/2025 Art 9, Decree 356/2025 Art 6). */
  record: (account: AccountId, client: ClientId, consent: Consent) => Promise<void>
}
