import type { Clock } from '#kernel/clock.ts'
import type { AccountId, PasskeyId } from '#kernel/id.ts'
import type { AccountStore, AccountWithLife } from '#domain/account/store.ts'
import type { DeskStore } from '#domain/desk/application.ts'
import type { Passkey, PasskeyStore } from '#domain/passkey/passkey.ts'
import type { RecoveryAct } from '#domain/recovery/recovery.ts'
import type { ServiceSessionStore } from '#domain/signal/session.ts'

/** A lock takes effect everywhere within this time, and at once where it was made (W12 allows five seconds). */
const keptMilliseconds = 2000
const keptAtMost = 10_000

/** Through which accounts are seen and changed. */
type Needed = {
  accounts: Pick<AccountStore, 'findNow' | 'move' | 'askOpening'>
  passkeys: Pick<PasskeyStore, 'remove' | 'removeButLast'> & { find: (id: PasskeyId) => Promise<Pick<Passkey, 'account'> | undefined> }
  serviceSessions: Pick<ServiceSessionStore, 'end'>
  recovery: RecoveryAct
  desk: Pick<DeskStore, 'finish'>
}
type Changed = Omit<Needed, 'accounts' | 'passkeys'> & { accounts: Needed['accounts'] & Pick<AccountStore, 'find'>; passkeys: Omit<Needed['passkeys'], 'find'> }

/**
 * Accounts as this process saw them a moment ago: one sign-in looks at its account four times within a second. Only `find`
 * is remembered, and what this process changes it forgets, whichever store changes it.
 */
export function remembered<Accounts extends Needed['accounts'], Passkeys extends Needed['passkeys'], Sessions extends Needed['serviceSessions'], Desk extends Needed['desk']>(
  stores: { accounts: Accounts; passkeys: Passkeys; serviceSessions: Sessions; recovery: RecoveryAct; desk: Desk },
  clock: Clock,
) {
  const { accounts, passkeys, serviceSessions, recovery, desk }: Needed = stores
  const kept = new Map<AccountId, { until: number; found: Promise<AccountWithLife | undefined> }>()

  function findNow(id: AccountId): Promise<AccountWithLife | undefined> {
    if (kept.size >= keptAtMost) kept.clear()
    const found = accounts.findNow(id)
    const one = { until: clock.now().getTime() + keptMilliseconds, found }
    kept.set(id, one)
    const forget = () => void (kept.get(id) === one && kept.delete(id))
    // Neither a failure nor "nobody" is worth remembering.
    found.then((account) => account ?? forget(), forget)
    return found
  }

  function find(id: AccountId): Promise<AccountWithLife | undefined> {
    const known = kept.get(id)
    return known && known.until > clock.now().getTime() ? known.found : findNow(id)
  }

  /** Forgets also where the act is said to have failed: the answer may have been lost on its way. */
  async function changing<Result>(id: AccountId | undefined, act: () => Promise<Result>): Promise<Result> {
    try {
      return await act()
    } finally {
      if (id !== undefined) kept.delete(id)
    }
  }

  const changed: Changed = {
    accounts: {
      find,
      findNow,
      move: (id, move, at) => changing(id, () => accounts.move(id, move, at)),
      askOpening: (id, how) => changing(id, () => accounts.askOpening(id, how)),
    },
    passkeys: {
      remove: async (id, at, event) => changing((await passkeys.find(id))?.account, () => passkeys.remove(id, at, event)),
      removeButLast: async (id, at, event) => changing((await passkeys.find(id))?.account, () => passkeys.removeButLast(id, at, event)),
    },
    recovery: {
      bringBack: (passkey, how) => changing(passkey.account, () => recovery.bringBack(passkey, how)),
      cancel: (account, how) => changing(account, () => recovery.cancel(account, how)),
    },
    desk: { finish: (finishing) => changing(finishing.account.id, () => desk.finish(finishing)) },
    serviceSessions: {
      end: (ending, events) => changing(ending.account, () => serviceSessions.end(ending, events)),
    },
  }
  return {
    accounts: { ...stores.accounts, ...changed.accounts },
    passkeys: { ...stores.passkeys, ...changed.passkeys },
    recovery: changed.recovery,
    desk: { ...stores.desk, ...changed.desk },
    serviceSessions: { ...stores.serviceSessions, ...changed.serviceSessions },
  }
}
