import { dayInVietnam, type Day } from '#kernel/clock.ts'

const dayMilliseconds = 86_400_000

export type Deadline = { /** Whole days since it was submitted. */ age: number; dueOn: Day; overdue: boolean }

/** The day of the submission does not count, the last day does (Civil Code Art 147–148); no day is taken off for holidays, which is the stricter reading. */
export function deadlineOf(submittedAt: Date, now: Date, days: number): Deadline {
  const dueOn = dayInVietnam(new Date(submittedAt.getTime() + days * dayMilliseconds))
  const age = (Date.parse(dayInVietnam(now)) - Date.parse(dayInVietnam(submittedAt))) / dayMilliseconds
  return { age, dueOn, overdue: dayInVietnam(now) > dueOn }
}
