import type { AccountId } from '#kernel/id.ts'
import type { Clock } from '#kernel/clock.ts'
import { Problem } from '#kernel/problem.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import type { Through } from '#domain/audit/officer.ts'
import { levelAt } from '#domain/account/account.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { may, type Owned, type Permission } from './permission.ts'
import type { RoleGrant } from './role.ts'

/** Somebody at work: an account with its roles, and the program that calls for them, if one does. */
export type Officer = { account: AccountId; roles: readonly RoleGrant[]; through?: Through | undefined }

/** By which program, as events and proposals say it. */
export function throughOf({ through }: Pick<Officer, 'through'>): { through?: Through } {
  return through === undefined ? {} : { through }
}

type Tools = { audit: AuditLog; clock: Clock }

/**
 * Ends the request unless their roles allow it, and records that it was tried: people who reach for more than they may are
 * what an auditor looks for (A03, A04). Throws `officer.not-allowed`.
 */
export async function mustMay({ audit, clock }: Tools, { account, roles, through }: Officer, permission: Permission, on: Owned | 'list'): Promise<void> {
  if (may(roles, permission, on, clock.now())) return
  await audit.append({ type: 'officer.refused', by: account, permission, reason: 'not-allowed', ...throughOf({ through }) })
  throw new Problem('officer.not-allowed')
}

/** Whether somebody has seen who they are (decision 0005: how identity was proven is one axis, how they signed in another). */
export async function isProven({ accounts, clock }: { accounts: Pick<AccountStore, 'find'>; clock: Clock }, account: AccountId): Promise<boolean> {
  const found = await accounts.find(account)
  return found !== undefined && levelAt(found.account, clock.now()) === 2
}
