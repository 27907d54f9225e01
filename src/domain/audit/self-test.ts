import type { AccountId, ClientId } from '#kernel/id.ts'

/** The sandbox played a hostile provider for a developer's client. */
export type SelfTestEvent =
  | { type: 'self-test.begun'; client: ClientId; by: AccountId }
  | { type: 'self-test.finished'; client: ClientId; by: AccountId; green: boolean }
