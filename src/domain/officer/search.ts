import type { Slice, Sliced } from '#kernel/slice.ts'
import type { Role, RoleGrant } from './role.ts'

/** In force; past its last day; ended before that. */
export const roleStates = ['in-force', 'over', 'ended'] as const
export type RoleState = (typeof roleStates)[number]

export const roleOrders = ['newest', 'oldest', 'role', 'sector', 'ends'] as const

export type RoleSearch = Slice & {
  role?: Role | undefined
  /** As it is at this moment. */
  state?: RoleState | undefined
  at: Date
  sector?: string | undefined
  order: (typeof roleOrders)[number]
}

export type RoleDirectory = { search: (wish: RoleSearch) => Promise<Sliced<RoleGrant>> }
