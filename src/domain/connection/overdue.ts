import { dayInVietnam, type Clock } from '#kernel/clock.ts'
import type { ConnectionRules } from './rules.ts'
import type { ConnectionStore } from './store.ts'

const dayMilliseconds = 86_400_000

/** What was sent before this moment is overdue by `deadlineOf`: its last day is over in Viet Nam. */
export function overdueBefore(now: Date, days: number): Date {
  return new Date(Date.parse(`${dayInVietnam(now)}T00:00:00+07:00`) - days * dayMilliseconds)
}

type Tools = { connections: Pick<ConnectionStore, 'markOverdue'>; clock: Clock; rules: { connection: Pick<ConnectionRules, 'checkDays'> } }

/** Puts requests that were not answered in time (Decree 69/2024 Art 18) into the log of record, each once, which is an alarm. Answers how many. */
export function tellOverdue({ connections, clock, rules: { connection: { checkDays } } }: Tools): Promise<number> {
  const now = clock.now()
  return connections.markOverdue(overdueBefore(now, checkDays), now)
}
