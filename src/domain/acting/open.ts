import { randomUUID } from 'node:crypto'
import { dayInVietnam, type Day } from '#kernel/clock.ts'
import { accountId, type AccountId, type PersonId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { entitlement, paperOf } from '#domain/account/entitlement.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { wardsOf, type Ward, type WardTools } from './ward.ts'

/** Whether an account can be opened for this ward now; a level 2 account takes a desk (Decree 69/2024 Art 7, 10). */
export function canOpen({ person, account }: Pick<Ward, 'person' | 'account'>, today: Day): boolean {
  return account === undefined && entitlement(person, today).level1 !== 'no'
}

type Tools = WardTools & { accounts: Pick<AccountStore, 'open'> }

/**
 * Opens an account of level 1 for a ward, at the wish of who represents them (Decree 69/2024 Art 10.1). It is the ward's own: it has no
 * passkey, for whoever acts in it signs in as themself. Of two representatives who ask at once one opens it, and both have it. Throws
 * `acting.not-allowed`.
 */
export async function openFor(tools: Tools, { representative, ward: wanted }: { representative: AccountId; ward: PersonId }): Promise<void> {
  const ward = (await wardsOf(tools, representative)).find(({ person }) => person.id === wanted)
  const now = tools.clock.now()
  if (ward === undefined) throw new Problem('acting.not-allowed')
  if (ward.account !== undefined) return
  if (!canOpen(ward, dayInVietnam(now))) throw new Problem('acting.not-allowed')
  const id = accountId.parse(randomUUID())
  await tools.accounts.open({
    account: { id, person: ward.person.id, level: 1, state: 'active', locks: [], createdAt: now, ...paperOf(ward.person) },
    event: { type: 'acting.opened', account: id, representative, ground: ward.tie.ground },
  })
}
