import type { Day } from '#kernel/clock.ts'
import type { Slice, Sliced } from '#kernel/slice.ts'
import type { Application } from './application.ts'
import type { Purpose } from './rules.ts'

/** Of what waits; what is decided is read in the log of record. */
export const deskStates = ['open', 'overdue'] as const
export type DeskState = (typeof deskStates)[number]

export const deskOrders = ['due', 'newest', 'oldest', 'purpose'] as const

export type DeskSearch = Slice & {
  /** Nothing of another one is found or counted. */
  commune: string
  state: DeskState
  /** What was due before it is overdue. */
  today: Day
  purpose?: Purpose | undefined
  /** Part of a reference or of the number of a case. */
  text?: string | undefined
  order: (typeof deskOrders)[number]
}

/** `late`: how many of the commune are overdue, whatever else was asked for. */
export type DeskDirectory = { search: (wish: DeskSearch) => Promise<Sliced<Application> & { late: number }> }
