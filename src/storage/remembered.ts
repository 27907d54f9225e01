import type { Clock } from '#kernel/clock.ts'
import type { AccountId } from '#kernel/id.ts'
import type { AccountStore, AccountWithLife } from '#domain/account/store.ts'

/** A lock takes effect everywhere within this time, and at once where it was made (W12 allows five seconds). */
const keptMilliseconds = 2000
const keptAtMost = 10_000

/**
 * Accounts as this process saw them a moment ago: one sign-in looks at its account four times within a second. Only `find`
 * is remembered, and what this process changes it forgets.
 */
export function remembered(accounts: AccountStore, clock: Clock): AccountStore {
  const kept = new Map<AccountId, { until: number; found: Promise<AccountWithLife | undefined> }>()

  function find(id: AccountId): Promise<AccountWithLife | undefined> {
    const now = clock.now().getTime()
    const known = kept.get(id)
    if (known && known.until > now) return known.found
    if (kept.size >= keptAtMost) kept.clear()
    const found = accounts.find(id)
    kept.set(id, { until: now + keptMilliseconds, found })
    const forget = () => void kept.delete(id)
    // Neither a failure nor "nobody" is worth remembering.
    found.then((account) => account ?? forget(), forget)
    return found
  }

  return {
    ...accounts,
    find,
    async lock(id, ground, since, event) {
      await accounts.lock(id, ground, since, event)
      kept.delete(id)
    },
    async unlock(id, ground) {
      await accounts.unlock(id, ground)
      kept.delete(id)
    },
  }
}
