import type { AccountId, ClientId, PasskeyId } from '#kernel/id.ts'

/** Ways back into an account. */
export type RecoveryEvent =
  | { type: 'recovery.codes-made'; account: AccountId; count: number }
  /** `account` where the number has one. */
  | { type: 'recovery.refused'; client: ClientId; account?: AccountId }
  | { type: 'recovery.code-used'; client: ClientId; account: AccountId }
  | { type: 'recovery.finished'; client: ClientId; account: AccountId; passkey: PasskeyId }
