import type { Sector } from '#kernel/id.ts'
import type { Slice, Sliced } from '#kernel/slice.ts'
import type { Connection } from './connection.ts'

/** `waiting`: for a reviewer. `overdue`: for whomever, and longer than the law allows. The others as `Connection` says it. */
export const reviewStates = ['waiting', 'overdue', 'proposed', 'returned', 'live', 'withdrawn', 'all'] as const
export type ReviewState = (typeof reviewStates)[number]

export const reviewOrders = ['oldest', 'newest', 'name', 'sector'] as const

export type ConnectionSearch = Slice & {
  /** Nothing else is found or counted. */
  within: 'all' | readonly Sector[]
  state: ReviewState
  /** What was sent before this and has no answer is overdue. */
  overdueBefore: Date
  /** In the name of the service, its id in the sandbox or the organisation. */
  text?: string | undefined
  sector?: string | undefined
  order: (typeof reviewOrders)[number]
}

/** Requests that were sent; a draft is nobody's business but its owner's. */
export type ConnectionDirectory = { search: (wish: ConnectionSearch) => Promise<Sliced<Connection>> }
