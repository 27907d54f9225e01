import type { AccountId, ClientId, PasskeyId } from '#kernel/id.ts'
import type { ActingGround } from '#domain/acting/rules.ts'

/** Who acts for whom: `account` is the one acted for, `representative` the one who does. */
export type ActingEvent =
  | { type: 'acting.opened'; account: AccountId; representative: AccountId; ground: ActingGround }
  | { type: 'acting.begun'; client: ClientId; account: AccountId; representative: AccountId; ground: ActingGround; passkey: PasskeyId }
  | { type: 'acting.refused'; client: ClientId; account: AccountId; representative: AccountId }
