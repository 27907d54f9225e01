import { dayInVietnam, startOfDay, type Clock } from '#kernel/clock.ts'
import type { DeskStore } from './application.ts'
import { lastDayOver } from './clock.ts'
import { deskRules, type DeskRules } from './rules.ts'

type Tools = { desk: Pick<DeskStore, 'lapse' | 'markOverdue'>; clock: Clock }

/**
 * What nobody works on ends by itself, so that no desk keeps a person from all others; and what is not decided in time comes into the log of
 * record, which is an alarm (Decree 69/2024 Art 13). Answers how many of each.
 */
export async function keepDesksGoing({ desk, clock }: Tools, { lapse }: Pick<DeskRules, 'lapse'> = deskRules): Promise<{ lapsed: number; overdue: number }> {
  const at = clock.now()
  const today = dayInVietnam(at)
  const before = new Date(startOfDay(lastDayOver(today, lapse.workingDays)).getTime() + 86_400_000)
  return { lapsed: await desk.lapse(before, at), overdue: await desk.markOverdue(today, at) }
}
