import type { AccountId, ApplicationId, ApprovalId, InteractionId, PasskeyId } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'

/** A WebAuthn credential of an account (WebAuthn L3 §4 Credential Record). */
export type Passkey = {
  id: PasskeyId
  account: AccountId
  /** COSE_Key as registered. */
  publicKey: Uint8Array<ArrayBuffer>
  counter: number
  transports: readonly string[]
  aaguid: string
  /** Fixed at registration; an assertion that says otherwise is refused (WebAuthn L3 §7.2). */
  backupEligible: boolean
  backedUp: boolean
  /** Attestation has shown that the key cannot leave its hardware. Never together with `backupEligible`. */
  hardwareBound: boolean
  createdAt: Date
  lastUsedAt?: Date | undefined
  /** Removed passkeys are kept, so that using one says when it was removed instead of nothing. */
  removedAt?: Date | undefined
  /** Removed only until whoever came back with a printed code was not objected to: its holder may object with it (`mayObject`). */
  setAside?: true | undefined
  /** Made by whoever came back with a printed code. */
  recovered?: true | undefined
}

export type PasskeyStore = {
  find: (id: PasskeyId) => Promise<Passkey | undefined>
  /** Those that still sign in. */
  ofAccount: (account: AccountId) => Promise<readonly Passkey[]>
  /**
   * Moves the signature counter on in one conditional statement: `false` when it did not grow (both zero is a counter
   * that is not used), so that of two racing logins with one counter value a single one is heard (WebAuthn L3 §6.1.1).
   */
  advance: (id: PasskeyId, use: { counter: number; backedUp: boolean; at: Date }) => Promise<boolean>
  /**
   * Adds one more to an account, records the event and tells the holder (W09), all or nothing. Nothing changes where its id is registered already, to
   * whomever, or the account has as many as it may: of racing additions no more get in than there is room for.
   */
  add: (passkey: Passkey, how: { most: number; event: AuditEvent }) => Promise<'added' | 'taken' | 'full'>
  /**
   * Removes it, records the event and tells the holder (W09). Every session of its holder ends, for nobody knows what it has opened, and the services hear of
   * it, all or nothing. `false` when it was removed already.
   */
  remove: (id: PasskeyId, at: Date, event?: AuditEvent) => Promise<boolean>
  /** The same, but never the last of an account: of racing removals one is left. */
  removeButLast: (id: PasskeyId, at: Date, event: AuditEvent) => Promise<'removed' | 'last' | 'gone'>
}

/** What a challenge was made for. One made for signing in does not register a key (W03). */
export type ChallengePurpose = 'sign-in' | 'register' | 'approval' | 'security-key' | 'own-passkey' | 'desk-sign' | 'desk-key'

/** The session and the account of somebody who is signed in on our own pages: what is asked of one does not count for another. */
export type SignedInAs = `${string}.${AccountId}`

export type ChallengeStore = {
  put: (purpose: ChallengePurpose, occasion: InteractionId | ApprovalId | ApplicationId | SignedInAs, challenge: string) => Promise<void>
  /** Reads and forgets in one step, so that of two racing answers only one is heard. */
  take: (purpose: ChallengePurpose, occasion: InteractionId | ApprovalId | ApplicationId | SignedInAs) => Promise<string | undefined>
}

/** Who we are to authenticators: the host of the issuer and its origin (WebAuthn L3 §5.1.2). */
export type RelyingParty = { id: string; origin: string; name: string }

/** The algorithms we register, best first: ES256, EdDSA, RS256 (COSE; the last for old Windows TPMs). */
export const algorithms = [-7, -8, -257]

/** Three minutes, consumed even on failure (W03). */
export const challengeSeconds = 180
