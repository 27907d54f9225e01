import { dayInVietnam, type Clock } from '#kernel/clock.ts'
import { Problem } from '#kernel/problem.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { justNow } from '#domain/assurance/floor.ts'
import { inForce } from '#domain/officer/role.ts'
import type { OfficerStore } from '#domain/officer/store.ts'
import type { PasskeyStore } from '#domain/passkey/passkey.ts'
import { mayChangeKeys } from '#domain/recovery/hold.ts'
import type { RecoveryRules } from '#domain/recovery/rules.ts'
import type { Answer } from '#web/route.ts'
import type { Scene } from './citizen.ts'
import { entrance } from './entrance.ts'

export type GuardTools = {
  issuer: string
  accounts: Pick<AccountStore, 'findNow'>
  passkeys: Pick<PasskeyStore, 'ofAccount'>
  officers: Pick<OfficerStore, 'rolesOf'>
  recoveryRules: RecoveryRules
  clock: Clock
}

/**
 * Before anything is changed that opens the account. While it is held after a recovery, what came with the recovery changes nothing (`account.held`).
 * Whoever holds an office and has a key in hardware shows that one: with a lesser key nobody makes themself a better one (W07).
 */
export async function guardKeys(tools: GuardTools, { citizen: { account, evidence } }: Scene, path: string): Promise<Answer | undefined> {
  const now = tools.clock.now()
  const [found, keys, roles] = await Promise.all([tools.accounts.findNow(account), tools.passkeys.ofAccount(account), tools.officers.rolesOf(account)])
  if (found === undefined) throw new Problem('internal')
  if (!mayChangeKeys(found.account, { keys, shown: evidence.passkey }, tools.recoveryRules, now)) {
    throw new Problem('account.held', { detail: { since: dayInVietnam(found.account.heldUntil ?? now) } })
  }
  if (!roles.some((role) => inForce(role, now)) || evidence.hardwareBound || !keys.some(({ hardwareBound }) => hardwareBound)) return undefined
  return { redirect: entrance(tools.issuer, path, { ...justNow, resistance: 'phrh' }) }
}

/** Whether they run the system: a key of theirs counts only where whoever gave the role knew of it, so they add none by themselves (A02). */
export async function isInOffice({ officers, clock }: Pick<GuardTools, 'officers' | 'clock'>, { citizen: { account } }: Scene): Promise<boolean> {
  const now = clock.now()
  return (await officers.rolesOf(account)).some((role) => inForce(role, now))
}
