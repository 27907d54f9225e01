import type { ClientId } from '#kernel/id.ts'
import type { Day } from '#kernel/clock.ts'
import type { AccountCount, Count, Ending, Kind, ProvinceCount } from './counted.ts'

export type Span = { from: Day; /** The first day that is no longer in it. */ to: Day; /** Only these; all where nothing is said. */ clients?: readonly ClientId[] | undefined }

export type Sum<Key> = { key: Key; ending: Ending; count: number }
export type Sums = {
  byDay: readonly Sum<Day>[]
  byClient: readonly Sum<ClientId>[]
  byLevel: readonly Sum<number>[]
  /** Of what was refused, for which reason. */
  byReason: readonly { key: string; count: number }[]
}

/** Counts without a person in them. */
export type StatisticStore = {
  sums: (kind: Kind, span: Span) => Promise<Sums>
  /** Every count of one client. */
  ofClient: (span: { from: Day; to: Day; client: ClientId }) => Promise<readonly Count[]>
  /** The last day on which anything of a client was counted. */
  lastUse: (client: ClientId) => Promise<Day | undefined>
  /** Sign-ins that finished, over all services, by where the people live. */
  provinces: (span: Pick<Span, 'from' | 'to'>) => Promise<readonly ProvinceCount[]>
  accounts: () => Promise<readonly AccountCount[]>
  /** Up to which moment everything is in the counts. */
  countedUntil: () => Promise<{ events: Date; accounts: Date }>
  /** Sign-ins hour by hour, over all services. */
  hours: (since: Date) => Promise<readonly { hour: Date; ending: Ending; count: number }[]>
  /** Sign-ins that ended since, from the log of record itself. */
  live: (since: Date) => Promise<readonly { ending: Ending; count: number }[]>
  /**
   * Brings the counts up to date, however often and from however many processes: each event counts once. Those of the last minute wait,
   * for an event may be written a little after one with a later time. `recount` counts the accounts anew although that was done lately.
   */
  refresh: (now: Date, how?: { recount?: boolean }) => Promise<{ events: number }>
}
