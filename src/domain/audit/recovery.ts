import type { AccountId, ClientId, PasskeyId } from '#kernel/id.ts'

/** Ways back into an account. */
export type RecoveryEvent =
  | { type: 'recovery.codes-made'; account: AccountId; count: number }
  /** `account` where the number has one. */
  | { type: 'recovery.refused'; client: ClientId; account?: AccountId }
  | { type: 'recovery.code-used'; client: ClientId; account: AccountId }
  | { type: 'recovery.finished'; client: ClientId; account: AccountId; passkey: PasskeyId }
  /** By whoever is signed in with an older passkey, or with the reference of a notice or a code where nobody is. */
  | { type: 'recovery.cancelled'; account: AccountId; through: 'sign-in' | 'reference' }
  /** Somebody reported an account lost without signing in; `account` where the number has one. */
  | { type: 'lost.reported'; account: AccountId }
  | { type: 'lost.refused'; account?: AccountId }
