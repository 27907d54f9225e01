import type { Clock } from '#kernel/clock.ts'
import type { AccountId, ClientId, InteractionId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'
import type { RecoveryAct } from '#domain/recovery/recovery.ts'
import type { RecoveryRules } from '#domain/recovery/rules.ts'
import type { Account } from './account.ts'
import { admit } from './sign-in.ts'
import type { UnlockingStore } from './unlocking.ts'
import type { AccountStore } from './store.ts'

type Tools = { accounts: Pick<AccountStore, 'move'>; clock: Clock }

/** "Lock my account": it takes effect before this answers, on every node within five seconds (W12). `ended` where there is nothing to lock any more. */
export async function lockOwn({ accounts, clock }: Tools, account: AccountId): Promise<'locked' | 'ended'> {
  const outcome = await accounts.move(account, { to: 'lock', ground: 'holder-request', by: 'holder' }, clock.now())
  return outcome.is === 'refused' ? 'ended' : 'locked'
}

type UnlockTools = Tools & Parameters<typeof admit>[0] & { unlockings: UnlockingStore; accounts: Pick<AccountStore, 'move' | 'find' | 'askOpening'>; recoveryRules: RecoveryRules }

/**
 * Opens the account and goes on with the sign-in that found it closed. The passkey must be good at this moment, not only when it was shown.
 * What was closed because the device is gone opens only some time after somebody asked for it (`lockLost`): this is how they ask. Throws
 * `passkey.challenge-spent` where the proof is over, `account.*` where it stays closed.
 */
export async function unlockOwn(
  tools: UnlockTools,
  { interaction, ...way }: { interaction: InteractionId; client: ClientId; address: string },
): Promise<{ account: Account; evidence: Evidence } | { account: AccountId; opensAt: Date }> {
  const proven = await tools.unlockings.take(interaction)
  if (proven === undefined) throw new Problem('passkey.challenge-spent')
  const shown = { passkey: proven.evidence.passkey, holdHours: tools.recoveryRules.holdHours }
  const at = tools.clock.now()
  const outcome = await tools.accounts.move(proven.account, { to: 'unlock', ground: 'holder-request', by: 'holder', shown }, at)
  if (outcome.is === 'refused' && outcome.because === 'waits') {
    const opensAt = await tools.accounts.askOpening(proven.account, { shown, opensAt: new Date(at.getTime() + tools.recoveryRules.openingHours * 3_600_000), at })
    if (opensAt === undefined) throw new Problem('passkey.challenge-spent')
    return { account: proven.account, opensAt }
  }
  if (outcome.is === 'refused' && outcome.because === 'key-gone') throw new Problem('passkey.challenge-spent')
  if (outcome.is === 'refused' && outcome.because === 'key-young') throw new Problem('account.held')
  return { account: await admit(tools, { ...way, ...proven }), evidence: proven.evidence }
}

type ObjectTools = { unlockings: Pick<UnlockingStore, 'take'>; recovery: Pick<RecoveryAct, 'cancel'>; recoveryRules: RecoveryRules; clock: Clock }

/**
 * "It was not me who came back with a code", by whoever has just shown a passkey of before, also one that was set aside (ux.md §4.8). What came with the code
 * is gone; an account that was closed as lost stays closed, for the passkey may be on the device that is lost: it opens after its wait (`unlockOwn`), or at a
 * desk. Throws `passkey.challenge-spent`.
 */
export async function objectToRecovery({ unlockings, recovery, recoveryRules, clock }: ObjectTools, interaction: InteractionId): Promise<'cancelled' | 'none'> {
  const proven = await unlockings.take(interaction)
  if (proven === undefined) throw new Problem('passkey.challenge-spent')
  return recovery.cancel(proven.account, { at: clock.now(), holdHours: recoveryRules.holdHours, through: 'passkey', shown: proven.evidence.passkey })
}
