import type { AccountId, ClientId, PasskeyId } from '#kernel/id.ts'

/** Ways back into an account. */
export type RecoveryEvent =
  | { type: 'recovery.codes-made'; account: AccountId; count: number }
  /** `account` where the number has one. */
  | { type: 'recovery.refused'; client: ClientId; account?: AccountId }
  | { type: 'recovery.code-used'; client: ClientId; account: AccountId }
  | { type: 'recovery.finished'; client: ClientId; account: AccountId; passkey: PasskeyId }
  /** By whoever is signed in with an older passkey, has shown one that was not let in, or has the reference of a notice or a code. */
  | { type: 'recovery.cancelled'; account: AccountId; through: 'sign-in' | 'passkey' | 'reference' }
  /** Somebody reported an account lost without signing in; `account` where the number has one. */
  | { type: 'lost.reported'; account: AccountId }
  | { type: 'lost.refused'; account?: AccountId }
