import { dayInVietnam } from '#kernel/clock.ts'
import type { OrganisationState } from './organisation.ts'
import { organisationRules, type OrganisationGround, type OrganisationMover, type OrganisationRules } from './rules.ts'

/** `issued` waits for activation; `dissolved` is the end: nothing moves it any more. Locks are beside the state. */
export const organisationAccountStates = ['issued', 'active', 'dissolved'] as const

/** The one account of an organisation. It has no level (Decree 69/2024/NĐ-CP Art 7). */
export type OrganisationAccount = {
  state: (typeof organisationAccountStates)[number]
  locks: readonly OrganisationGround[]
  issuedAt: Date
}

/** Why nobody acts in the name of an organisation; in the order in which it is told. */
export type OrganisationHindrance = 'no-account' | 'dissolved' | 'suspended' | 'locked' | 'not-activated'

type Facts = { state: OrganisationState; account: OrganisationAccount | undefined }

const hindrances: readonly { is: OrganisationHindrance; holds: (facts: Facts) => boolean }[] = [
  { is: 'dissolved', holds: ({ state, account }) => state === 'dissolved' || account?.state === 'dissolved' },
  { is: 'no-account', holds: ({ account }) => account === undefined },
  { is: 'suspended', holds: ({ state }) => state === 'suspended' },
  { is: 'locked', holds: ({ account }) => (account?.locks.length ?? 0) > 0 },
  { is: 'not-activated', holds: ({ account }) => account?.state !== 'active' },
]

/** What stands against acting in its name, or `undefined` (Decree 69/2024/NĐ-CP Art 15). A suspension ends by itself when the registration says so. */
export function hindranceOf(facts: Facts): OrganisationHindrance | undefined {
  return hindrances.find(({ holds }) => holds(facts))?.is
}

export type OrganisationMove =
  | { to: 'activate'; by: OrganisationMover }
  | { to: 'lock' | 'unlock'; ground: OrganisationGround; by: OrganisationMover }
  | { to: 'dissolve'; by: 'registry' }

export type OrganisationMoved = { is: 'moved'; account: OrganisationAccount } | { is: 'refused'; because: 'ended' | 'no-change' | 'not-theirs' | 'too-late' }

/** What becomes of the account by this move: the only way in which one changes. */
export function movedOrganisation(account: OrganisationAccount, move: OrganisationMove, at: Date, rules: OrganisationRules = organisationRules): OrganisationMoved {
  if (account.state === 'dissolved') return { is: 'refused', because: 'ended' }
  switch (move.to) {
    case 'dissolve': return { is: 'moved', account: { ...account, state: 'dissolved' } }
    case 'activate': return activated(account, move.by, at, rules)
    case 'lock':
    case 'unlock': return relocked(account, move, rules)
  }
}

/** Within the days of the law whoever represents it activates it; after them the hotline does. */
function activated(account: OrganisationAccount, by: OrganisationMover, at: Date, { activation }: OrganisationRules): OrganisationMoved {
  if (account.state === 'active') return { is: 'refused', because: 'no-change' }
  const last = dayInVietnam(new Date(account.issuedAt.getTime() + activation.days * 86_400_000))
  if (by === 'representative' && dayInVietnam(at) > last) return { is: 'refused', because: 'too-late' }
  return by === 'registry' ? { is: 'refused', because: 'not-theirs' } : { is: 'moved', account: { ...account, state: 'active' } }
}

function relocked(account: OrganisationAccount, { to, ground, by }: Extract<OrganisationMove, { to: 'lock' | 'unlock' }>, { grounds }: OrganisationRules): OrganisationMoved {
  const { lockedBy, clearedBy } = grounds[ground]
  if (!(to === 'lock' ? lockedBy : clearedBy).includes(by)) return { is: 'refused', because: 'not-theirs' }
  if (account.locks.includes(ground) === (to === 'lock')) return { is: 'refused', because: 'no-change' }
  const others = account.locks.filter((one) => one !== ground)
  return { is: 'moved', account: { ...account, locks: to === 'lock' ? [...others, ground] : others } }
}
