import type { PasskeyId } from '#kernel/id.ts'
import type { Account } from '#domain/account/account.ts'
import type { Passkey } from '#domain/passkey/passkey.ts'
import type { RecoveryRules } from './rules.ts'

/** Whether the account is closed as lost: who comes back with a printed code waits for the hold, in which whoever has a passkey of before may object. */
export function waits({ locks }: Pick<Account, 'locks'>): boolean {
  return locks.some(({ lost }) => lost === true)
}

/**
 * Whether who comes back with a printed code sets aside the passkeys of before: they are what was reported as lost, and whoever has the device has them.
 * Not where a code of the same sheet has reported the loss: that shows who has the sheet, and nothing of where the passkeys are. They are set aside and not
 * deleted, for as long as the hold lasts: the report, too, may be of somebody who has the sheet of codes.
 */
export function setsAside({ locks }: Pick<Account, 'locks'>): boolean {
  return locks.some(({ lost, byCode }) => lost === true && byCode !== true)
}

/**
 * Whether whoever holds a passkey may say that it was not them who came back with a code: while the account is held, and not with what came with the code. What
 * an earlier recovery brought, and nobody objected to in time, is a passkey like others.
 */
export function mayObject(
  { heldUntil }: Pick<Account, 'heldUntil'>, { recovered, createdAt }: Pick<Passkey, 'recovered' | 'createdAt'>, { holdHours }: Pick<RecoveryRules, 'holdHours'>, now: Date,
): boolean {
  const cameWithIt = recovered === true && createdAt.getTime() > now.getTime() - holdHours * 3_600_000
  return !cameWithIt && heldUntil !== undefined && now < heldUntil
}

/**
 * Whether somebody who signed in with this passkey may change what opens the account. While it is held after a recovery, no passkey may that is
 * younger than a hold: it is there for whoever has an older one to object (W09).
 */
export function mayChangeKeys(
  { heldUntil }: Pick<Account, 'heldUntil'>, { keys, shown }: { keys: readonly Pick<Passkey, 'id' | 'createdAt'>[]; shown: PasskeyId },
  { holdHours }: Pick<RecoveryRules, 'holdHours'>, now: Date,
): boolean {
  if (heldUntil === undefined || heldUntil <= now) return true
  // By the age of the passkey and not by when the hold began: a second recovery does not make the passkey of the first an old one.
  const old = now.getTime() - holdHours * 3_600_000
  return keys.some(({ id, createdAt }) => id === shown && createdAt.getTime() <= old)
}
