import type { AccountId, PasskeyId, PersonId } from '#kernel/id.ts'
import type { ProblemCode } from '#kernel/problem.ts'
import type { LockGround } from '#domain/account/ground.ts'
import type { Mover } from '#domain/account/rules.ts'

/** What became of accounts and their keys, of the registry behind them, and who looked. */
export type AccountEvent =
  | { type: 'account.shown'; account: AccountId; by: 'operator' }
  | { type: 'account.locked' | 'account.unlocked'; account: AccountId; ground: LockGround; by: Mover }
  | { type: 'account.activated' | 'account.raised'; account: AccountId; by: Mover }
  /** Its person has died. */
  | { type: 'account.ended'; account: AccountId }
  | { type: 'passkey.added'; account: AccountId; passkey: PasskeyId; aaguid: string; hardwareBound: boolean }
  | { type: 'passkey.not-added'; account: AccountId; reason: ProblemCode | 'taken' | 'full' }
  | { type: 'passkey.removed'; account: AccountId; passkey: PasskeyId; by: 'operator' | 'holder' | 'officer' }
  /** By whoever came back with a printed code after the device was reported as lost; and by whoever objected to that in time. */
  | { type: 'passkey.set-aside' | 'passkey.restored'; account: AccountId; passkey: PasskeyId }
  | { type: 'passkey.renamed'; account: AccountId; passkey: PasskeyId }
  /** With this passkey somebody asked that an account be opened that was closed as lost. */
  | { type: 'account.opening-asked'; account: AccountId; passkey: PasskeyId }
  | { type: 'contact.changed'; account: AccountId; kind: 'email' | 'phone'; by: 'operator' | 'holder' }
  /** What was changed in the holder's name, and was not them. */
  | { type: 'contact.restored'; account: AccountId; through: 'reference' }
  | { type: 'registry.imported'; inserted: number; replaced: number; refused: number }
  /** An operator looked somebody up at the command line; `revealed` when the values were shown in full. */
  | { type: 'registry.shown'; person: PersonId; revealed: boolean }
