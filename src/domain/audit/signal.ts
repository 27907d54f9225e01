import type { AccountId, ClientId } from '#kernel/id.ts'
import type { EndReason } from '#domain/signal/end-reason.ts'
import type { Signal } from '#domain/signal/signal.ts'
import type { Undelivered } from '#domain/signal/undelivered.ts'

/** What ended, and which services were told. */
export type SignalEvent =
  | { type: 'logout.finished'; client?: ClientId; account?: AccountId }
  /** At how many services a person's sessions ended, and which of them are to be told. */
  | { type: 'sessions.ended'; account: AccountId; reason: EndReason; services: number; told: readonly ClientId[] }
  /** All tries failed. */
  | { type: 'signal.undelivered'; kind: Signal['kind']; client?: ClientId; account?: AccountId; ending: string }
  | { type: 'signal.retried' | 'signal.dropped'; delivery: string; kind: Undelivered['kind']; client?: ClientId; by: 'operator' }
