import type { Day } from '#kernel/clock.ts'
import type { Slice, Sliced } from '#kernel/slice.ts'
import type { OrganisationApplication } from './application.ts'
import type { Organisation } from './organisation.ts'

/** `open`: for the authority to decide. `overdue`: that, and for longer than the law allows. The others as `OrganisationApplication` says it. */
export const fileStates = ['open', 'overdue', 'waiting', 'examined', 'issued', 'refused', 'withdrawn', 'all'] as const
export type FileState = (typeof fileStates)[number]

export const fileOrders = ['due', 'newest', 'oldest', 'name', 'code'] as const

export type FileSearch = Slice & {
  state: FileState
  /** What was due before it is overdue. */
  today: Day
  /** Beginnings of words of a code or of a name, with or without marks; or the beginning of a reference. */
  text?: string | undefined
  order: (typeof fileOrders)[number]
}

/** An application, and whose it is. */
export type OrganisationFile = { organisation: Pick<Organisation, 'id' | 'code' | 'name'>; application: OrganisationApplication }

/** Applications that every representative agreed to; before that they are nobody's business but theirs. */
export type OrganisationDirectory = { search: (wish: FileSearch) => Promise<Sliced<OrganisationFile>> }

/** Whether the law wanted an answer before this day, and there is none. */
export const isLate = ({ state, dueOn }: Pick<OrganisationApplication, 'state' | 'dueOn'>, today: Day): boolean =>
  (state === 'waiting' || state === 'examined') && dueOn !== undefined && dueOn < today
