import type { Day } from '#kernel/clock.ts'
import { calendar, type Calendar } from './rules.ts'

/** The last day by which something has to be done: so many working days after that on which it came, which does not count (Civil Code Art 147.2, 148.5). */
export function dueOn(received: Day, workingDays: number, days: Pick<Calendar, 'weekdays' | 'holidays'> = calendar): Day {
  let day = received
  for (let left = workingDays; left > 0;) {
    day = nextDay(day)
    if (isWorkingDay(day, days)) left -= 1
  }
  return day
}

export function isWorkingDay(day: Day, { weekdays, holidays }: Pick<Calendar, 'weekdays' | 'holidays'> = calendar): boolean {
  const weekday = new Date(`${day}T00:00Z`).getUTCDay() || 7
  return weekdays.includes(weekday) && !holidays.includes(day)
}

function nextDay(day: Day): Day {
  return new Date(Date.parse(`${day}T00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}
