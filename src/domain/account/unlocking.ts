import type { AccountId, InteractionId } from '#kernel/id.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'
import type { Account } from './account.ts'

/** Who has just shown to hold a passkey of an account that its holder has locked: they may open it, in this interaction and within minutes. */
export type Unlocking = { account: AccountId; evidence: Evidence }
export type UnlockingStore = {
  put: (interaction: InteractionId, unlocking: Unlocking) => Promise<void>
  /** Atomically removes and answers it: an account is opened once for one proof. */
  take: (interaction: InteractionId) => Promise<Unlocking | undefined>
}

/** Whether nothing but the holder's own wish closes an account; then a passkey opens it again (Decree 69/2024 Art 29). */
export function isOwnLock(locks: Account['locks']): boolean {
  return locks.length > 0 && locks.every(({ ground }) => ground === 'holder-request')
}
