import type { Slice, Sliced } from '#kernel/slice.ts'
import { inForce, roles, rolesOfPost, type Role, type RoleGrant } from './role.ts'
import type { RoleState } from './search.ts'

/** Whether somebody could sign in as an officer: with a key in attested hardware, with others alone, or with none. */
export const keyStandings = ['attested', 'unattested', 'none'] as const
export type KeyStandingOfStaff = (typeof keyStandings)[number]

/** Somebody at their post. `lastSignIn` is the last one at the pages of this system; where else they sign in is their own affair. */
export type Staff = { grant: RoleGrant; lastSignIn?: Date | undefined; keys: { all: number; attested: number } }

export const staffOrders = ['newest', 'oldest', 'role', 'desk', 'ends', 'unseen'] as const

export type StaffSearch = Slice & {
  /** Nobody in another role is found or counted. */
  within: readonly Role[]
  role?: Role | undefined
  /** As it is at this moment. */
  state?: RoleState | undefined
  at: Date
  sector?: string | undefined
  /** In the name of the desk or the commune; people are not searched for by name. */
  place?: string | undefined
  keys?: KeyStandingOfStaff | undefined
  order: (typeof staffOrders)[number]
}

export type StaffDirectory = { search: (wish: StaffSearch) => Promise<Sliced<Staff>> }

/** By which roles each role is overseen: those at desks by a manager of officers, and everybody by a super admin. */
const overseers = (role: Role): readonly Role[] => (rolesOfPost.includes(role) ? ['super-admin', 'officer-manager'] : ['super-admin'])

/** In which roles somebody with these is shown others at work. */
export function overseenBy(grants: readonly RoleGrant[], now: Date): readonly Role[] {
  const held = grants.filter((grant) => inForce(grant, now)).map(({ role }) => role)
  return roles.filter((role) => overseers(role).some((by) => held.includes(by)))
}

export function standingOfKeys({ all, attested }: Staff['keys']): KeyStandingOfStaff {
  return attested > 0 ? 'attested' : all > 0 ? 'unattested' : 'none'
}
